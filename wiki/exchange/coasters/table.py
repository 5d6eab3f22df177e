"""A table's rows as facts about rides; what cannot be read is reported and left out."""

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from versioning.fields.quantities import tidy
from versioning.fields.units import ACCELERATION, ANGLE, DURATION, LENGTH, SPEED
from wiki.exchange.coasters import cells, names
from wiki.exchange.tables.file import Row, read_rows
from wiki.exchange.tables.remarks import Remark
from wiki.kinds.rides.units import CAPACITY

NAME: Final = "coaster_name"
"""The one column that a table of coasters must have."""

YEAR: Final = "year_introduced"
OPENING: Final = "opening_date_clean"

_QUEUES: Final = {
    column: (name, cells.mark(column))
    for column, name in {
        "Fast Lane available": "Fast Lane",
        "Fastrack available": "Fastrack",
        "Flash Pass available": "Flash Pass",
        "Flash Pass Available": "Flash Pass",
    }.items()
}

# A field that several columns tell is taken from the first that has it.
_FIELDS: Final[list[tuple[str, str, cells.Reader]]] = [
    ("Status", "status", cells.status),
    ("Type_Main", "material", cells.material),
    ("height_value", "height", cells.quantity(LENGTH, most=250)),
    ("Drop", "drop", cells.quantity(LENGTH, most=250)),
    ("Length", "length", cells.quantity(LENGTH)),
    ("speed1_value", "speed", cells.quantity(SPEED)),
    ("speed1", "speed", cells.quantity(SPEED)),
    ("Inversions_clean", "inversions", cells.whole_number),
    ("Max vertical angle", "vertical_angle", cells.quantity(ANGLE, "°")),
    ("Gforce_clean", "g_force", cells.quantity(ACCELERATION, "g")),
    ("Duration", "duration", cells.quantity(DURATION)),
    ("Capacity", "capacity", cells.quantity(CAPACITY)),
    ("Height restriction", "rider_height", cells.quantity(LENGTH, most=3)),
    ("Track layout", "layout", cells.layout),
    ("Lift/launch system", "launches", cells.launches),
    ("Acceleration", "acceleration", cells.line),
    ("Restraint Style", "restraints", cells.line),
    ("Restraints", "restraints", cells.line),
    ("Cost", "building_cost", cells.cost),
    ("Theme", "theme", cells.line),
    ("Replaced", "replaces", cells.ride_by_name),
    ("Replaced by", "replaced_with", cells.ride_by_name),
    ("Name", "names", cells.other_name),
    ("Single rider line available", "single_riders", cells.mark("Single rider line available")),
    (
        "Must transfer from wheelchair",
        "wheelchair_transfer",
        cells.mark("Must transfer from wheelchair"),
    ),
]

_UNITS: Final = {"height_value": "height_unit", "speed1_value": "speed1_unit"}

NOT_TAKEN: Final = {
    "Website": "holds the words of links, not their addresses",
    "Opened": "says when the park opened, or gives dates of several parks",
    "speed2": "repeats the speed in another unit",
    "speed_mph": "repeats the speed in another unit",
    "height_ft": "repeats the height in another unit",
}
"""Columns that are known, and why they are left."""

_READ_OTHERWISE: Final = {
    NAME, "Location", "Park section", "Trains", "Manufacturer", "Designer", "Model", YEAR, OPENING,
    "Soft opening date", "Closing date", "latitude", "longitude", *_UNITS.values(), *_QUEUES,
}  # fmt: skip


@dataclass
class RideFacts:
    """What a row says of a ride. `fields` are in JSON form; `year` tells namesakes apart."""

    row: int
    name: str
    park: str | None = None
    address: str = ""
    area: str = ""
    year: str = ""
    manufacturers: list[str] = field(default_factory=list)
    designers: list[str] = field(default_factory=list)
    model: str | None = None
    former_places: list[dict[str, Any]] = field(default_factory=list)
    """Items in JSON form, whose parks are told by their names."""
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass
class Table:
    """A file that was read. `read` and `filled` count cells by column."""

    rides: list[RideFacts] = field(default_factory=list)
    bad_cells: list[Remark] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)
    filled: Counter[str] = field(default_factory=Counter)
    read: Counter[str] = field(default_factory=Counter)


def read_table(path: Path) -> Table:
    """Read a CSV file; columns in any order, some missing, some unknown. Raises BadFile."""
    rows = read_rows(path, NAME)
    known = {column for column, _, _ in _FIELDS} | _READ_OTHERWISE | set(NOT_TAKEN)
    table = Table(unknown_columns=[column for column in rows.columns if column not in known])
    for number, reason in rows.ragged.items():
        table.bad_cells.append(Remark(number, "", "", reason))
    known_cells: _KnownCells = {}
    for row in rows.rows:
        ride = _RowReader(row, table, known_cells).ride()
        if ride is not None:
            table.rides.append(ride)
    return table


_KnownCells = dict[tuple[cells.Reader, str], cells.Read]
"""What cells said before, which nobody changes: most cells of a table repeat another one."""


class _RowReader:
    """Reads one row's cells; what it cannot read it reports to the table."""

    def __init__(self, row: Row, table: Table, known: _KnownCells) -> None:
        self._row = row
        self._table = table
        self._known = known

    def ride(self) -> RideFacts | None:
        """The facts; None where the row has no name."""
        name = self._cell(NAME, cells.line)
        if not name:
            self._report(NAME, "is empty or not a name: the row was left out")
            return None
        facts = RideFacts(self._row.number, name, year=self._year())
        facts.park, facts.address = self._place(name)
        facts.area = self._area(facts.park)
        facts.manufacturers = self._names("Manufacturer")
        facts.designers = self._names("Designer")
        facts.model = self._cell("Model", _model)
        facts.fields = {**self._dates(facts.year), **self._plain_fields(name)}
        if facts.year and "opened" in facts.fields and facts.fields["opened"][:4] != facts.year:
            self._note(YEAR, f"differs from the opening date, {facts.fields['opened']}")
        return facts

    def _year(self) -> str:
        return self._cell(YEAR, cells.date) or ""

    def _plain_fields(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for column, field_name, read in _FIELDS:
            if field_name not in found and (value := self._cell(column, read)) is not None:
                found[field_name] = value
        if "names" in found and found["names"][0]["name"].casefold() == name.casefold():
            del found["names"]
        found |= self._trains()
        queues = [pass_ for column, (pass_, read) in _QUEUES.items() if self._cell(column, read)]
        if queues:
            found["queue_pass"] = ", ".join(dict.fromkeys(queues))
        if (place := self._coordinates()) is not None:
            found["coordinates"] = place
        return found

    def _dates(self, year: str) -> dict[str, Any]:
        opened = self._cell(OPENING, cells.opening_date) or year or None
        years = [int(each[:4]) for each in (opened, year) if each and each[:4].isdecimal()]
        since = min(years, default=None)
        found = {
            "opened": opened,
            "soft_opened": self._cell("Soft opening date", partial(cells.date, year=since)),
            "closed": self._cell("Closing date", partial(cells.date, year=since)),
        }
        return {name: date for name, date in found.items() if date is not None}

    def _place(self, name: str) -> tuple[str | None, str]:
        """The park, and the address where the cell holds one instead.

        What stands in brackets behind a ride's name is its park, if it reads like one.
        """
        location = tidy(self._row.cells.get("Location") or "")
        self._count("Location")
        bracketed = re.search(
            r"\(([^()]*\b(?:Park|Land|Gardens|Sydney|Adventure|Pier)[^()]*)\)$", name
        )
        if names.is_address(location):
            if not bracketed:
                self._report("Location", "is an address, not a park")
                return None, ""
            self._note(
                "Location", f"is an address; the park was taken from the name: {bracketed[1]}"
            )
            self._table.read["Location"] += 1
            return names.park(bracketed[1]), location
        try:
            park = names.park(location)
        except ValueError as reason:
            self._report("Location", str(reason))
            return None, ""
        self._table.read["Location"] += 1
        return park, ""

    def _area(self, park: str | None) -> str:
        """The area, where the park is known that it is of."""
        area: str = self._cell("Park section", cells.line) or ""
        if area and park is None:
            self._note("Park section", "was left out: the park is not known")
            return ""
        return area

    def _trains(self) -> dict[str, Any]:
        return self._cell("Trains", _trains) or {}

    def _names(self, column: str) -> list[str]:
        return self._cell(column, _companies) or []

    def _coordinates(self) -> dict[str, Any] | None:
        latitude, longitude = (self._row.cells.get(c) or "" for c in ("latitude", "longitude"))
        if not latitude.strip() and not longitude.strip():
            return None
        found: dict[str, Any] | None = self._cell(
            "latitude", partial(cells.place, longitude=longitude)
        )
        return found

    def _cell(self, column: str, read: cells.Reader) -> Any:
        """A cell's value; None where it is empty or cannot be read, which is reported."""
        text = self._row.cells.get(column)
        if not text or text.isspace():
            return None
        self._count(column)
        if column in _UNITS and (unit := self._row.cells.get(_UNITS[column])):
            text = f"{text} {unit}"
        try:
            value, note = self._read(text.strip(), read)
        except ValueError as reason:
            self._report(column, str(reason))
            return None
        self._table.read[column] += 1
        if note:
            self._note(column, note)
        return value

    def _read(self, text: str, read: cells.Reader) -> cells.Read:
        known = self._known.get((read, text))
        if known is None:
            known = self._known[read, text] = read(text)
        return known

    def _count(self, column: str) -> None:
        self._table.filled[column] += 1

    def _report(self, column: str, reason: str) -> None:
        text = self._row.cells.get(column) or ""
        self._table.bad_cells.append(Remark(self._row.number, column, text, reason))

    def _note(self, column: str, reason: str) -> None:
        text = self._row.cells.get(column) or ""
        self._table.notes.append(Remark(self._row.number, column, text, reason))


def _companies(text: str) -> cells.Read:
    return cells.Read(*names.companies(text))


def _model(text: str) -> cells.Read:
    return cells.Read(*names.model(text))


def _trains(text: str) -> cells.Read:
    return cells.Read({name: each.value for name, each in cells.trains(text).items()})
