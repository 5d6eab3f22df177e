"""Dates as exact as they are known, in EDTF: `1999`, `1999-05~`, `1884/1887`, `193X`.

The plain forms, which are nearly all, are read here; whatever else looks like EDTF is judged
by the library, which takes some milliseconds.
"""

import calendar
import datetime
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

LONGEST: Final = 60

MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
SEASONS: Final = ("spring", "summer", "autumn", "winter")

_MONTH_NUMBERS: Final = {
    spelling: number
    for number, month in enumerate(MONTHS, 1)
    for spelling in {month.lower(), month[:3].lower(), month[:4].lower()}
}
_PLAIN: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_QUALIFIED: Final = re.compile(r"([0-9]{4}(?:-[0-9]{2}){0,2})([?~%]?)")
_DAY_MONTH_YEAR: Final = re.compile(
    r"(?:([0-9]{1,2})(?:\.|st|nd|rd|th)? +)?([A-Za-z]{3,9})\.?,? +([0-9]{4})"
)
_MONTH_DAY_YEAR: Final = re.compile(
    r"([A-Za-z]{3,9})\.? +([0-9]{1,2})(?:st|nd|rd|th)?,? +([0-9]{4})"
)
_MONTH_YEAR: Final = re.compile(r"([0-9]{1,2})/([0-9]{4})")
_DECADE: Final = re.compile(r"(?:the +)?([0-9]{3})0s")
_SEASON: Final = re.compile(rf"({'|'.join(SEASONS)}|fall) +([0-9]{{4}})", re.IGNORECASE)
_ABOUT: Final = re.compile(r"(?:about|around|circa|ca\.?|c\.) *(.+)", re.IGNORECASE)
_OPEN: Final = re.compile(r"(before|until|since|after) +(.+)", re.IGNORECASE)
_EITHER: Final = re.compile(r"(.+?) +(or|and) +(.+)", re.IGNORECASE)
_SET: Final = re.compile(r"([\[{])([^\[\]{},]+),\s*([^\[\]{},]+)[\]}]")
_RANGE: Final = re.compile(r"(.+?) *(?:–|—| to | - |(?<=[0-9]{4})-(?=[0-9]{4}$)) *(.+)")
_SOME_DATE: Final = re.compile(r"([0-9][0-9X]{3})(?:-([0-9X]{2}))?(?:-([0-9X]{2}))?")
_LOOKS_LIKE_EDTF: Final = re.compile(r"[0-9X\-/.?~%{}\[\], ]+")


class NotADate(ValueError):
    """What is no date; the message is a sentence's end."""


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date in EDTF. Equal means written alike; `<` compares the first days."""

    edtf: str

    @property
    def first_day(self) -> datetime.date:
        """The earliest day that it can mean: what it is sorted by."""
        match = _SOME_DATE.search(self.edtf)
        assert match is not None
        year, month, day = (int((part or "01").replace("X", "0")) for part in match.groups())
        if 21 <= month <= 24:
            month = (month - 20) * 3
        start = datetime.date(max(year, 1), min(max(month, 1), 12), 1)
        return start + datetime.timedelta(days=max(day, 1) - 1)

    @property
    def last_day(self) -> datetime.date:
        """The latest day that it can mean; of what is open or only about, a year more."""
        *_, match = _SOME_DATE.finditer(self.edtf)
        year = int(match[1].replace("X", "9"))
        if self.edtf.endswith(("/", "/..")):
            return datetime.date.max
        loose = 1 if self.edtf.endswith(("~", "?", "%")) else 0
        month = int((match[2] or "12").replace("X", "9"))
        if 21 <= month <= 24:
            month = (month - 20) * 3 + 2
            year, month = year + (month > 12), (month - 1) % 12 + 1
        month = min(max(month, 1), 12)
        last = calendar.monthrange(year, month)[1]
        day = min(int((match[3] or "31").replace("X", "9")), last)
        return datetime.date(min(year + loose, 9999), month, max(min(day, 28 if loose else day), 1))

    @property
    def year(self) -> int:
        return self.first_day.year

    def document(self) -> str:
        """The JSON form, in events and rows."""
        return self.edtf

    def as_input(self) -> str:
        """What a form shows, and reads back as the very same date."""
        return self.edtf

    def __str__(self) -> str:
        return _told(self.edtf)

    def __lt__(self, other: "PartialDate") -> bool:
        return self.first_day < other.first_day


@lru_cache(maxsize=4_096)
def parse(text: str) -> PartialDate:
    """Read EDTF, or a date as people write it (14 May 1999, May 1999, about 1999, 1990s).

    Cost: microseconds for plain dates, milliseconds for other EDTF. Raises NotADate.
    """
    plain = " ".join(text.split())
    if len(plain) > LONGEST:
        raise NotADate(f"is longer than {LONGEST} characters")
    return PartialDate(_plain(plain) or _written(plain) or _by_library(plain))


def _plain(text: str) -> str | None:
    """`1999`, `1999-05`, `1999-05-14`, with a doubt behind it; None where it is something else."""
    match = _QUALIFIED.fullmatch(text)
    date = _PLAIN.fullmatch(match[1]) if match else None
    if date is None or (date[2] and 21 <= int(date[2]) <= 24):
        return None
    _check(int(date[1]), int(date[2] or 1), int(date[3] or 1))
    return text


def _written(text: str) -> str | None:
    """A date in words as EDTF; None where it is not one of the forms that are known."""
    if match := _DAY_MONTH_YEAR.fullmatch(text):
        day, month, year = match.groups()
    elif match := _MONTH_DAY_YEAR.fullmatch(text):
        month, day, year = match.groups()
    elif match := _MONTH_YEAR.fullmatch(text):
        month, year = match.groups()
        _check(int(year), int(month), 1)
        return f"{year}-{int(month):02}"
    else:
        return (
            _decade(text)
            or _season(text)
            or _about(text)
            or _open(text)
            or _either(text)
            or _range(text)
        )
    number = _MONTH_NUMBERS.get(month.lower())
    if number is None:
        return _season(text) or _about(text) or _open(text)
    _check(int(year), number, int(day or 1))
    return f"{year}-{number:02}-{int(day):02}" if day else f"{year}-{number:02}"


def _decade(text: str) -> str | None:
    match = _DECADE.fullmatch(text)
    if match is None:
        return None
    _check(int(f"{match[1]}0"), 1, 1)
    return f"{match[1]}X"


def _season(text: str) -> str | None:
    match = _SEASON.fullmatch(text)
    if match is None:
        return None
    _check(int(match[2]), 1, 1)
    season = match[1].lower().replace("fall", "autumn")
    return f"{match[2]}-{21 + SEASONS.index(season)}"


def _about(text: str) -> str | None:
    match = _ABOUT.fullmatch(text)
    if match is None:
        return None
    date = _plain(match[1]) or _written(match[1])
    return f"{date}~" if date and date[-1].isdigit() and "/" not in date else None


def _open(text: str) -> str | None:
    """`since May 1999`, `until 1887`; before and after a year are the years beside it."""
    match = _OPEN.fullmatch(text)
    date = (_plain(match[2]) or _written(match[2])) if match else None
    if match is None or date is None or "/" in date or date.startswith("["):
        return None
    word = match[1].lower()
    if word in ("before", "after"):
        if not date.isdigit():
            return None
        date = str(int(date) + (1 if word == "after" else -1))
    return f"{date}/.." if word in ("since", "after") else f"../{date}"


def _either(text: str) -> str | None:
    """`1998 or 1999` is one of them, `1998 and 1999` both."""
    match = _EITHER.fullmatch(text)
    if match is None:
        return None
    dates = [_plain(part) or _written(part) for part in (match[1], match[3])]
    if any(date is None or not date[-1].isdigit() or "/" in date for date in dates):
        return None
    both = ",".join(sorted(str(date) for date in dates))
    return f"[{both}]" if match[2].lower() == "or" else f"{{{both}}}"


def _range(text: str) -> str | None:
    match = _RANGE.fullmatch(text)
    if match is None:
        return None
    ends = [_plain(part) or _written(part) for part in match.groups()]
    if None in ends or any("/" in end for end in ends if end):
        return None
    return _ordered(f"{ends[0]}/{ends[1]}")


_AT_ITS_EDGES: Final = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What the library raises of much that only looks like EDTF."""


def _by_library(text: str) -> str:
    if not _LOOKS_LIKE_EDTF.fullmatch(text) or not _SOME_DATE.search(text):
        raise NotADate(_WHAT_TO_WRITE)
    edtf = _library()
    try:
        edtf.parse_edtf(text)
    except (edtf.EDTFParseException, *_AT_ITS_EDGES):
        raise NotADate(_WHAT_TO_WRITE) from None
    matches = list(_SOME_DATE.finditer(text))
    if not all(1000 <= int(match[1].replace("X", "0")) <= 2999 for match in matches):
        raise NotADate("lies outside of the years 1000 to 2999")
    dates = [PartialDate(match[0]) for match in matches]
    if any(date.last_day < date.first_day for date in dates):
        raise NotADate("is not a day in any calendar")
    first_days = [date.first_day for date in dates]
    if first_days != sorted(first_days):
        raise NotADate("ends before it begins" if "/" in text else "names a later date first")
    return text


@cache
def _library() -> Any:
    """The library, mute: it prints what it cannot make anything of."""
    import edtf  # a quarter of a second, for few
    from edtf.parser import parser_classes

    vars(parser_classes)["print"] = lambda *_: None
    return edtf


def _ordered(edtf: str) -> str:
    start, end = (_SOME_DATE.search(part) for part in edtf.split("/", 1))
    if start and end and PartialDate(end[0]).first_day < PartialDate(start[0]).first_day:
        raise NotADate("ends before it begins")
    return edtf


_WHAT_TO_WRITE: Final = (
    "is not a date: write 14 May 1999, May 1999, 1999, about 1999, before 1999, 1998 or 1999, "
    "or 1884–1887"
)


def _check(year: int, month: int, day: int) -> None:
    if not 1000 <= year <= 2999:
        raise NotADate("lies outside of the years 1000 to 2999")
    try:
        datetime.date(year, month, day)
    except ValueError:
        raise NotADate("is not a day in any calendar") from None


def _told(edtf: str) -> str:
    """EDTF in words; forms that have none stay as they are."""
    if "/" in edtf:
        return _told_range(*edtf.split("/", 1)) or edtf
    if match := re.fullmatch(r"([0-9]{3})X", edtf):
        return f"{match[1]}0s"
    if match := _SET.fullmatch(edtf):
        joined = " or " if match[1] == "[" else " and "
        return joined.join(_told(part.strip()) for part in (match[2], match[3]))
    match = _QUALIFIED.fullmatch(edtf)
    if match is None:
        return edtf
    date = _told_plain(match[1])
    return {"": date, "~": f"about {date}", "?": f"{date}?", "%": f"about {date}?"}[match[2]]


def _told_range(start: str, end: str) -> str | None:
    if start in {"", ".."}:
        return f"until {_told(end)}"
    if end in {"", ".."}:
        return f"since {_told(start)}"
    one, other = _told(start), _told(end)
    return f"{one}–{other}" if " " not in one + other else f"{one} – {other}"


def _told_plain(date: str) -> str:
    year, month, day = (*date.split("-"), "", "")[:3]
    if not month:
        return year
    number = int(month)
    if 21 <= number <= 24:
        return f"{SEASONS[number - 21]} {year}"
    name = MONTHS[number - 1]
    return f"{int(day)} {name} {year}" if day else f"{name} {year}"
