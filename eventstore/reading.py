"""Read the log: a stream, the log in pages, times and positions."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from eventstore.connection import server_cursor
from eventstore.events import Event
from eventstore.mapper import mapper, to_event
from eventstore.models import Changeset
from eventstore.models import Event as EventRow
from eventstore.recorder import LogRecorder
from eventstore.types import BEGINNING, Position, Version

PAGE = 1_000

_HIGHEST = 2**63 - 1


@dataclass(frozen=True)
class Recorded:
    """An event with its place in the log."""

    position: Position
    event: Event


def stream(
    stream_id: UUID, *, after: Version | None = None, upto: Version | None = None
) -> list[Event]:
    """A stream's events in order: those above `after`, up to and including `upto`."""
    return [
        mapper.to_domain_event(stored)
        for stored in LogRecorder().select_events(stream_id, gt=after, lte=upto)
    ]


# Binary, so that psycopg copies states instead of decoding them from hex.
_PAGE = """
SELECT notification_id, originator_id, originator_version, topic, state
  FROM public.eventstore_event
 WHERE notification_id > %s AND notification_id <= %s
 ORDER BY notification_id LIMIT %s
"""


def forward(
    after: Position = BEGINNING,
    *,
    upto: Position | None = None,
    page: int = PAGE,
    only: Callable[[bytes], bool] = lambda _: True,
) -> Iterator[Recorded]:
    """The log from just after a position, oldest first, fetched a page at a time.

    `only` chooses events by their stored state, before the rest is spent on them.
    """
    last = _HIGHEST if upto is None else upto
    while True:
        with server_cursor() as cursor:
            cursor.execute(_PAGE, [after, last, page], prepare=True, binary=True)
            rows = cursor.fetchall()
        for position, stream_id, version, topic, state in rows:
            if only(state):
                yield Recorded(Position(position), to_event(stream_id, version, topic, state))
        if len(rows) < page:
            return
        after = Position(rows[-1][0])


def backward(before: Position | None = None, *, page: int = PAGE) -> Iterator[Recorded]:
    """The log from just before a position (or its end), newest first."""
    while True:
        rows = EventRow.objects.order_by("-position")
        if before is not None:
            rows = rows.filter(position__lt=before)
        batch = list(rows[:page])
        if not batch:
            return
        for row in batch:
            before = Position(row.position)
            yield Recorded(
                before, to_event(row.stream_id, row.version, row.topic, bytes(row.state))
            )


_LAST = """
SELECT last_position FROM public.eventstore_changeset ORDER BY id DESC LIMIT 1
"""

# Of several with one time, the last.
_AT = """
SELECT last_position FROM public.eventstore_changeset
 WHERE recorded_at <= %s ORDER BY recorded_at DESC, id DESC LIMIT 1
"""

_END = """
SELECT (SELECT last_position FROM public.eventstore_changeset ORDER BY id DESC LIMIT 1),
       (SELECT last_position FROM public.eventstore_changeset
         WHERE first_position <= %s ORDER BY first_position DESC LIMIT 1)
"""


_RECORDED = """
SELECT recorded_at FROM public.eventstore_changeset
 WHERE first_position <= %s ORDER BY first_position DESC LIMIT 1
"""


class BeyondTheLog(ValueError):
    """A position that no reader has seen yet."""

    def __init__(self, position: int, last: Position) -> None:
        super().__init__(f"There is no position {position}; the log ends at {last}.")


def last_position() -> Position:
    """The newest position that a reader can see; 0 in an empty log."""
    row = _row(_LAST)
    return Position(row[0] if row else 0)


def position_at(moment: datetime) -> Position:
    """The log's position at a moment: that of the last changeset recorded by then.

    0 when nothing was recorded yet.
    """
    row = _row(_AT, moment)
    return Position(row[0] if row else 0)


def end_of_changeset_at(position: int) -> Position:
    """Where the changeset that holds a position ends: nobody reads half of one.

    Cost: one query. Raises BeyondTheLog.
    """
    row = _row(_END, min(position, _HIGHEST))
    assert row is not None
    last, end = row[0] or 0, row[1] or 0
    if not 0 <= position <= last:
        raise BeyondTheLog(position, Position(last))
    return Position(end)


def _row(statement: str, *parameters: Any) -> tuple[Any, ...] | None:
    """One row. Prepared: every page of the past begins with such a query."""
    with server_cursor() as cursor:
        cursor.execute(statement, parameters, prepare=True)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def changeset_at(position: Position) -> Changeset | None:
    """The changeset that holds a position, or the last one before it."""
    return (
        Changeset.objects.filter(first_position__lte=position).order_by("-first_position").first()
    )


def time_at(position: Position) -> datetime | None:
    """When what stands at a position was recorded; None before the first."""
    row = _row(_RECORDED, position)
    return row[0] if row else None
