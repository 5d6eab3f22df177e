-- dated_ahead.sql: changesets up to a position that are dated after the present.
-- Index: recorded_at of eventstore_changeset.
-- Plan: tests/test_plans.py
SELECT id, recorded_at, count(*) OVER () FROM public.eventstore_changeset
 WHERE recorded_at > now() + interval '5 minutes' AND last_position <= %s
 ORDER BY recorded_at LIMIT {listed}
