-- next_number.sql: the number of the next branch, and which of some names is taken.
-- Index: versioning_branch_number and versioning_branch_name (unique).
-- Plan: tests/test_plans.py
SELECT coalesce(max(number), 0) + 1,
       (SELECT min(name) FROM head.versioning_branch WHERE name = ANY(%s))
  FROM head.versioning_branch
