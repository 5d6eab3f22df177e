-- former_title.sql: part of find.sql: the title that had the words, of a hit that has them no longer.
-- Index: (entity_id, branch, valid_from), the primary key of projections_searchentry.
-- Plan: tests/test_plans.py
CASE WHEN NOT page.words @@ to_tsquery('pg_catalog.simple', %(prefixes)s) THEN
    (SELECT former.title FROM {source} AS former
      WHERE former.entity_id = page.entity_id AND ({once}) AND NOT former.deleted
        AND former.called @@ to_tsquery('pg_catalog.simple', %(prefixes)s)
      ORDER BY former.valid_from DESC LIMIT 1) END
