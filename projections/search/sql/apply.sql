-- apply.sql: what events led to, taken over into the entries of a kind.
-- What stood last on each stream that an event is about, closed where that event is; then what the
-- events led to. Versions never change but in their end, so a later look at them is as good.
-- {islands} is islands.sql, {keep} is keep.sql.
-- Index: (entity_id, branch, valid_from) of projections_searchentry, and (branch_number,
-- valid_from) of a version table.
-- Plan: tests/test_plans.py
WITH touched AS MATERIALIZED (
    SELECT * FROM unnest(%(entities)s::uuid[], %(branches)s::int[], %(positions)s::bigint[])
        AS t(entity_id, branch, position)
), last AS (
    SELECT kept.entity_id, kept.branch, kept.valid_from, first.position AS valid_to, kept.content
      FROM (SELECT entity_id, branch, min(position) AS position FROM touched GROUP BY 1, 2)
           AS first
     CROSS JOIN LATERAL (
           SELECT * FROM {table} AS e
            WHERE e.entity_id = first.entity_id AND e.branch = first.branch
            ORDER BY e.valid_from DESC LIMIT 1) AS kept
     WHERE kept.valid_to = {open}
), version AS (
    SELECT * FROM last
     UNION ALL
    SELECT v.entity_id, v.branch_number, v.valid_from, {capped}, {content}
      FROM touched AS t JOIN {versions} AS v ON v.entity_id = t.entity_id
       AND v.branch_number = t.branch AND v.valid_from = t.position
), {islands}, prolonged AS (
    UPDATE {table} AS e SET valid_to = island.valid_to
      FROM island JOIN last USING (entity_id, branch, valid_from)
     WHERE e.entity_id = island.entity_id AND e.branch = island.branch
       AND e.valid_from = island.valid_from AND island.valid_to <> {open}
), fresh AS (
    SELECT * FROM island
     WHERE (entity_id, branch, valid_from) NOT IN (SELECT entity_id, branch, valid_from FROM last)
), {keep}
