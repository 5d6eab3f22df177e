-- totals_of_main.sql: main's totals, how far they were counted, and where the log ends.
-- Index: the primary keys of projections_tracking and eventstore_changeset (read backwards), and
-- (branch, kind) of projections_total.
-- Plan: tests/test_plans.py
SELECT t.kind, t.count, tracked.notification_id, newest.last_position
  FROM public.projections_total AS t
  JOIN public.projections_tracking AS tracked ON tracked.application_name = %s
 CROSS JOIN (SELECT last_position FROM public.eventstore_changeset ORDER BY id DESC LIMIT 1)
    AS newest
 WHERE t.branch = %s
