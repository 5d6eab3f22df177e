"""Is the log what was written? Hashes recomputed, chain and guards compared."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from django.db import connection

from eventstore.erasure import ERASED
from eventstore.sqlfiles import statement

LISTED = 20
"""How many findings of a kind are named; the rest is counted."""


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was written: what, where.

    `more` are left unnamed after the last of a kind that is named.
    """

    subject: str
    sentence: str
    more: int = 0

    def __str__(self) -> str:
        said = f"{self.subject} {self.sentence}"
        return f"{said} (And {self.more} more like it.)" if self.more else said


def bounded(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The first findings of a kind, and how many there are beside them."""
    rest = iter(findings)
    first = list(islice(rest, LISTED))
    if first:
        yield from first[:-1]
        yield replace(first[-1], more=sum(1 for _ in rest))


def rows_of_findings(query: str, parameters: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
    """The rows of a query with the limit `{listed}`, which counts all rows in its last column.

    In place of that column each row has how many more there are: none, but for the last.
    """
    with connection.cursor() as cursor:
        cursor.execute(query.replace("{listed}", str(LISTED)), parameters or None)
        rows = cursor.fetchall()
    for number, (*row, count) in enumerate(rows, start=1):
        yield (*row, count - number if number == len(rows) else 0)


_ALTERED_EVENT = statement(__file__, "altered_event").replace("{erased}", ERASED)
_BROKEN_CHAIN = statement(__file__, "broken_chain").replace("{erased}", ERASED)
_STRAY_EVENT = statement(__file__, "stray_event")
_DATED_AHEAD = statement(__file__, "dated_ahead")

_FAULTS = (
    "does not follow the number before it: a changeset is missing",
    "overlaps the positions of the one before it",
    "is older than the one before it",
    "says something else than what was sealed (actor, message, time or parents)",
    "does not hold the events that were sealed",
    "is not chained to the one before it",
)
"""What is said of a changeset, by the place of the condition in `broken_chain.sql`."""


def verify_log(upto: int) -> Iterator[Finding]:
    """Check every event's hash and the chain of changesets, up to a position.

    Cost: one scan of the log, in SQL.
    """
    for position, more in rows_of_findings(_ALTERED_EVENT, [upto]):
        sentence = "has a content that its hash does not match."
        yield Finding(f"event at position {position}", sentence, more)
    for number, *holds, more in rows_of_findings(_BROKEN_CHAIN, [upto]):
        fault = next(fault for fault, held in zip(_FAULTS, holds, strict=True) if held is not True)
        yield Finding(f"changeset {number}", f"{fault}.", more)
    for position, more in rows_of_findings(_STRAY_EVENT):
        yield Finding(f"event at position {position}", "belongs to no changeset.", more)
    yield from dated_ahead(upto)


def dated_ahead(upto: int) -> Iterator[Finding]:
    """Changesets up to a position that a clock dated which was wrong, or is now. Cost: a query."""
    for number, recorded_at, more in rows_of_findings(_DATED_AHEAD, [upto]):
        dated = f"{recorded_at:%-d %B %Y, %H:%M} UTC"
        sentence = f"is dated {dated}, which is still to come: a clock was wrong, or is."
        yield Finding(f"changeset {number}", sentence, more)
