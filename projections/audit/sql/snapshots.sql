-- snapshots.sql: every snapshot of the log, with the event that it was made at.
-- Index: (originator_id, originator_version) of eventstore_event, or all of both where there are many.
-- Plan: tests/test_plans.py
SELECT s.stream_id, s.version, e.notification_id, e.topic, e.state, (s.state -> 'document')::text
  FROM public.eventstore_snapshot AS s
  LEFT JOIN public.eventstore_event AS e
    ON e.originator_id = s.stream_id AND e.originator_version = s.version
 WHERE e.notification_id IS NULL OR e.notification_id <= %s
 ORDER BY s.stream_id, s.version
