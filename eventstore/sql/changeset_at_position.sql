-- changeset_at_position.sql: the end of the changeset that holds a position, or of the one before.
-- Index: first_position (unique) of eventstore_changeset, read backwards.
-- Plan: tests/test_plans.py
SELECT last_position, recorded_at FROM public.eventstore_changeset
 WHERE first_position <= %s ORDER BY first_position DESC LIMIT 1
