"""Read the log: a stream, the log in pages, its end. Moments are looked up in `standing`."""

from collections.abc import Callable, Collection, Iterator
from typing import Any, NamedTuple
from uuid import UUID

from eventstore import foreign
from eventstore.connection import server_cursor
from eventstore.events import Event, ForeignEvent, State, is_known
from eventstore.mapper import to_content, to_event
from eventstore.models import Changeset
from eventstore.models import Event as EventRow
from eventstore.sqlfiles import statement
from eventstore.types import BEGINNING, Position, Version

PAGE = 1_000

_HIGHEST = 2**63 - 1

# Executed in binary, so that psycopg copies states instead of decoding them from hex.
_STREAM = statement(__file__, "stream")
_PAGE = statement(__file__, "page")

_NEWEST = statement(__file__, "newest_of_streams")
_LAST = statement(__file__, "last_position")


class Recorded(NamedTuple):
    """An event with its place in the log. Those of applications are carried along unread."""

    position: Position
    event: Event | ForeignEvent


def stream(
    stream_id: UUID, *, after: Version | None = None, upto: Version | None = None
) -> list[Recorded]:
    """A stream's events in order: those above `after`, up to and including `upto`."""
    last = _HIGHEST if upto is None else upto
    with server_cursor() as cursor:
        cursor.execute(_STREAM, [stream_id, after or 0, last], prepare=True, binary=True)
        rows = cursor.fetchall()
    return [
        Recorded(Position(position), to_event(stream_id, version, topic, state))
        for position, version, topic, state in rows
    ]


class RecordedContent(NamedTuple):
    """What an event says, with its place in the log: see `to_content`."""

    position: Position
    version: Version
    type: type[Event]
    content: State


def forward(
    after: Position = BEGINNING,
    *,
    upto: Position | None = None,
    page: int = PAGE,
) -> Iterator[Recorded]:
    """The log from just after a position, oldest first, fetched a page at a time."""
    for position, stream_id, version, topic, state in _rows(after, upto, page):
        event = foreign.read(position, stream_id, version, topic, state)
        yield Recorded(Position(position), event)


def contents(
    *,
    upto: Position,
    page: int = PAGE,
    only: Callable[[bytes], bool] = lambda _: True,
) -> Iterator[RecordedContent]:
    """What the log says up to a position, oldest first, for who asks all of it.

    No events are made of it: that takes longer than all else about reading them. `only` chooses
    by the stored state, before anything is spent on the rest. Events of applications are passed
    over.
    """
    for position, _, version, topic, state in _rows(BEGINNING, upto, page):
        if not is_known(topic):
            foreign.require_foreign(topic, position)
        elif only(state):
            cls, content = to_content(topic, state)
            yield RecordedContent(Position(position), Version(version), cls, content)


def _rows(after: Position, upto: Position | None, page: int) -> Iterator[tuple[Any, ...]]:
    last = _HIGHEST if upto is None else upto
    while True:
        with server_cursor() as cursor:
            cursor.execute(_PAGE, [after, last, page], prepare=True, binary=True)
            rows = cursor.fetchall()
        yield from rows
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
                before,
                foreign.read(before, row.stream_id, row.version, row.topic, bytes(row.state)),
            )


class Newest(NamedTuple):
    """The newest event of a stream, without what it says."""

    stream_id: UUID
    version: Version
    topic: str


def newest(streams: Collection[UUID]) -> list[Newest]:
    """Where streams stand; those without an event are left out. Cost: one query."""
    with server_cursor() as cursor:
        cursor.execute(_NEWEST, [list(streams)])
        return [Newest(stream, Version(at), topic) for stream, at, topic in cursor.fetchall()]


def last_position() -> Position:
    """The newest position that a reader can see; 0 in an empty log."""
    with server_cursor() as cursor:
        cursor.execute(_LAST, prepare=True)
        row = cursor.fetchone()
    return Position(row[0] if row else 0)


def changeset_at(position: Position) -> Changeset | None:
    """The changeset that holds a position, or the last one before it."""
    return Changeset.every.filter(first_position__lte=position).order_by("-first_position").first()
