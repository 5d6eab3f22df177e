-- islands.sql: part of apply.sql and replay.sql: versions of equal content, one after the other, are one.
-- An entry is made for the first of each, and closed at the end of the last. `version` is the rows
-- to look at, in whatever way they were chosen.
-- Index: none; it reads what the statement has read.
-- Plan: tests/test_plans.py
marked AS (
    SELECT *, content = lag(content) OVER stream AND valid_from = lag(valid_to) OVER stream
              AS goes_on
      FROM version WINDOW stream AS (PARTITION BY entity_id, branch ORDER BY valid_from)
), numbered AS (
    SELECT *, count(*) FILTER (WHERE goes_on IS NOT TRUE) OVER stream AS number
      FROM marked WINDOW stream AS (PARTITION BY entity_id, branch ORDER BY valid_from)
), island AS (
    SELECT entity_id, branch, min(valid_from) AS valid_from, max(valid_to) AS valid_to, content
      FROM numbered GROUP BY entity_id, branch, number, content
)
