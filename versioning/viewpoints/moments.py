"""A moment, in any of the forms that people and addresses use, as a position.

`p123` a position, `c45` a changeset, `2026-03-01` a day (its end, UTC),
`2026-03-01T12:30:00Z` a time. Whatever falls inside a changeset means its
end: no reader ever sees half of one.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection

from eventstore import standing
from eventstore.errors import Refusal
from eventstore.standing import Standing
from eventstore.types import Position

_PLAIN = re.compile(r"(?P<unit>[pc])(?P<number>0|[1-9][0-9]{0,18})", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_TIME = re.compile(
    rf"{_DAY.pattern}[T ][0-9]{{2}}:[0-9]{{2}}(:[0-9]{{2}}(\.[0-9]{{1,6}})?)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?",
    re.ASCII,
)
"""ISO 8601 knows weeks, days of a year and forms without hyphens: a moment is said in one way."""


class NoSuchMoment(Refusal, ValueError):
    """A moment that cannot be read, or lies outside the log."""

    code = "no-such-moment"
    status = 400
    hint = (
        "Write a date (2026-03-01), a time (2026-03-01T12:30:00Z), a position (p123) or a "
        "changeset (c45) of this log."
    )


@dataclass(frozen=True)
class Moment:
    """A position, when it was recorded, and whether it will always be what was asked for."""

    position: Position
    recorded_at: datetime | None
    is_settled: bool


def read_moment(text: str) -> Moment:
    """The moment that an address names. Raises NoSuchMoment with a sentence."""
    if match := _PLAIN.fullmatch(text):
        number = int(match["number"])
        return _moment(_changeset(number) if match["unit"] == "c" else _position(number))
    moment = _time(text)
    now = datetime.now(UTC)
    return _moment(standing.at_time(min(moment, now)), is_settled=moment < now)


def position_of(at: datetime | date | str | int) -> Position:
    """The position of a moment in any form. Raises NoSuchMoment."""
    match at:
        case int():
            return _position(at).position
        case datetime():
            # Nothing stands yet at a moment to come, whatever a wrong clock has dated.
            moment = at if at.tzinfo else at.replace(tzinfo=ZoneInfo(connection.timezone_name))
            return standing.at_time(min(moment, datetime.now(UTC))).position
        case date():
            return standing.at_time(_end_of_day(at)).position
        case str():
            return read_moment(at).position


def _moment(there: Standing, *, is_settled: bool = True) -> Moment:
    return Moment(there.position, there.recorded_at, is_settled)


def _position(number: int) -> Standing:
    try:
        return standing.at_position(number)
    except standing.BeyondTheLog as error:
        raise NoSuchMoment(error.sentence, error.hint) from None


def _changeset(number: int) -> Standing:
    found = standing.of_changeset(number)
    if found is None:
        raise NoSuchMoment(f"There is no changeset {number}.")
    return found


def _time(text: str) -> datetime:
    try:
        if _DAY.fullmatch(text):
            return _end_of_day(date.fromisoformat(text))
        if not _TIME.fullmatch(text):
            raise ValueError
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise NoSuchMoment(f"{text!r} is not a moment.") from None


def _end_of_day(day: date) -> datetime:
    """The last instant of a day, in UTC, which is the site's zone."""
    return datetime.combine(day, time.min, tzinfo=UTC) + timedelta(days=1, microseconds=-1)
