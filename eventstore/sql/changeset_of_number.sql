-- changeset_of_number.sql: the end of the changeset with a number.
-- Index: the primary key of eventstore_changeset.
-- Plan: tests/test_plans.py
SELECT last_position, recorded_at FROM public.eventstore_changeset WHERE id = %s
