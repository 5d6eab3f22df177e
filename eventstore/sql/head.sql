-- head.sql: the last changeset up to a position, as it is noted outside; how far the sequence is.
-- Index: (last_position) of eventstore_changeset, or its primary key, read backwards.
-- Plan: tests/test_plans.py
SELECT c.id, c.last_position, encode(c.hash, 'hex'),
       to_char(c.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS'),
       (SELECT last_value FROM public.eventstore_position)
  FROM public.eventstore_changeset AS c WHERE c.last_position <= %s ORDER BY c.id DESC LIMIT 1
