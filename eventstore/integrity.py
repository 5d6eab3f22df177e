"""Is the log what was written? Hashes recomputed, chain and guards compared."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

from eventstore.sqlfiles import statement


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was written: what, where."""

    subject: str
    sentence: str


_ALTERED_EVENT = statement(__file__, "altered_event")
_BROKEN_CHAIN = statement(__file__, "broken_chain")
_STRAY_EVENT = statement(__file__, "stray_event")

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
        cursor.execute(_ALTERED_EVENT, [upto])
        if row := cursor.fetchone():
            yield Finding(
                f"event at position {row[0]}", "has a content that its hash does not match."
            )
        cursor.execute(_BROKEN_CHAIN, [upto])
        if row := cursor.fetchone():
            names = [column.name for column in cursor.description or ()]
            fault = next(
                name for name in _FAULTS if dict(zip(names, row, strict=True))[name] is not True
            )
            yield Finding(f"changeset {row[0]}", _FAULTS[fault] + ".")
        cursor.execute(_STRAY_EVENT)
        if row := cursor.fetchone():
            yield Finding(f"event at position {row[0]}", "belongs to no changeset.")
