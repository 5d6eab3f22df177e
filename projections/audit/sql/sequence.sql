-- sequence.sql: how the sequence of positions gives them out, how far it is, where the log ends.
-- Index: (last_position) of eventstore_changeset.
-- Plan: tests/test_plans.py
SELECT s.seqtypid::regtype::text, s.seqincrement, s.seqmin, s.seqcycle, p.last_value,
       (SELECT coalesce(max(last_position), 0) FROM public.eventstore_changeset)
  FROM pg_sequence AS s, public.eventstore_position AS p
 WHERE s.seqrelid = 'public.eventstore_position'::regclass
