-- find.sql: the best hits at a viewpoint, how many there are, and how many have each facet.
-- Of names that begin so the shortest comes first ({begins} is their rank).
-- {holds} is versioning.viewpoints.visibility; {worded}, {rank}, {weight} and {was} are empty
-- where no words are looked for.
-- Index: GIN (words) and GIN (called) of projections_searchentry, and its primary key.
-- Plan: tests/test_plans.py
WITH {with_sql} hit AS MATERIALIZED (
    SELECT e.kind, e.entity_id, e.title, e.folded, e.called, e.words, e.facets
      FROM {source} AS e WHERE {holds} AND {narrowed} {worded}
), ranked AS (
    SELECT hit.*, {rank} AS tier,
           CASE WHEN (SELECT count(*) FROM hit) > {most} THEN 0 ELSE {weight} END AS weight
      FROM hit
), page AS (
    SELECT *, CASE tier WHEN {begins} THEN length(title) END AS rest FROM ranked
     ORDER BY tier, rest, weight DESC, title, entity_id
     LIMIT %(limit)s OFFSET %(offset)s
), counted AS (
    SELECT split_part(facet, '=', 1) AS name, substr(facet, strpos(facet, '=') + 1) AS value,
           count(*) AS count
      FROM hit CROSS JOIN unnest(hit.facets) AS facet GROUP BY facet
), seen_through AS ({through}
), counts AS (
    SELECT *, row_number() OVER (PARTITION BY name ORDER BY count DESC, value) AS place
      FROM (SELECT name, value, sum(count) AS count
              FROM (SELECT * FROM counted UNION ALL SELECT * FROM seen_through) AS both_ways
             GROUP BY 1, 2) AS summed
)
SELECT (SELECT count(*) FROM hit),
       (SELECT jsonb_agg(jsonb_build_array(kind, entity_id, title, {was})
               ORDER BY tier, rest, weight DESC, title, entity_id) FROM page),
       (SELECT jsonb_agg(jsonb_build_array(name, value, count) ORDER BY name, place)
          FROM counts WHERE place <= {values}),
       coalesce((SELECT min(tier) FROM page) < {not_by_name}, false)
