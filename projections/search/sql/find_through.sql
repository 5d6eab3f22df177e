-- find_through.sql: part of find.sql: facets that hits have by another entity (a ride's country, by its park).
-- Index: (entity_id, branch, valid_from), the primary key of projections_searchentry.
-- Plan: tests/test_plans.py
    SELECT {name} AS name, substr(facet, strpos(facet, '=') + 1), counted.count
      FROM counted JOIN {source} AS e ON {referred} AND {holds}
     CROSS JOIN unnest(e.facets) AS facet
     WHERE counted.name = {field} AND starts_with(facet, {name} || '=')
