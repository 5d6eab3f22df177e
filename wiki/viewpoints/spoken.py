"""Moments as people say them: `2023`, `june 2023`, `3 March 2021`, `last week`, `2 years ago`.

Whatever spans a while means its last day, for a page is read as it was at the end of a day.
"""

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Final

from versioning.fields.dates import NotADate, parse

_AGO: Final = re.compile(r"(an?|one|[0-9]{1,2}) +(day|week|month|year)s? +ago")
_LAST: Final = re.compile(r"(last) +(week|month|year)")

_DAYS: Final = {"day": 1, "week": 7}
_MONTHS: Final = {"month": 1, "year": 12}


def day_said(text: str, today: date) -> date | None:
    """The day that a text means, looked at from today; None where it means none, or none yet."""
    words = " ".join(text.lower().split())
    day = _looked_back(words, today) or _dated(words)
    return day if day and day <= today else None


def _looked_back(words: str, today: date) -> date | None:
    if words in ("today", "yesterday"):
        return today - timedelta(days=words == "yesterday")
    if match := _AGO.fullmatch(words) or _LAST.fullmatch(words):
        number = int(match[1]) if match[1].isdecimal() else 1
        return _before(today, number, match[2])
    return None


def _before(today: date, number: int, unit: str) -> date:
    if unit in _DAYS:
        return today - timedelta(days=number * _DAYS[unit])
    year, month = divmod(today.year * 12 + today.month - 1 - number * _MONTHS[unit], 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def _dated(words: str) -> date | None:
    try:
        return parse(words).last_day
    except NotADate:
        return None
