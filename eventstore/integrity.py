"""Is the log what was written? Hashes recomputed, chain and guards compared."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was written: what, where."""

    subject: str
    sentence: str


_EVENTS = """
SELECT notification_id FROM eventstore_event
 WHERE notification_id <= %s AND content_hash IS DISTINCT FROM eventstore_content_hash(
       salt, originator_id, originator_version, topic, state)
 ORDER BY notification_id LIMIT 1
"""

# Every event belongs to exactly one changeset: ranges do not overlap, and none has strays
# beside it. A range may have holes, where a savepoint was rolled back before positions were
# given again: the hash is of every event in it, one behind the other, and so of their number.
_CHAIN = """
SELECT * FROM (
    SELECT c.id,
           c.id = 1 + lag(c.id, 1, 0::bigint) OVER w AS numbered,
           c.first_position > lag(c.last_position, 1, 0::bigint) OVER w AS ordered,
           c.recorded_at >= lag(c.recorded_at, 1, c.recorded_at) OVER w AS forward,
           c.header_hash = eventstore_header_hash(c.salt, c.id, c.first_position, c.last_position,
               c.branch, c.actor_id, c.kind, c.recorded_at, c.parents, c.reverts, c.message,
               c.details) AS header,
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
 ORDER BY id LIMIT 1
"""

# Those after the position too: a changeset that is gone from the end leaves its events.
_STRAYS = """
SELECT e.notification_id FROM eventstore_event AS e
 WHERE NOT EXISTS (
       SELECT FROM eventstore_changeset AS c
        WHERE e.notification_id BETWEEN c.first_position AND c.last_position)
 ORDER BY 1 LIMIT 1
"""

_FAULTS = {
    "numbered": "does not follow the number before it: a changeset is missing",
    "ordered": "overlaps the positions of the one before it",
    "forward": "is older than the one before it",
    "header": "says something else than what was sealed (actor, message, time or parents)",
    "events": "does not hold the events that were sealed",
    "chained": "is not chained to the one before it",
}


def verify_log(upto: int) -> Iterator[Finding]:
    """Check every event's hash and the chain of changesets, up to a position.

    Yields the first fault of each kind. Cost: one scan of the log, in SQL.
    """
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS, [upto])
        if row := cursor.fetchone():
            yield Finding(
                f"event at position {row[0]}", "has a content that its hash does not match."
            )
        cursor.execute(_CHAIN, [upto])
        if row := cursor.fetchone():
            names = [column.name for column in cursor.description or ()]
            fault = next(
                name for name in _FAULTS if dict(zip(names, row, strict=True))[name] is not True
            )
            yield Finding(f"changeset {row[0]}", _FAULTS[fault] + ".")
        cursor.execute(_STRAYS)
        if row := cursor.fetchone():
            yield Finding(f"event at position {row[0]}", "belongs to no changeset.")
