-- chain.sql: the branches that one branch reads at a position, nearest first.
-- Each parent is read at the base that the branch had then; {holds} says when.
-- Index: (number, branch_number, valid_from) of versioning_branchversion.
-- Plan: tests/test_plans.py
WITH RECURSIVE chain(slot, branch, position) AS (
    SELECT 0, %(number)s::int, coalesce(%(position)s::bigint, %(latest)s::bigint)
     UNION ALL
    SELECT slot + 1, v.parent_id, v.base_position
      FROM chain JOIN public.versioning_branchversion AS v
        ON v.number = chain.branch AND {holds}
     WHERE v.parent_id IS NOT NULL
)
SELECT branch, position FROM chain ORDER BY slot
