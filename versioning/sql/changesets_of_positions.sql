-- changesets_of_positions.sql: the changeset that each of some positions lies in.
-- Index: last_position (unique) of eventstore_changeset, once for each position.
-- Plan: tests/test_plans.py
SELECT p.position, c.id FROM unnest(%s::bigint[]) AS p(position)
 CROSS JOIN LATERAL (SELECT id FROM eventstore_changeset
       WHERE last_position >= p.position ORDER BY last_position LIMIT 1) AS c
