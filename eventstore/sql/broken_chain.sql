-- broken_chain.sql: changesets, up to a position, that are not as they were sealed.
-- Every event belongs to exactly one changeset: ranges do not overlap, and none has strays
-- beside it. A range may have holes, where a savepoint was rolled back before positions were
-- given again: the hash is of every event in it, one behind the other, and so of their number.
-- It reads the whole log up to there, in its order.
-- Index: the primary key of eventstore_changeset for their order, and that of eventstore_event for
-- the events of each.
-- Plan: tests/test_plans.py
WITH {erased}
SELECT checked.*, count(*) OVER () FROM (
    SELECT c.id,
           c.id = 1 + lag(c.id, 1, 0::bigint) OVER w AS numbered,
           c.first_position > lag(c.last_position, 1, 0::bigint) OVER w AS ordered,
           lag(c.recorded_at, 1, c.recorded_at) OVER w - c.recorded_at
               NOT BETWEEN interval '1 microsecond' AND interval '30 days' AS forward,
           c.header_hash = eventstore_header_hash(c.salt, c.id, c.first_position, c.last_position,
               c.branch, c.actor_id, c.kind, c.recorded_at, c.parents, c.reverts, c.message,
               c.details)
               OR c.salt = '' AND c.message = '' AND c.details = '{}'
                  AND c.id IN (SELECT id FROM erased_changesets) AS header,
           c.events_hash = e.hash AS events,
           c.hash = sha256(lag(c.hash, 1, ''::bytea) OVER w || c.header_hash || c.events_hash)
               AS chained
      FROM eventstore_changeset AS c
      LEFT JOIN LATERAL (
           SELECT sha256(string_agg(e.content_hash, '' ORDER BY e.notification_id)) AS hash
             FROM eventstore_event AS e
            WHERE e.notification_id BETWEEN c.first_position AND c.last_position) AS e ON true
     WHERE c.last_position <= %s
    WINDOW w AS (ORDER BY c.id)) AS checked
 WHERE (numbered AND ordered AND forward AND header AND events AND chained) IS NOT TRUE
 ORDER BY id LIMIT {listed}
