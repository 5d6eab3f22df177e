-- newest.sql: the entries that are kept and those of fresh.sql, as one table.
-- An entry that is kept ends where something happened since; what that led to stands beside it.
-- Index: as the table's: conditions are pushed into both halves.
-- Plan: tests/test_plans.py
SELECT {kept} FROM {table} AS kept
  LEFT JOIN touched ON touched.entity_id = kept.entity_id AND touched.branch = kept.branch
 UNION ALL SELECT {fresh} FROM fresh
