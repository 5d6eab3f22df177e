-- function_definitions.sql: everything of functions that says what they do; not who owns them. Those
-- asked for are numbered from 1, by their schemas and names.
-- Index: those of PostgreSQL's catalogue, which grows with the schema and not with the wiki.
-- Plan: tests/test_plans.py
SELECT wanted.number, p.prosrc, pg_get_function_sqlbody(p.oid), p.proconfig, p.prolang,
       p.provolatile, p.proisstrict, p.proparallel, p.prokind, p.prosecdef,
       pg_get_function_arguments(p.oid), pg_get_function_result(p.oid)
  FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS wanted (schema, name, number)
  JOIN pg_namespace AS n
    ON n.oid = CASE wanted.schema WHEN 'pg_temp' THEN pg_my_temp_schema()
                                  ELSE to_regnamespace(wanted.schema) END
  JOIN pg_proc AS p ON p.pronamespace = n.oid AND p.proname = wanted.name
