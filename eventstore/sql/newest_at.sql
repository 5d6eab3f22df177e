-- newest_at.sql: of each of some streams, the newest event up to a position, without what it says.
-- Index: (originator_id, originator_version) of eventstore_event.
-- Plan: tests/test_plans.py
SELECT asked.place - 1, e.originator_version, e.notification_id, e.topic
  FROM unnest(%s::uuid[], %s::bigint[]) WITH ORDINALITY AS asked(stream, upto, place)
 CROSS JOIN LATERAL (
       SELECT originator_version, notification_id, topic FROM public.eventstore_event
        WHERE originator_id = asked.stream AND notification_id <= asked.upto
        ORDER BY originator_version DESC LIMIT 1) AS e
