-- nearest_snapshots.sql: of each of some streams, the newest snapshot up to a version.
-- Index: the primary key of eventstore_snapshot.
-- Plan: tests/test_plans.py
SELECT asked.place - 1, s.version, s.document
  FROM unnest(%s::uuid[], %s::bigint[]) WITH ORDINALITY AS asked(stream, upto, place)
 CROSS JOIN LATERAL (
       SELECT version, (state -> 'document')::text AS document FROM public.eventstore_snapshot
        WHERE stream_id = asked.stream AND version <= asked.upto
        ORDER BY version DESC LIMIT 1) AS s
