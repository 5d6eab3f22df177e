-- rows_beyond.sql: a version behind the log's end, if there is one.
-- Index: (last_position) of eventstore_changeset; of versions none, a sound table has no such row.
-- Plan: tests/test_plans.py
SELECT entity_id, branch_number, version FROM {versions}
 WHERE valid_from > (SELECT coalesce(max(last_position), 0) FROM public.eventstore_changeset)
 ORDER BY valid_from LIMIT 1
