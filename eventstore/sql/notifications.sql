-- notifications.sql: the events of one application between two positions, in the log's order.
-- Index: (branch, last_position) of eventstore_changeset, then notification_id, the primary key of
-- eventstore_event, for the events of each.
-- Plan: tests/test_plans.py
SELECT e.notification_id, e.originator_id, e.originator_version, e.topic, e.state
  FROM public.eventstore_changeset AS c
  JOIN public.eventstore_event AS e
    ON e.notification_id BETWEEN c.first_position AND c.last_position
 WHERE c.branch = %(branch)s AND c.details::jsonb ->> 'application' = %(application)s
   AND c.last_position >= %(first)s AND e.notification_id BETWEEN %(first)s AND %(last)s
   AND (%(topics)s::text[] IS NULL OR e.topic = ANY(%(topics)s::text[]))
 ORDER BY c.last_position, e.notification_id LIMIT %(limit)s
