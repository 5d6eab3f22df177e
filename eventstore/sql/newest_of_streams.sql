-- newest_of_streams.sql: the newest event of each of some streams, without what it says.
-- Index: (originator_id, originator_version) of eventstore_event.
-- Plan: tests/test_plans.py
SELECT DISTINCT ON (originator_id) originator_id, originator_version, topic
  FROM public.eventstore_event WHERE originator_id = ANY(%s)
 ORDER BY originator_id, originator_version DESC
