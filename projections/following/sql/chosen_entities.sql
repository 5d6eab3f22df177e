-- chosen_entities.sql: total_differences.sql, of some entities alone.
-- Index: (entity_id, branch_number, valid_from), the primary key of a version table.
-- Plan: tests/test_plans.py
 AND own.entity_id = ANY(%({label})s::uuid[])
