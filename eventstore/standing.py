"""How far the log stood at a moment: the changeset that a position, a time or a number means."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection

from eventstore.connection import server_cursor
from eventstore.errors import Refusal
from eventstore.models import Changeset
from eventstore.reading import last_position
from eventstore.sqlfiles import statement
from eventstore.types import BEGINNING, Position

HIGHEST = 2**63 - 1

REMEMBERED = 1_024
"""Positions whose changeset a process remembers: whoever looks around in the past stays at one."""


@dataclass(frozen=True)
class Standing:
    """The end of a changeset, for nobody reads half of one, and when that was recorded."""

    position: Position
    recorded_at: datetime | None


BEFORE_THE_LOG = Standing(BEGINNING, None)

_AT_POSITION = statement(__file__, "changeset_at_position")
_AT_TIME = statement(__file__, "changeset_at_time")


class BeyondTheLog(Refusal, ValueError):
    """A position that no reader has seen yet."""

    code = "beyond-the-log"
    status = 400
    hint = "Name an earlier position."

    def __init__(self, position: int, last: Position) -> None:
        super().__init__(f"There is no position {position}; the log ends at {last}.")


def at_position(position: int) -> Standing:
    """The changeset that holds a position; where it was skipped, the one before.

    Cost: one query, or none: what the log says of a position never changes,
    nor is one given twice. Raises BeyondTheLog.
    """
    # What a transaction sees of its own may never have been.
    search = _holding if connection.in_atomic_block else _remembered
    try:
        return search(connection.settings_dict["NAME"], position)
    except _Skipped as skipped:
        end = last_position()
        if not 0 <= position <= end:
            raise BeyondTheLog(position, end) from None
        return skipped.before


def at_time(moment: datetime) -> Standing:
    """Where the log stood at a moment. Cost: one query."""
    return _find(_AT_TIME, moment) or BEFORE_THE_LOG


def of_changeset(number: int) -> Standing | None:
    """Where a changeset ends, if one has the number for whoever reads. Cost: one query."""
    found = Changeset.objects.filter(pk=min(number, HIGHEST))
    row = found.values_list("last_position", "recorded_at").first()
    return None if row is None else Standing(Position(row[0]), row[1])


class _Skipped(Exception):
    """No changeset holds the position."""

    def __init__(self, before: Standing) -> None:
        self.before = before


def _holding(_database: str, position: int) -> Standing:
    found = _find(_AT_POSITION, min(position, HIGHEST)) or BEFORE_THE_LOG
    if not 0 < position <= found.position:
        raise _Skipped(found)
    return found


_remembered = lru_cache(REMEMBERED)(_holding)


def _find(query: str, asked: Any) -> Standing | None:
    with server_cursor() as cursor:
        cursor.execute(query, [asked], prepare=True)
        row = cursor.fetchone()
    return None if row is None else Standing(Position(row[0]), row[1])
