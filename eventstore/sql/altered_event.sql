-- altered_event.sql: the first event, up to a position, whose hash does not match its content.
-- It reads the whole log up to there, in its order.
-- Index: notification_id, the primary key of eventstore_event.
-- Plan: tests/test_plans.py
SELECT notification_id FROM eventstore_event
 WHERE notification_id <= %s AND content_hash IS DISTINCT FROM eventstore_content_hash(
       salt, originator_id, originator_version, topic, state)
 ORDER BY notification_id LIMIT 1
