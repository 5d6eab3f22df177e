-- missing_columns.sql: which of some columns a table does not have as they are wanted.
-- Index: those of PostgreSQL's catalogue, which grows with the schema and not with the wiki.
-- Plan: tests/test_plans.py
SELECT wanted.name FROM unnest(%s::text[], %s::text[], %s::bool[]) AS wanted(name, type, nullable)
  LEFT JOIN pg_attribute AS a
    ON a.attrelid = to_regclass(%s) AND a.attname = wanted.name AND NOT a.attisdropped
 WHERE a.attnum IS NULL OR a.atttypid <> to_regtype(wanted.type)
    OR a.atttypmod <> to_regtypemod(wanted.type) OR a.attnotnull = wanted.nullable
