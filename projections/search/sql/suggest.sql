-- suggest.sql: names that go on from what somebody is typing: of that very name, then called so by
-- another, then those that begin so; the shortest first.
-- Index: GIN (called) of projections_searchentry.
-- Plan: tests/test_plans.py
WITH {with_sql} named AS (
    SELECT e.kind, e.entity_id, e.title,
           CASE WHEN split_part(e.folded, E'\n', 1) = %(plain)s THEN 0
                WHEN %(plain)s = ANY (string_to_array(e.folded, E'\n')) THEN 1
                WHEN starts_with(e.folded, %(plain)s) THEN 2 ELSE 3 END AS tier
      FROM {source} AS e
     WHERE e.called @@ to_tsquery('pg_catalog.simple', %(prefixes)s) AND {holds}
)
SELECT jsonb_agg(jsonb_build_array(kind, entity_id, title, NULL)
       ORDER BY tier, length(title), title, entity_id)
  FROM (SELECT * FROM named ORDER BY tier, length(title), title, entity_id LIMIT %(limit)s) AS best
