-- fresh.sql: begins a statement on entries where some are too new to be kept: they are made on the
-- spot. {fresh} are their SELECTs, of happened.sql and of previewed merges.
-- Index: (branch_number, valid_from) of a version table, or its primary key.
-- Plan: tests/test_plans.py
happened AS MATERIALIZED (
    SELECT * FROM unnest(%(entities)s::uuid[], %(branches)s::int[], %(positions)s::bigint[])
        AS t(entity_id, branch, position)
), touched AS MATERIALIZED (
    SELECT entity_id, branch, min(position) AS position FROM happened GROUP BY 1, 2
), fresh AS MATERIALIZED ({fresh}),
