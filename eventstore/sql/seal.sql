-- seal.sql: seal everything between two positions as one changeset, chained to the last.
-- Time does not run back when a clock is put right, or put wrong: what stood at a moment stays so.
-- But where the first changeset that is still to come is a month away, its clock was wrong, and what
-- follows is not dated by it. (A clock that is set back meets changesets close behind it.)
--
-- A new log may begin with a history: a changeset whose details say when it was ("dated") has that
-- time, if it lies between the one before and the clock, and if that one was dated so as well, and not
-- by the clock. So nothing can be dated on a log that anybody has edited.
--
-- One plan serves every call of a session, by indexes alone. Left to itself, PostgreSQL made some
-- anew for each call, and went on scanning a table that had been empty when it was first asked.
-- An assignment evaluates a function call by itself; PERFORM would run a query for it.
--
-- Index: the primary keys of eventstore_event and eventstore_changeset, and (branch, last_position)
-- of eventstore_changeset.
-- Plan: tests/test_plans.py
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
    dated timestamptz;
    parents bigint[];
    salt bytea := uuid_send(gen_random_uuid());
    header bytea;
    events bytea;
    appending text;
BEGIN
    IF first IS NULL THEN
        RETURN;  -- the append was refused
    END IF;
    SELECT c.id, c.branch, c.hash, c.recorded_at, c.details INTO previous
      FROM eventstore_changeset AS c ORDER BY c.id DESC LIMIT 1;
    id := coalesce(previous.id, 0) + 1;
    recorded_at := clock_timestamp();
    IF strpos(details, '"dated"') > 0 THEN
        dated := (details::json ->> 'dated')::timestamptz;
    END IF;
    IF dated IS NOT NULL THEN
        IF dated > recorded_at OR dated < previous.recorded_at OR previous.id IS NOT NULL
           AND previous.recorded_at IS DISTINCT FROM (previous.details::json ->> 'dated')::timestamptz
        THEN
            RAISE EXCEPTION 'A changeset is dated only in the history that a new log begins with.'
                USING ERRCODE = 'restrict_violation';
        END IF;
        recorded_at := dated;
    ELSIF previous.recorded_at > recorded_at AND EXISTS (
        SELECT FROM eventstore_changeset AS c
         WHERE c.recorded_at > eventstore_seal.recorded_at
           AND c.recorded_at < eventstore_seal.recorded_at + interval '30 days'
    ) THEN
        recorded_at := previous.recorded_at;
    END IF;
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
