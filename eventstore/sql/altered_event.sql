-- altered_event.sql: events, up to a position, whose hash does not match their content.
-- It reads the whole log up to there, in its order.
-- Index: notification_id, the primary key of eventstore_event.
-- Plan: tests/test_plans.py
-- What was erased has another content, and the one that the erasure says.
WITH {erased}
SELECT e.notification_id, count(*) OVER ()
  FROM eventstore_event AS e LEFT JOIN erased ON erased.position = e.notification_id
 WHERE e.notification_id <= %s AND content_hash IS DISTINCT FROM eventstore_content_hash(
       e.salt, e.originator_id, e.originator_version, e.topic, e.state)
   AND (e.salt = '' AND encode(sha256(e.state), 'hex') = erased.hash) IS NOT TRUE
 ORDER BY e.notification_id LIMIT {listed}
