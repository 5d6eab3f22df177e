-- newest_topics.sql: the topic of the newest event of each of some streams.
-- Index: (originator_id, originator_version) of eventstore_event, once for each stream.
-- Plan: tests/test_plans.py
SELECT s.stream, newest.topic FROM unnest(%s::uuid[]) AS s(stream)
 CROSS JOIN LATERAL (
       SELECT e.topic FROM public.eventstore_event AS e
        WHERE e.originator_id = s.stream ORDER BY e.originator_version DESC LIMIT 1) AS newest
