-- rows_beyond.sql: versions behind the log's end.
-- Index: (last_position) of eventstore_changeset; of versions none, a sound table has no such row.
-- Plan: tests/test_plans.py
SELECT entity_id, branch_number, version, count(*) OVER () FROM {versions}
 WHERE valid_from > (SELECT coalesce(max(last_position), 0) FROM public.eventstore_changeset)
 ORDER BY valid_from LIMIT {listed}
