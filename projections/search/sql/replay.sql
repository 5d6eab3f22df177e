-- replay.sql: all entries of a kind, from all its versions; or, by {chosen}, those of one entity.
-- Index: none; it reads a version table whole, or its primary key.
-- Plan: tests/test_plans.py
WITH version AS (
    SELECT v.entity_id, v.branch_number AS branch, v.valid_from, {capped} AS valid_to,
           {content} AS content
      FROM {versions} AS v WHERE v.valid_from <= %(upto)s AND v.branch_number > 0 {chosen}
), {islands}, {keep}
