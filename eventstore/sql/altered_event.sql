-- altered_event.sql: events, up to a position, whose hash does not match their content.
-- It reads the whole log up to there, in its order.
-- Index: notification_id, the primary key of eventstore_event.
-- Plan: tests/test_plans.py
SELECT notification_id, count(*) OVER () FROM eventstore_event
 WHERE notification_id <= %s AND content_hash IS DISTINCT FROM eventstore_content_hash(
       salt, originator_id, originator_version, topic, state)
 ORDER BY notification_id LIMIT {listed}
