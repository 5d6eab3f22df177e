-- page.sql: the log between two positions, oldest first, a page of it.
-- Index: notification_id, the primary key of eventstore_event.
-- Plan: tests/test_plans.py
SELECT notification_id, originator_id, originator_version, topic, state
  FROM public.eventstore_event
 WHERE notification_id > %s AND notification_id <= %s
 ORDER BY notification_id LIMIT %s
