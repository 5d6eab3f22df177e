-- branch_at_position.sql: the branch of the changeset that holds a position.
-- Index: first_position (unique) of eventstore_changeset, read backwards.
-- Plan: tests/test_plans.py
SELECT branch FROM public.eventstore_changeset
 WHERE first_position <= %s ORDER BY first_position DESC LIMIT 1
