-- trigger_definitions.sql: everything of tables' triggers that says when they fire and what they do.
-- Those asked for are numbered from 1, by their tables and names. Whether one is switched on comes last.
-- Index: those of PostgreSQL's catalogue, which grows with the schema and not with the wiki.
-- Plan: tests/test_plans.py
SELECT wanted.number, t.tgtype, t.tgfoid, t.tgqual::text, t.tgattr::text, t.tgargs, t.tgenabled
  FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS wanted (of_table, name, number)
  JOIN pg_trigger AS t ON t.tgrelid = to_regclass(wanted.of_table) AND t.tgname = wanted.name
