-- Append and seal with less on the way; what they do is as in 0002_log.sql.
--
-- One plan serves every call of a session, by indexes alone. Left to itself, PostgreSQL made some
-- anew for each call, and went on scanning a table that had been empty when it was first asked.
-- An assignment evaluates a function call by itself; PERFORM would run a query for it.

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

CREATE OR REPLACE FUNCTION eventstore_seal(
    first bigint, last bigint, on_branch int, actor bigint, kind text, message text, details text,
    merged bigint[], reverts bigint[],
    OUT id bigint, OUT recorded_at timestamptz
) LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $$
DECLARE
    previous record;
    parents bigint[];
    salt bytea := uuid_send(gen_random_uuid());
    header bytea;
    events bytea;
    appending text;
BEGIN
    IF first IS NULL THEN
        RETURN;  -- the append was refused
    END IF;
    SELECT c.id, c.branch, c.hash, c.recorded_at INTO previous
      FROM eventstore_changeset AS c ORDER BY c.id DESC LIMIT 1;
    id := coalesce(previous.id, 0) + 1;
    recorded_at := greatest(clock_timestamp(), previous.recorded_at);
    IF previous.branch = on_branch THEN
        parents := ARRAY[previous.id] || merged;
    ELSE
        SELECT array_agg(c.id) INTO parents FROM (
            SELECT p.id FROM eventstore_changeset AS p
             WHERE p.branch = on_branch ORDER BY p.last_position DESC LIMIT 1) AS c;
        parents := coalesce(parents, '{}') || merged;
    END IF;
    header := eventstore_header_hash(salt, id, first, last, on_branch, actor, kind, recorded_at,
                                     parents, reverts, message, details);
    SELECT sha256(string_agg(e.content_hash, '' ORDER BY e.notification_id)) INTO events
      FROM eventstore_event AS e WHERE e.notification_id BETWEEN first AND last;
    appending := set_config('eventstore.appending', '1', true);
    INSERT INTO eventstore_changeset
        (id, first_position, last_position, branch, actor_id, kind, message, details, recorded_at,
         parents, reverts, salt, header_hash, events_hash, hash)
    VALUES (id, first, last, on_branch, actor, kind, message, details, recorded_at,
            parents, reverts, salt, header, events,
            sha256(coalesce(previous.hash, '') || header || events));
    appending := set_config('eventstore.appending', '', true);
    PERFORM pg_notify('eventstore_event', last::text);
END $$;
