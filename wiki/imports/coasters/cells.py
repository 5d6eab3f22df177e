"""A cell as people typed it, as a field's value in its JSON form.

Each reader raises ValueError with the reason where a cell says nothing that can be kept, and
returns a note beside the value where something of the cell was lost.
"""

import re
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from wiki.fields import dates
from wiki.fields.coordinates import coordinates
from wiki.fields.quantities import parse, tidy
from wiki.fields.units import Dimension

LONGEST_TEXT: Final = 200


class Read(NamedTuple):
    """What a cell says, and what of it could not be kept (or an empty text)."""

    value: Any
    note: str = ""


Reader = Callable[[str], Read]

_STATUSES: Final = {
    "operating": "operating",
    "removed": "removed",
    "closed": "closed",
    "under construction": "under-construction",
    "announced": "announced",
    "temporarily closed": "closed-for-now",
    "under maintenance": "closed-for-now",
    "not currently operating": "closed-for-now",
}
_STATUSES_BY_BEGINNING: Final = {
    "sbno": "standing",
    "closed for maintenance": "closed-for-now",
    "closed in": "closed",
}
_LIFTS: Final = {
    "Chain lift hill": r"(?:chain[ -]?(?:lift(?: hill)?)?|lift chain)",
    "LSM launch": r"(?:lsm|linear synchronous motors?)(?: launch)?(?: track)?",
    "LIM launch": r"(?:lim|linear induction motors?)(?: \(lim\))?(?: launch)?(?: track)?",
    "Hydraulic launch": r"hydraulic launch(?: track)?",
    "Drive tire lift hill": r"(?:drive )?tire(?: propelled)? lift(?: hill)?",
}
_EXCEL_DAY: Final = re.compile(r"(?:(\d{1,2})-)?([A-Z][a-z]{2})-(\d\d)")
_LAST_YEAR: Final = 2030


def quantity(
    dimension: Dimension, default_unit: str | None = None, *, most: int | None = None
) -> Reader:
    """A figure with a unit; words that say more are kept with it.

    `most` is what no coaster exceeds, in the dimension's base unit.
    """

    def read(text: str) -> Read:
        found = parse(text, dimension, default_unit)
        if most is not None and found.in_base_unit > most:
            raise ValueError(f"is {found}, which no coaster reaches")
        note = f"was read as {found.value} {found.unit}; its words are kept" if found.text else ""
        return Read(found.document(), note)

    return read


def whole_number(text: str) -> Read:
    """A count."""
    plain = tidy(text)
    if not re.fullmatch(r"[0-9]{1,4}", plain):
        raise ValueError("is no whole number")
    return Read(int(plain))


def line(text: str) -> Read:
    """A few words as they are."""
    plain = tidy(text)
    if len(plain) > LONGEST_TEXT:
        raise ValueError(f"is longer than {LONGEST_TEXT} characters")
    if not plain.isprintable():
        raise ValueError("holds characters that cannot be shown")
    return Read(plain)


def layout(text: str) -> Read:
    """A layout's name; "custom" is none."""
    plain = line(text).value
    return Read("" if plain.casefold() == "custom" else plain)


def propulsion(text: str) -> Read:
    """How a train is brought to speed; the many ways to write the common ones are one."""
    plain = line(text).value
    for name, pattern in _LIFTS.items():
        if re.fullmatch(pattern, plain, re.IGNORECASE):
            return Read(name)
    return Read(plain)


def status(text: str) -> Read:
    """Whether a ride runs."""
    plain = tidy(text).lower()
    if plain in _STATUSES:
        return Read(_STATUSES[plain])
    for beginning, meaning in _STATUSES_BY_BEGINNING.items():
        if plain.startswith(beginning):
            return Read(meaning, f"was read as {meaning!r}")
    if plain in {"in production", "discontinued"}:
        raise ValueError("is the status of a model, not of a ride")
    raise ValueError("is no status that is known")


def material(text: str) -> Read:
    """What the track is made of."""
    plain = tidy(text).lower()
    known = {"steel": "steel", "wood": "wood", "hybrid": "hybrid", "other": "other"}
    if plain not in known:
        raise ValueError("is none of steel, wood, hybrid, other")
    return Read(known[plain])


def mark(column: str) -> Reader:
    """A cell that repeats its column's name means yes."""

    def read(text: str) -> Read:
        plain = tidy(text).casefold()
        if plain not in {column.casefold(), "yes", "no", "true", "false"}:
            raise ValueError("says neither yes nor no")
        return Read(plain not in {"no", "false"})

    return read


def date(text: str, *, year: int | None = None) -> Read:
    """A date, as exact as it was told. `year` settles the century of `2-Sep-46`."""
    plain = tidy(text)
    main = re.sub(r"\s*(?:\([^()]*\)|; .*)$", "", plain)
    note = f"also says {plain[len(main) :].strip(' ;')!r}" if main != plain else ""
    if match := _EXCEL_DAY.fullmatch(main):
        main = f"{match[1] or ''} {match[2]} {_full_year(match[3], year)}".strip()
    if re.search(r"\d{4}\d|\d{4} *[A-Z(]", main):
        raise ValueError("holds more than one date, or words")
    return Read(dates.parse(main).edtf, note)


def opening_date(text: str) -> Read:
    """A day as month/day/year; the first of January stands for a year alone."""
    match = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", tidy(text), re.ASCII)
    day = f"{match[3]}-{int(match[1]):02}-{int(match[2]):02}" if match else text
    edtf = date(day).value
    return Read(edtf[:4] if edtf.endswith("-01-01") else edtf)


def _full_year(two_digits: str, since: int | None) -> int:
    """The one year with these last digits that a ride of that age can mean."""
    if since is None:
        raise ValueError("has a year of two digits, and nothing tells the century")
    possible = [
        century + int(two_digits)
        for century in (1800, 1900, 2000)
        if since - 1 <= century + int(two_digits) <= _LAST_YEAR
    ]
    if len(possible) != 1:
        raise ValueError("has a year of two digits, and nothing tells the century")
    return possible[0]


def place(latitude: str, longitude: str) -> Read:
    """Two cells in degrees as one place."""
    return Read(coordinates(tidy(latitude), tidy(longitude)).document())
