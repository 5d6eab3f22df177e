-- columns.sql: what is defined of each column of the tables of some schemas: a row for each thing.
-- Index: those of PostgreSQL's catalogue, which grows with the schema and not with the wiki.
-- Plan: tests/test_plans.py
SELECT c.relname, 'column ' || a.attname, defined.says
  FROM pg_class AS c
  JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
 CROSS JOIN LATERAL (VALUES
       (format_type(a.atttypid, a.atttypmod)),
       (CASE WHEN a.attnotnull THEN 'NOT NULL' END),
       (CASE WHEN a.attidentity <> '' THEN 'GENERATED AS IDENTITY' END),
       (CASE WHEN a.attgenerated = '' THEN 'DEFAULT ' ELSE 'GENERATED AS ' END
        || pg_get_expr(d.adbin, d.adrelid))) AS defined (says)
 WHERE defined.says IS NOT NULL AND c.relkind = 'r'
   AND c.relnamespace::regnamespace::text = ANY(%s)
