-- stray_event.sql: events that belong to no changeset.
-- Whatever is verified up to: a changeset that is gone from the end leaves its events. So it reads
-- the whole log, in its order, and beside each event the first changeset that ends there or later.
-- Index: the primary key of eventstore_event, and last_position (unique) of eventstore_changeset.
-- Plan: tests/test_plans.py
SELECT e.notification_id, count(*) OVER () FROM eventstore_event AS e
  LEFT JOIN LATERAL (
       SELECT c.first_position FROM eventstore_changeset AS c
        WHERE c.last_position >= e.notification_id ORDER BY c.last_position LIMIT 1) AS c ON true
 WHERE c.first_position IS NULL OR c.first_position > e.notification_id
 ORDER BY e.notification_id LIMIT {listed}
