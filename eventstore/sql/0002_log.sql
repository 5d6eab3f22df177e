-- The log's only way in, and the guards that close all others.
-- Tables: eventstore_event, eventstore_changeset (made by the migration).
--
-- The guards open where eventstore.appending is '1', which the functions set
-- around their INSERTs. (A SET clause of the function would end by itself, but
-- superusers alone may give one for a setting of our own, and whoever migrates
-- need not be one.) An error undoes it with the savepoint or the transaction.

-- Positions are drawn under the log's lock, so their order is that of commits.
CREATE SEQUENCE eventstore_position AS bigint;

-- The salt keeps the hash of an erased content from being guessed. STABLE, as
-- convert_to is: an IMMUTABLE function would not be inlined, and cost 8 us a call.
CREATE FUNCTION eventstore_content_hash(
    salt bytea, stream uuid, version bigint, topic text, state bytea
) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE
RETURN sha256(salt || uuid_send(stream) || int8send(version) || convert_to(topic, 'UTF8') || '\x00'::bytea || state);

-- What a changeset says of itself, as the bytes that are hashed: fixed fields
-- first, then message and details, each behind its length.
CREATE FUNCTION eventstore_header_hash(
    salt bytea, id bigint, first_position bigint, last_position bigint, branch int, actor_id bigint,
    kind text, recorded_at timestamptz, parents bigint[], reverts bigint[], message text, details text
) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE
RETURN sha256(salt || convert_to(concat_ws('|',
    id, first_position, last_position, branch, coalesce(actor_id::text, '-'), kind,
    (extract(epoch FROM recorded_at) * 1000000)::bigint,
    array_to_string(parents, ','), array_to_string(reverts, ','),
    octet_length(message), message, octet_length(details), details), 'UTF8'));

-- Append events without sealing them: what a context does for each save.
--
-- The advisory lock serialises appends (LOCK TABLE would wait for VACUUM). It
-- is taken before anything is read: plpgsql gives each statement a snapshot of
-- its own, so what committed while this call waited is seen. It is held to the
-- end of the transaction, and every writer takes it before any row's lock.
--
-- versions[i] is the version that event i becomes. A stream that has moved on
-- is reported in `stale` and nothing is appended. `guards` are streams that
-- must still be at the given version although nothing is added to them.
CREATE FUNCTION eventstore_append(
    streams uuid[], versions bigint[], topics text[], states bytea[],
    guards uuid[], guard_versions bigint[],
    OUT first_position bigint, OUT last_position bigint, OUT stale uuid[]
) LANGUAGE plpgsql
AS $$
DECLARE
    count int := cardinality(streams);
BEGIN
    PERFORM pg_advisory_xact_lock(7236118);
    SELECT array_agg(wanted.stream) INTO stale
      FROM (SELECT * FROM unnest(streams, versions) AS s(stream, version)
            UNION ALL
            SELECT g.stream, g.version + 1 FROM unnest(guards, guard_versions) AS g(stream, version)
           ) AS wanted(stream, version)
     CROSS JOIN LATERAL (
            SELECT e.originator_version FROM eventstore_event AS e
             WHERE e.originator_id = wanted.stream
             ORDER BY e.originator_version DESC LIMIT 1) AS newest
     WHERE newest.originator_version <> wanted.version - 1;
    IF stale IS NOT NULL OR count = 0 THEN
        RETURN;
    END IF;
    first_position := nextval('eventstore_position');
    last_position := first_position + count - 1;
    IF count > 1 THEN
        PERFORM setval('eventstore_position', last_position);
    END IF;
    PERFORM set_config('eventstore.appending', '1', true);
    INSERT INTO eventstore_event
        (notification_id, originator_id, originator_version, topic, state, salt, content_hash)
    SELECT first_position + e.place - 1, e.stream, e.version, e.topic, e.state, e.salt,
           eventstore_content_hash(e.salt, e.stream, e.version, e.topic, e.state)
      FROM (SELECT *, uuid_send(gen_random_uuid()) AS salt
              FROM unnest(streams, versions, topics, states)
                   WITH ORDINALITY AS u(stream, version, topic, state, place)) AS e;
    PERFORM set_config('eventstore.appending', '', true);
END $$;

-- Seal everything between two positions as one changeset, chained to the last.
-- Time never runs back, whatever the clock does.
CREATE FUNCTION eventstore_seal(
    first bigint, last bigint, on_branch int, actor bigint, kind text, message text, details text,
    merged bigint[], reverts bigint[],
    OUT id bigint, OUT recorded_at timestamptz
) LANGUAGE plpgsql
AS $$
DECLARE
    previous record;
    parents bigint[];
    salt bytea := uuid_send(gen_random_uuid());
    header bytea;
    events bytea;
BEGIN
    IF first IS NULL THEN
        RETURN;  -- the append was refused
    END IF;
    SELECT c.id, c.hash, c.recorded_at INTO previous
      FROM eventstore_changeset AS c ORDER BY c.id DESC LIMIT 1;
    id := coalesce(previous.id, 0) + 1;
    recorded_at := greatest(clock_timestamp(), previous.recorded_at);
    SELECT array_agg(c.id) INTO parents FROM (
        SELECT p.id FROM eventstore_changeset AS p
         WHERE p.branch = on_branch ORDER BY p.last_position DESC LIMIT 1) AS c;
    parents := coalesce(parents, '{}') || merged;
    header := eventstore_header_hash(salt, id, first, last, on_branch, actor, kind, recorded_at,
                                     parents, reverts, message, details);
    SELECT sha256(string_agg(e.content_hash, '' ORDER BY e.notification_id)) INTO events
      FROM eventstore_event AS e WHERE e.notification_id BETWEEN first AND last;
    PERFORM set_config('eventstore.appending', '1', true);
    INSERT INTO eventstore_changeset
        (id, first_position, last_position, branch, actor_id, kind, message, details, recorded_at,
         parents, reverts, salt, header_hash, events_hash, hash)
    VALUES (id, first, last, on_branch, actor, kind, message, details, recorded_at,
            parents, reverts, salt, header, events,
            sha256(coalesce(previous.hash, '') || header || events));
    PERFORM set_config('eventstore.appending', '', true);
    PERFORM pg_notify('eventstore_event', last::text);
END $$;

-- Snapshots are derived, and may be dropped at any time.
CREATE FUNCTION eventstore_snapshot(snapshots json) RETURNS void LANGUAGE sql
AS $$
    INSERT INTO eventstore_snapshot (stream_id, version, state)
    SELECT s.stream_id, s.version, s.state
      FROM json_to_recordset(snapshots) AS s(stream_id uuid, version bigint, state jsonb)
    ON CONFLICT DO NOTHING
$$;

-- Statement triggers fire for the owner, for superusers, for MERGE, and for
-- statements that touch no row; ALWAYS lets session_replication_role not help.
CREATE FUNCTION eventstore_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The log is append-only: % on % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation',
              HINT = 'Content that must go is erased through its own door; see the documentation.';
END $$;

CREATE FUNCTION eventstore_refuse_strangers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('eventstore.appending', true) IS DISTINCT FROM '1' THEN
        RAISE EXCEPTION 'Rows of % are written by eventstore_append and eventstore_seal alone.', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON eventstore_event
    FOR EACH STATEMENT EXECUTE FUNCTION eventstore_refuse();
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON eventstore_changeset
    FOR EACH STATEMENT EXECUTE FUNCTION eventstore_refuse();
CREATE TRIGGER refuse_strangers BEFORE INSERT ON eventstore_event
    FOR EACH STATEMENT EXECUTE FUNCTION eventstore_refuse_strangers();
CREATE TRIGGER refuse_strangers BEFORE INSERT ON eventstore_changeset
    FOR EACH STATEMENT EXECUTE FUNCTION eventstore_refuse_strangers();
ALTER TABLE eventstore_event ENABLE ALWAYS TRIGGER refuse_change;
ALTER TABLE eventstore_event ENABLE ALWAYS TRIGGER refuse_strangers;
ALTER TABLE eventstore_changeset ENABLE ALWAYS TRIGGER refuse_change;
ALTER TABLE eventstore_changeset ENABLE ALWAYS TRIGGER refuse_strangers;
