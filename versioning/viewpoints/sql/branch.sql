-- branch.sql: a branch as main has it now, by its {column} (name or number).
-- Index: versioning_branch_name and versioning_branch_number (unique).
-- Plan: tests/test_plans.py
SELECT number, name, id, version, state, parent_id, base_position
  FROM head.versioning_branch WHERE {column} = %s
