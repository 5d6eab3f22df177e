-- shapes.sql: the columns of some tables, and where each table lies.
-- Index: those of PostgreSQL's catalogue, which grows with the schema and not with the wiki.
-- Plan: tests/test_plans.py
SELECT c.oid, c.relfilenode, a.attname, a.atttypid, a.atttypmod, a.attnotnull
  FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
 WHERE c.oid = ANY(SELECT to_regclass(name) FROM unnest(%s::text[]) AS name)
   AND a.attnum > 0 AND NOT a.attisdropped
 ORDER BY c.oid, a.attnum
