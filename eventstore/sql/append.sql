-- append.sql: append events without sealing them: what a context does for each save.
--
-- The advisory lock serialises appends (LOCK TABLE would wait for VACUUM). It
-- is taken before anything is read: plpgsql gives each statement a snapshot of
-- its own, so what committed while this call waited is seen. It is held to the
-- end of the transaction, and every writer takes it before any row's lock.
--
-- versions[i] is the version that event i becomes. A stream that has moved on
-- is reported in `stale` and nothing is appended. `guards` are streams that
-- must still be at the given version although nothing is added to them.
--
-- One plan serves every call of a session, by indexes alone. Left to itself, PostgreSQL made some
-- anew for each call, and went on scanning a table that had been empty when it was first asked.
-- An assignment evaluates a function call by itself; PERFORM would run a query for it.
--
-- Index: (originator_id, originator_version) of eventstore_event.
-- Plan: tests/test_plans.py
CREATE OR REPLACE FUNCTION eventstore_append(
    streams uuid[], versions bigint[], topics text[], states bytea[],
    guards uuid[], guard_versions bigint[],
    OUT first_position bigint, OUT last_position bigint, OUT stale uuid[]
) LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $$
DECLARE
    count int := cardinality(streams);
    appending text;
BEGIN
    PERFORM pg_advisory_xact_lock(7236118);
    -- A stream stands at the version before its event; a guarded one at the version that is given.
    SELECT array_agg(wanted.stream) INTO stale
      FROM unnest(streams || guards, versions || guard_versions)
           WITH ORDINALITY AS wanted(stream, version, place)
     WHERE wanted.version - (wanted.place <= count)::int <> (
           SELECT e.originator_version FROM eventstore_event AS e
            WHERE e.originator_id = wanted.stream
            ORDER BY e.originator_version DESC LIMIT 1);
    IF stale IS NOT NULL OR count = 0 THEN
        RETURN;
    END IF;
    first_position := nextval('eventstore_position');
    last_position := first_position + count - 1;
    IF count > 1 THEN
        PERFORM setval('eventstore_position', last_position);
    END IF;
    appending := set_config('eventstore.appending', '1', true);
    INSERT INTO eventstore_event
        (notification_id, originator_id, originator_version, topic, state, salt, content_hash)
    SELECT first_position + e.place - 1, e.stream, e.version, e.topic, e.state, e.salt,
           eventstore_content_hash(e.salt, e.stream, e.version, e.topic, e.state)
      FROM (SELECT *, uuid_send(gen_random_uuid()) AS salt
              FROM unnest(streams, versions, topics, states)
                   WITH ORDINALITY AS u(stream, version, topic, state, place)) AS e;
    appending := set_config('eventstore.appending', '', true);
END $$;
