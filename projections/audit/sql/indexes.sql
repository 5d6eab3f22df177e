-- indexes.sql: what the indexes of the tables of some schemas are made of, whatever they are called.
-- Index: those of PostgreSQL's catalogue, which grows with the schema and not with the wiki.
-- Plan: tests/test_plans.py
SELECT c.relname, 'index', regexp_replace(pg_get_indexdef(i.indexrelid), ' INDEX .* ON ', ' INDEX ON ')
       || CASE WHEN i.indisvalid THEN '' ELSE ' (invalid)' END
  FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indrelid
 WHERE c.relkind = 'r' AND c.relnamespace::regnamespace::text = ANY(%s)
