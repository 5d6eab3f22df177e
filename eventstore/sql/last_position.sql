-- last_position.sql: where the log ends, which is where its newest changeset does.
-- Index: the primary key of eventstore_changeset, read backwards.
-- Plan: tests/test_plans.py
SELECT last_position FROM public.eventstore_changeset ORDER BY id DESC LIMIT 1
