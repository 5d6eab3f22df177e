-- triggers_of_strangers.sql: the triggers of some tables, without our own, which are named.
-- Index: those of PostgreSQL's catalogue, which grows with the schema and not with the wiki.
-- Plan: tests/test_plans.py
SELECT c.relname, t.tgname FROM pg_trigger AS t
  JOIN pg_class AS c ON c.oid = t.tgrelid
 WHERE NOT t.tgisinternal AND c.relnamespace::regnamespace::text IN ('public', 'head')
   AND c.relname = ANY(%s) AND t.tgname <> ALL(%s)
 ORDER BY 1, 2
