"""A cell as people typed it, as a field's value in its JSON form.

Each reader raises ValueError with the reason where a cell says nothing that can be kept, and
returns a note beside the value where something of the cell was lost.
"""

import re
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from versioning.fields import dates, money
from versioning.fields.coordinates import coordinates
from versioning.fields.quantities import parse, tidy
from versioning.fields.units import Dimension

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
    sort: re.compile(rf"\b{pattern}\b", re.IGNORECASE)
    for sort, pattern in {
        "chain": r"(?:vertical )?(?:chain[ -]?(?:lift(?: hill)?)?|lift (?:chain|hill)|lift hill)",
        "cable": r"cable[ -]?(?:lift(?: hill)?)?",
        "tyres": r"(?:(?:drive|friction) )?(?:tires?|tyres?|booster wheels?|wheels?)(?: propelled)?"
        r"(?: lift)?(?: hill)?",
        "spiral": r"(?:electric )?spiral lift",
        "elevator": r"(?:vertical )?elevator(?: lift)?(?: hill)?",
        "lsm": r"(?:lsm|linear synchronous motors?)(?: \(lsm\))?(?: launch(?:es)?)?(?: track)?",
        "lim": r"(?:lim|linear induction motors?)(?: \(lim\))?(?: launch(?:es)?)?(?: track)?",
        "hydraulic": r"hydraulic(?: launch)?(?: track)?",
        "pneumatic": r"(?:pneumatic|compressed air)(?: launch)?(?: track)?",
        "flywheel": r"fly ?wheel(?: launch)?(?: track)?",
        "weight": r"(?:weight|counterweight) drop(?: launch)?",
        "powered": r"(?:self[- ]?)?powered(?: train)?",
        "gravity": r"gravity",
    }.items()
}
_TRAINS: Final = re.compile(
    r"(?:(?P<trains>single|a single|[a-z]+|\d+) trains? with )?(?P<cars>a single|\d+) cars?\.?"
    r"(?: Riders are arranged (?P<seats>\d+) across in (?P<rows>a single|\d+) rows?"
    r"(?: for a total of (?P<total>\d+) riders per train)?\.?)?",
    re.IGNORECASE | re.ASCII,
)
_COUNTS: Final = {
    "single": 1, "a single": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
}  # fmt: skip
_WHOLE: Final = re.compile(r"[0-9]{1,4}")
_AND: Final = re.compile(r"\s*(?:[/;,]|\band\b|&)\s*")
_BESIDE_A_DATE: Final = re.compile(r"\s*(?:\([^()]*\)|; .*)$")
_SEVERAL_DATES: Final = re.compile(r"\d{4}\d|\d{4} *[A-Z(]")
_AMERICAN_DAY: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
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
    if not _WHOLE.fullmatch(plain):
        raise ValueError("is not a whole number")
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


def launches(text: str) -> Read:
    """How a train is brought up or to speed, in the order of the ride."""
    plain = line(text).value
    items = []
    for number, part in enumerate(_AND.split(plain), 1):
        known = next((sort for sort, pattern in _LIFTS.items() if pattern.fullmatch(part)), None)
        if known is None:
            # What is not understood to its end is not taken apart.
            return Read([{"id": "1", "sort": _sort_within(plain), "note": plain}])
        items.append({"id": str(number), "sort": known})
    return Read(items)


def _sort_within(text: str) -> str:
    """The one way that a text is about, whatever else it tells."""
    found = [sort for sort, pattern in _LIFTS.items() if pattern.search(text)]
    return found[0] if len(found) == 1 else "other"


def trains(text: str) -> dict[str, Read]:
    """Trains, cars, rows and seats, by field; the words, where they say more."""
    plain = line(text).value
    match = _TRAINS.fullmatch(plain)
    counted = {"train_count": "trains", "cars": "cars", "rows": "rows", "seats": "seats"}
    found = {
        name: _count(match[group])
        for name, group in counted.items()
        if match is not None and match[group]
    }
    if not found or None in found.values():
        return {"trains": Read(plain)}
    return {name: Read(count) for name, count in found.items()}


def _count(text: str) -> int | None:
    return int(text) if text.isdecimal() else _COUNTS.get(text.lower())


def cost(text: str) -> Read:
    """A sum of money; words that say more are kept with it."""
    found = money.parse(text)
    note = f"was read as {found.amount:,f} {found.currency}; its words are kept"
    return Read(found.document(), note if found.text else "")


def ride_by_name(text: str) -> Read:
    """Another ride, by its name."""
    return Read([{"id": "1", "name": line(text).value}])


def other_name(text: str) -> Read:
    """A second name of the ride itself."""
    return Read([{"id": "1", "name": line(text).value, "sort": "alias"}])


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
    raise ValueError("is not a known status")


def material(text: str) -> Read:
    """What the track is made of."""
    plain = tidy(text).lower()
    known = {"steel": "steel", "wood": "wood", "hybrid": "hybrid", "other": "other"}
    if plain not in known:
        raise ValueError("is not one of steel, wood, hybrid or other")
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
    main = _BESIDE_A_DATE.sub("", plain)
    note = f"also says {plain[len(main) :].strip(' ;')!r}" if main != plain else ""
    if match := _EXCEL_DAY.fullmatch(main):
        main = f"{match[1] or ''} {match[2]} {_full_year(match[3], year)}".strip()
    if _SEVERAL_DATES.search(main):
        raise ValueError("holds more than one date, or words")
    return Read(dates.parse(main).edtf, note)


def opening_date(text: str) -> Read:
    """A day as month/day/year; the first of January stands for a year alone."""
    match = _AMERICAN_DAY.fullmatch(tidy(text))
    day = f"{match[3]}-{int(match[1]):02}-{int(match[2]):02}" if match else text
    edtf = date(day).value
    return Read(edtf[:4] if edtf.endswith("-01-01") else edtf)


def _full_year(two_digits: str, since: int | None) -> int:
    """The one year with these last digits that a ride of that age can mean."""
    if since is None:
        raise ValueError("has a year of two digits, and nothing says which century")
    possible = [
        century + int(two_digits)
        for century in (1800, 1900, 2000)
        if since - 1 <= century + int(two_digits) <= _LAST_YEAR
    ]
    if len(possible) != 1:
        raise ValueError("has a year of two digits, and nothing says which century")
    return possible[0]


def place(latitude: str, longitude: str) -> Read:
    """Two cells in degrees as one place."""
    return Read(coordinates(tidy(latitude), tidy(longitude)).document())
