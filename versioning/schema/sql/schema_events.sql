-- schema_events.sql: all that the log says of what fields mean, in its order.
-- Index: (originator_id, originator_version) of eventstore_event.
-- Plan: tests/test_plans.py
SELECT notification_id, originator_id, originator_version, topic, state
  FROM public.eventstore_event WHERE originator_id = %s ORDER BY originator_version
