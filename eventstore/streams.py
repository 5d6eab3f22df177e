"""Many streams at once, as they stood: for whoever tells the past by the log alone."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from eventstore import foreign
from eventstore.connection import server_cursor
from eventstore.mapper import to_event
from eventstore.reading import Recorded
from eventstore.sqlfiles import statement
from eventstore.types import Position, Version

_NEWEST_AT = statement(__file__, "newest_at")
_SNAPSHOTS = statement(__file__, "nearest_snapshots")
_STREAMS = statement(__file__, "streams")
_OF_BRANCH = statement(__file__, "events_of_branch")


class StreamEnd(NamedTuple):
    """The newest event that a stream had at a position, without what it says."""

    version: Version
    position: Position
    topic: str


def newest_at(streams: Sequence[tuple[UUID, Position]]) -> list[StreamEnd | None]:
    """Where each stream stood at a position; None before its first event. Cost: one query."""
    ends: list[StreamEnd | None] = [None] * len(streams)
    for place, version, position, topic in _rows(_NEWEST_AT, *_columns(streams, 2)):
        ends[place] = StreamEnd(Version(version), Position(position), topic)
    return ends


class Part(NamedTuple):
    """The part of a stream that leads to one of its versions.

    It begins with the event of the newest snapshot, whose document it has, or with the first one.
    """

    document: tuple[Version, Any] | None
    events: list[Recorded]


def leading_to(streams: Sequence[tuple[UUID, Version]]) -> list[Part]:
    """What leads to a version of each stream. Cost: two queries, some thirty events a stream."""
    parts = [Part(None, []) for _ in streams]
    for place, version, document in _rows(_SNAPSHOTS, *_columns(streams, 2)):
        parts[place] = Part((Version(version), json.loads(document)), [])
    since = [part.document[0] if part.document else 1 for part in parts]
    ids, upto = _columns(streams, 2)
    for place, position, version, topic, state in _rows(_STREAMS, ids, since, upto):
        event = foreign.read(position, streams[place][0], version, topic, state)
        parts[place].events.append(Recorded(Position(position), event))
    return parts


def of_branch(branch: int, upto: Position) -> Iterator[Recorded]:
    """The events of all changesets of a branch, up to a position. Cost: one query, and those."""
    for position, stream, version, topic, state in _rows(_OF_BRANCH, branch, upto):
        yield Recorded(Position(position), to_event(UUID(str(stream)), version, topic, state))


def _columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [[row[place] for row in rows] for place in range(width)]


def _rows(query: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with server_cursor() as cursor:
        cursor.execute(query, parameters, binary=True)
        return cursor.fetchall()
