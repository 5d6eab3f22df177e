"""A moment, in any of the forms that people and addresses use, as a position.

`p123` a position, `c45` a changeset, `2026-03-01` a day (its end, UTC),
`2026-03-01T12:30:00Z` a time. Whatever falls inside a changeset means its
end: no reader ever sees half of one.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from eventstore import reading
from eventstore.models import Changeset
from eventstore.types import Position

_PLAIN = re.compile(r"(?P<unit>[pc])(?P<number>0|[1-9][0-9]{0,18})", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


class NoSuchMoment(ValueError):
    """A moment that cannot be read, or lies outside the log."""


@dataclass(frozen=True)
class Moment:
    """A position, and whether it will always be what the text means."""

    position: Position
    is_settled: bool


def read_moment(text: str) -> Moment:
    """The moment that an address names. Raises NoSuchMoment with a sentence."""
    if match := _PLAIN.fullmatch(text):
        number = int(match["number"])
        if match["unit"] == "c":
            return Moment(_end_of_changeset(number), is_settled=True)
        return Moment(_end_of_position(number), is_settled=True)
    moment = _time(text)
    now = datetime.now(UTC)
    return Moment(reading.position_at(min(moment, now)), is_settled=moment < now)


def position_of(at: datetime | date | str | int) -> Position:
    """The position of a moment in any form. Raises NoSuchMoment."""
    match at:
        case int():
            return _end_of_position(at)
        case datetime():
            return reading.position_at(at)
        case date():
            return reading.position_at(_end_of_day(at))
        case str():
            return read_moment(at).position


def _end_of_position(number: int) -> Position:
    try:
        return reading.end_of_changeset_at(number)
    except reading.BeyondTheLog as error:
        raise NoSuchMoment(str(error)) from None


def _end_of_changeset(number: int) -> Position:
    if number < 2**63:
        found = Changeset.objects.filter(id=number).values_list("last_position", flat=True).first()
        if found:
            return Position(found)
    raise NoSuchMoment(f"There is no changeset {number}.")


def _time(text: str) -> datetime:
    try:
        if _DAY.fullmatch(text):
            return _end_of_day(date.fromisoformat(text))
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise NoSuchMoment(
            f"{text!r} is no moment. Write a date (2026-03-01), a time (2026-03-01T12:30:00Z), "
            "a position (p123) or a changeset (c45)."
        ) from None


def _end_of_day(day: date) -> datetime:
    """The last instant of a day, in UTC, which is the site's zone."""
    return datetime.combine(day, time.min, tzinfo=UTC) + timedelta(days=1, microseconds=-1)
