-- grants.sql: who may change what the log has, beside the owner of its tables.
-- Index: those of PostgreSQL's catalogue, which grows with the schema and not with the wiki.
-- Plan: tests/test_plans.py
SELECT c.relname, coalesce(r.rolname, 'PUBLIC'), a.privilege_type
  FROM pg_class AS c
 CROSS JOIN LATERAL aclexplode(c.relacl) AS a
  LEFT JOIN pg_roles AS r ON r.oid = a.grantee
 WHERE c.oid = ANY(%s::regclass[]) AND a.grantee <> c.relowner
   AND a.privilege_type IN ('UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER')
 ORDER BY 1, 2, 3
