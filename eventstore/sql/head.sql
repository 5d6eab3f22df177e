-- head.sql: the log's last changeset, as it is noted outside; and how far the sequence is.
-- Index: the primary key of eventstore_changeset, read backwards.
-- Plan: tests/test_plans.py
SELECT c.id, c.last_position, encode(c.hash, 'hex'),
       to_char(c.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS'),
       (SELECT last_value FROM public.eventstore_position)
  FROM public.eventstore_changeset AS c ORDER BY c.id DESC LIMIT 1
