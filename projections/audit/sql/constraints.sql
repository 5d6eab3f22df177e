-- constraints.sql: what the constraints of the tables of some schemas say; those of single columns
-- (NOT NULL) go with the columns. One that is not enforced, or was not verified, says so.
-- Index: those of PostgreSQL's catalogue, which grows with the schema and not with the wiki.
-- Plan: tests/test_plans.py
SELECT c.relname, 'constraint', pg_get_constraintdef(n.oid) || CASE WHEN EXISTS (
           SELECT FROM pg_trigger AS t WHERE t.tgconstraint = n.oid AND t.tgenabled <> 'O')
       THEN ' (switched off)' ELSE '' END
  FROM pg_constraint AS n JOIN pg_class AS c ON c.oid = n.conrelid
 WHERE n.contype <> 'n' AND c.relnamespace::regnamespace::text = ANY(%s)
