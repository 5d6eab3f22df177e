-- above.sql: whatever stands above some entities of a hierarchy, by the reference in {column}.
-- Whatever holds on any branch of the chain counts ({on_chain}), also where a nearer one overrules it.
-- Index: (entity_id, branch_number, valid_from), the primary key of a version table.
-- Plan: tests/test_plans.py
WITH RECURSIVE above(id) AS (
    SELECT unnest(%s::uuid[])
     UNION
    SELECT v.{column} FROM above JOIN {versions} AS v ON v.entity_id = above.id
     WHERE v.{column} IS NOT NULL AND {on_chain}
)
SELECT id FROM above
