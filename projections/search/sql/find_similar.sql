-- find_similar.sql: what is called almost as was asked, the most similar first.
-- Index: GIN (folded gin_trgm_ops) of projections_searchentry.
-- Plan: tests/test_plans.py
WITH {with_sql} similar_name AS MATERIALIZED (
    SELECT e.kind, e.entity_id, e.title, word_similarity(%(plain)s, e.folded) AS likeness,
           similarity(%(plain)s, e.folded) AS whole
      FROM {source} AS e WHERE %(plain)s <%% e.folded AND {holds} AND {narrowed}
)
SELECT jsonb_agg(jsonb_build_array(kind, entity_id, title, NULL)
       ORDER BY likeness DESC, whole DESC, title, entity_id)
  FROM (SELECT * FROM similar_name
         WHERE likeness >= {nearly} * (SELECT max(likeness) FROM similar_name)
         ORDER BY likeness DESC, whole DESC, title, entity_id LIMIT %(limit)s) AS best
