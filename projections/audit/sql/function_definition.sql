-- function_definition.sql: everything of a function that says what it does; not who owns it.
-- Index: those of PostgreSQL's catalogue, which grows with the schema and not with the wiki.
-- Plan: tests/test_plans.py
SELECT p.prosrc, pg_get_function_sqlbody(p.oid), p.proconfig, p.prolang, p.provolatile,
       p.proisstrict, p.proparallel, p.prokind, p.prosecdef,
       pg_get_function_arguments(p.oid), pg_get_function_result(p.oid)
  FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
 WHERE n.nspname = %s AND p.proname = %s
