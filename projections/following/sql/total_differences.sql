-- total_differences.sql: how many more entities of a kind a branch has than it inherits.
-- Its own versions, each beside what the rest of the chain shows of the entity; {chosen} is
-- empty, or chosen_entities.sql.
-- Index: (branch_number, valid_from) of a version table for the branch's own, its primary key
-- (entity_id, branch_number, valid_from) for what is inherited.
-- Plan: tests/test_plans.py
SELECT '{label}', count(*) FILTER (WHERE NOT own.deleted)
                - count(*) FILTER (WHERE NOT inherited.deleted)
  FROM {versions} AS own
  LEFT JOIN LATERAL (
       SELECT v.deleted FROM unnest(%(branches)s::int[], %(positions)s::bigint[])
              WITH ORDINALITY AS c(branch, position, slot)
         JOIN {versions} AS v ON v.entity_id = own.entity_id AND {inherited_holds}
        ORDER BY c.slot LIMIT 1) AS inherited ON true
 WHERE {own_holds}{chosen}
