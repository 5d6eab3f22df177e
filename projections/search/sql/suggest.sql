-- suggest.sql: names that go on from what somebody is typing, each title once.
-- Index: GIN (called) of projections_searchentry.
-- Plan: tests/test_plans.py
WITH {with_sql} named AS (
    SELECT DISTINCT ON (e.title) e.kind, e.entity_id, e.title,
           starts_with(e.folded, %(plain)s) AS begins
      FROM {source} AS e
     WHERE e.called @@ to_tsquery('pg_catalog.simple', %(prefixes)s) AND {holds}
     ORDER BY e.title, e.entity_id
)
SELECT jsonb_agg(jsonb_build_array(kind, entity_id, title, NULL)
       ORDER BY begins DESC, length(title), title)
  FROM (SELECT * FROM named ORDER BY begins DESC, length(title), title LIMIT %(limit)s) AS best
