-- add_totals.sql: steps of totals, added to those that are kept.
-- Index: (branch, kind) of projections_total, the key of ON CONFLICT.
-- Plan: tests/test_plans.py
INSERT INTO public.projections_total AS t (branch, kind, count)
SELECT * FROM unnest(%s::int[], %s::text[], %s::bigint[])
    ON CONFLICT (branch, kind) DO UPDATE SET count = t.count + excluded.count
