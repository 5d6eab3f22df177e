"""Changesets as histories need them: found by position, many at once."""

from collections.abc import Iterable

from django.db import connection

from eventstore.connection import server_cursor
from eventstore.models import Changeset
from eventstore.sqlfiles import statement
from eventstore.types import ChangesetId, Position

_NEWEST = statement(__file__, "newest_changeset")
_OF_POSITIONS = statement(__file__, "changesets_of_positions")


def newest_of(branch: int, upto: Position) -> ChangesetId | None:
    """The last changeset of a branch itself, up to a position; others' are passed over."""
    with server_cursor() as cursor:
        cursor.execute(_NEWEST, [branch, upto], prepare=True)
        row = cursor.fetchone()
    return None if row is None else ChangesetId(row[0])


def changesets_of(positions: Iterable[int]) -> dict[Position, Changeset]:
    """The changeset that holds each position. Cost: two queries."""
    wanted = sorted(set(positions))
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_OF_POSITIONS, [wanted])
        ids = dict(cursor.fetchall())
    found = Changeset.objects.in_bulk(set(ids.values()))
    return {Position(position): found[changeset] for position, changeset in ids.items()}
