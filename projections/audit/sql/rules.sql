-- rules.sql: every rule of a table. A view's own rule is none here: pg_rules leaves it out.
-- Index: those of PostgreSQL's catalogue, which grows with the schema and not with the wiki.
-- Plan: tests/test_plans.py
SELECT schemaname, tablename, rulename FROM pg_rules
 WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2, 3
