-- newest_changeset.sql: the last changeset of a branch itself, up to a position.
-- Index: (branch, last_position) of eventstore_changeset.
-- Plan: tests/test_plans.py
SELECT id FROM public.eventstore_changeset
 WHERE branch = %s AND last_position <= %s ORDER BY last_position DESC LIMIT 1
