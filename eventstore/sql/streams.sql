-- streams.sql: the events of some streams, each between two of its versions, in their order.
-- Index: (originator_id, originator_version) of eventstore_event.
-- Plan: tests/test_plans.py
SELECT asked.place - 1, e.notification_id, e.originator_version, e.topic, e.state
  FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[]) WITH ORDINALITY
    AS asked(stream, since, upto, place)
  JOIN public.eventstore_event AS e
    ON e.originator_id = asked.stream
   AND e.originator_version BETWEEN asked.since AND asked.upto
 ORDER BY asked.place, e.originator_version
