-- readable_branch.sql: what branch.sql tells, but of a branch that is hidden: one of those in {hidden}.
-- Index: versioning_branch_name and versioning_branch_number (unique).
-- Plan: tests/test_plans.py
SELECT number, name, id, version, state, parent_id, base_position
  FROM head.versioning_branch WHERE {column} = %s AND number NOT IN ({hidden})
