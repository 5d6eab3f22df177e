-- events_between.sql: what the events between two positions are about.
-- Index: notification_id, the primary key of eventstore_event.
-- Plan: tests/test_plans.py
SELECT topic, content->>'kind', content->>'entity_id', coalesce((content->>'branch')::int, 1), version,
       -- A stream that a sync had released goes on from the parent's version.
       coalesce((content->>'base_version')::int, version - 1)
  FROM (SELECT topic, originator_version AS version,
               -- What applications store need not be JSON.
               CASE WHEN topic = ANY(%s) THEN convert_from(state, 'UTF8')::jsonb END AS content
          FROM eventstore_event WHERE notification_id > %s AND notification_id <= %s) AS e
 WHERE content ? 'entity_id' OR topic = ANY(%s)
