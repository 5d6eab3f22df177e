-- note_network.sql: the network of what an account has recorded since a position.
-- What is too old is forgotten.
-- Index: eventstore_changeset(last_position) or (actor_id, last_position), wiki_changesetnetwork(recorded_at).
-- Plan: tests/test_plans.py
WITH forgotten AS (
    DELETE FROM wiki_changesetnetwork
     WHERE recorded_at < statement_timestamp() - make_interval(days => %(days)s)
)
INSERT INTO wiki_changesetnetwork (changeset_id, network, recorded_at)
SELECT c.id, %(network)s, c.recorded_at
  FROM eventstore_changeset AS c
 WHERE c.actor_id = %(account)s AND c.last_position > %(after)s
    ON CONFLICT (changeset_id) DO NOTHING;
