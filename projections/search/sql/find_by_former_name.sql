-- find_by_former_name.sql: part of find.sql: whatever was called so once, on a branch of the chain, and is
-- still there.
-- Index: GIN (called) of projections_searchentry.
-- Plan: tests/test_plans.py
e.entity_id = ANY (ARRAY(SELECT former.entity_id FROM {source} AS former
                          WHERE former.called @@ to_tsquery('pg_catalog.simple', %(prefixes)s)
                            AND ({once}) AND {over}))
