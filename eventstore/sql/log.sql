-- log.sql: what the log's only way in (append.sql, seal.sql) needs, and the guards that close all
-- others.
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

-- Snapshots are derived, and may be dropped at any time.
CREATE FUNCTION eventstore_snapshot(snapshots json) RETURNS void LANGUAGE sql
AS $$
    INSERT INTO eventstore_snapshot (stream_id, version, state)
    SELECT s.stream_id, s.version, s.state
      FROM json_to_recordset(snapshots) AS s(stream_id uuid, version bigint, state jsonb)
    ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION eventstore_refuse_strangers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('eventstore.appending', true) IS DISTINCT FROM '1' THEN
        RAISE EXCEPTION 'Rows of % are written by eventstore_append and eventstore_seal alone.', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;

-- Statement triggers fire for the owner, for superusers, for MERGE, and for
-- statements that touch no row; ALWAYS lets session_replication_role not help.
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
