-- trigger_definition.sql: everything of a table's trigger that says when it fires and what it does.
-- Whether it is switched on comes last.
-- Index: those of PostgreSQL's catalogue, which grows with the schema and not with the wiki.
-- Plan: tests/test_plans.py
SELECT t.tgtype, t.tgfoid, t.tgqual::text, t.tgattr::text, t.tgargs, t.tgenabled
  FROM pg_trigger AS t WHERE t.tgrelid = to_regclass(%s) AND t.tgname = %s
