-- told.sql: where the log says some words, as JSON writes them: in events, or in what changesets say.
-- Index: none; it reads the whole log.
-- Plan: tests/test_plans.py
SELECT content ->> 'kind', content ->> 'entity_id', coalesce((content ->> 'branch')::int, 1), version,
       NULL::bigint
  FROM (SELECT notification_id, originator_version AS version,
               convert_from(state, 'UTF8')::jsonb AS content
          FROM public.eventstore_event
         WHERE position(convert_to(%(words)s, 'UTF8') IN state) > 0
         ORDER BY notification_id OFFSET 0) AS said
 UNION ALL
SELECT NULL, NULL, NULL, NULL, id FROM public.eventstore_changeset
 WHERE position(%(words)s IN to_json(message)::text) > 0 OR position(%(words)s IN details) > 0
