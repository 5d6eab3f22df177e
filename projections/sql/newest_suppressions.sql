-- newest_suppressions.sql: of each entity on each branch, the last word on what is hidden.
-- Index: none; the topic of every event is looked at, by audit and rebuild alone.
-- Plan: tests/test_plans.py
SELECT DISTINCT ON (originator_id) originator_id, originator_version, topic, state
  FROM public.eventstore_event WHERE topic = %s
 ORDER BY originator_id, originator_version DESC
