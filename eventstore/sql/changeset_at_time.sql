-- changeset_at_time.sql: the end of the newest changeset at a time.
-- Of several with one time, it is the last one's.
-- Index: recorded_at of eventstore_changeset, read backwards.
-- Plan: tests/test_plans.py
SELECT last_position, recorded_at FROM public.eventstore_changeset
 WHERE recorded_at <= %s ORDER BY recorded_at DESC, id DESC LIMIT 1
