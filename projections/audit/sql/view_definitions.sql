-- view_definitions.sql: what views show, those asked for numbered from 1, by their schemas and names.
-- Index: those of PostgreSQL's catalogue, which grows with the schema and not with the wiki.
-- Plan: tests/test_plans.py
SELECT wanted.number, pg_get_viewdef(c.oid)
  FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS wanted (schema, name, number)
  JOIN pg_namespace AS n
    ON n.oid = CASE wanted.schema WHEN 'pg_temp' THEN pg_my_temp_schema()
                                  ELSE to_regnamespace(wanted.schema) END
  JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relname = wanted.name
