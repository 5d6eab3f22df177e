-- state.sql: how far the search has come, where a chain ends, and texts as they are compared.
-- Where a chain ends: what is written beside it, on branches that it does not read, is not awaited.
-- Index: (branch, last_position) of eventstore_changeset, once for each branch of the chain.
-- Plan: tests/test_plans.py
SELECT (SELECT notification_id FROM public.projections_tracking WHERE application_name = %(name)s),
       (SELECT max(least(link.position, (
               SELECT c.last_position FROM public.eventstore_changeset AS c
                WHERE c.branch = link.branch AND link.position = %(latest)s
                ORDER BY c.last_position DESC LIMIT 1)))
          FROM unnest(%(branches)s::int[], %(positions)s::bigint[]) AS link(branch, position)),
       ARRAY(SELECT {folded} FROM unnest(%(texts)s::text[]) WITH ORDINALITY AS t(text, place)
              ORDER BY place)
