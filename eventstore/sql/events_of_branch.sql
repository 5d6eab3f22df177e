-- events_of_branch.sql: what was recorded on a branch up to a position, in its order.
-- Index: (branch, last_position) of eventstore_changeset, and the primary key of eventstore_event.
-- Plan: tests/test_plans.py
SELECT e.notification_id, e.originator_id, e.originator_version, e.topic, e.state
  FROM public.eventstore_changeset AS c
  JOIN public.eventstore_event AS e
    ON e.notification_id BETWEEN c.first_position AND c.last_position
 WHERE c.branch = %s AND c.last_position <= %s
 ORDER BY e.notification_id
