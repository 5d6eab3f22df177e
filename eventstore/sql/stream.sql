-- stream.sql: the events of one stream between two of its versions, in their order.
-- Index: (originator_id, originator_version) of eventstore_event.
-- Plan: tests/test_plans.py
SELECT notification_id, originator_version, topic, state FROM public.eventstore_event
 WHERE originator_id = %s AND originator_version > %s AND originator_version <= %s
 ORDER BY originator_version
