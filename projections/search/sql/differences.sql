-- differences.sql: entries that are not those of a replay, which stand in a table of their own.
-- Index: none; it reads both whole.
-- Plan: tests/test_plans.py
SELECT coalesce(a.entity_id, b.entity_id) AS entity_id, coalesce(a.branch, b.branch) AS branch,
       coalesce(a.valid_from, b.valid_from) AS valid_from, coalesce(a.kind, b.kind) AS kind,
       a.entity_id IS NOT NULL AS is_held, b.entity_id IS NOT NULL AS is_wanted
  FROM {table} AS a FULL JOIN {replayed} AS b
    ON a.entity_id = b.entity_id AND a.branch = b.branch AND a.valid_from = b.valid_from
 WHERE ({of_a}) IS DISTINCT FROM ({of_b})
