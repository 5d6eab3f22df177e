-- end_of_log.sql: the newest changeset's number and the last position that was given to an event.
-- That position is the sequence's: what was rolled back used up some that no event has.
-- Index: the primary key of eventstore_changeset, read backwards.
-- Plan: tests/test_plans.py
SELECT coalesce((SELECT max(id) FROM eventstore_changeset), 0), last_value - (NOT is_called)::int
  FROM eventstore_position
