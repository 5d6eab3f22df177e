-- newest_notification.sql: the position of the newest event of one application.
-- Index: (branch, last_position) of eventstore_changeset, read backwards.
-- Plan: tests/test_plans.py
SELECT last_position FROM public.eventstore_changeset
 WHERE branch = %s AND details::jsonb ->> 'application' = %s
 ORDER BY last_position DESC LIMIT 1
