-- hidden_branches.sql: the {column} of each private branch that an account may not read.
-- {is_overseer} says whether it may read all; some are shown whatever it may.
-- Index: versioning_branch_private (number, of private ones alone).
-- Plan: tests/test_plans.py
SELECT private.{column} FROM head.versioning_branch AS private
 WHERE private.is_private AND NOT %s = ANY(private.member_ids) AND NOT {is_overseer}
   AND private.number <> ALL(%s)
