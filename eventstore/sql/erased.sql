-- erased.sql: what has left the log, by the newest word about each event, as a part of other statements.
-- Index: (originator_id, originator_version) of eventstore_event.
-- Plan: tests/test_plans.py
erased AS MATERIALIZED (
    SELECT DISTINCT ON (pair ->> 0) (pair ->> 0)::bigint AS position, pair ->> 1 AS hash
      FROM eventstore_event AS e,
           jsonb_array_elements(coalesce(convert_from(e.state, 'UTF8')::jsonb -> 'events', '[]')) AS pair
     WHERE e.originator_id = '{stream}'
     ORDER BY pair ->> 0, e.originator_version DESC
), erased_changesets AS MATERIALIZED (
    SELECT number::bigint AS id
      FROM eventstore_event AS e, jsonb_array_elements_text(
           coalesce(convert_from(e.state, 'UTF8')::jsonb -> 'changesets', '[]')) AS number
     WHERE e.originator_id = '{stream}'
)
