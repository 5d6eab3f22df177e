-- steps.sql: the newest edges and reverts of some branches, up to a position, a page of each.
-- Index: (branch, last_position) of eventstore_changeset; its primary key for what was merged.
-- Plan: tests/test_plans.py
SELECT b.branch, c.last_position, c.id, c.reverts, source.branch, source.last_position
  FROM unnest(%(branches)s::int[]) AS b(branch)
 CROSS JOIN LATERAL (
       SELECT * FROM eventstore_changeset AS c
        WHERE c.branch = b.branch AND c.last_position <= %(upto)s
          AND c.kind IN ('fork', 'sync', 'merge', 'revert', 'import')
          AND (c.kind <> 'import' OR cardinality(c.parents) > 1)
        ORDER BY c.last_position DESC LIMIT %(most)s) AS c
  LEFT JOIN LATERAL (
       SELECT p.branch, p.last_position FROM unnest(c.parents) AS parent(id)
         JOIN eventstore_changeset AS p ON p.id = parent.id
        WHERE p.branch <> c.branch AND c.kind <> 'revert') AS source ON true
 ORDER BY c.last_position DESC
