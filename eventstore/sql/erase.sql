-- erase.sql: the one door by which content leaves the log: what events and changesets said, not that they
-- were, nor their hashes, on which the chain stands.
--
-- It is called in the append of an event that names all of it (eventstore.erasure.ContentErased), at the
-- position `first`: each event with the hash of what stands there from now on, each changeset by its
-- number. A salt that is gone keeps what was from being guessed by its hash.
--
-- Index: the primary keys of eventstore_event and eventstore_changeset.
-- Plan: tests/test_plans.py
--
-- Whoever appends may not update these tables in production; see docs/how-to/production-database.md.
CREATE OR REPLACE FUNCTION eventstore_erase(first bigint, positions bigint[], states bytea[])
RETURNS void LANGUAGE plpgsql
AS $$
DECLARE
    erasing text;
    named jsonb;
BEGIN
    SELECT convert_from(e.state, 'UTF8')::jsonb INTO named
      FROM eventstore_event AS e
     WHERE e.notification_id = first AND e.topic = 'content.erased';
    IF named IS NULL OR EXISTS (
        SELECT FROM unnest(positions, states) AS given(position, state)
         WHERE encode(sha256(given.state), 'hex') IS DISTINCT FROM (
               SELECT pair ->> 1 FROM jsonb_array_elements(named -> 'events') AS pair
                WHERE (pair ->> 0)::bigint = given.position)
    ) THEN
        RAISE EXCEPTION 'No event of this append names what is to be erased.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    erasing := set_config('eventstore.erasing', '1', true);
    UPDATE eventstore_event AS e SET state = given.state, salt = ''
      FROM unnest(positions, states) AS given(position, state)
     WHERE e.notification_id = given.position;
    UPDATE eventstore_changeset AS c SET message = '', details = '{}', salt = ''
     WHERE c.id IN (SELECT number::bigint
                      FROM jsonb_array_elements_text(named -> 'changesets') AS number);
    erasing := set_config('eventstore.erasing', '', true);
END $$;
