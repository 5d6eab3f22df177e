"""The table as facts: a row a ride, bad cells reported and left out."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from wiki.imports.coasters import values

NAME = "coaster_name"
STATUSES = {
    "operating": "operating", "removed": "removed", "closed": "closed",
    "under construction": "under-construction", "announced": "announced",
}  # fmt: skip


class BadFile(Exception):
    """The file as a whole cannot be read."""


@dataclass(frozen=True)
class BadCell:
    row: int
    column: str
    value: str
    reason: str


@dataclass
class RideFacts:
    """What a row says; None where it says nothing."""

    name: str
    park: str | None = None
    manufacturers: list[str] = field(default_factory=list)
    designers: list[str] = field(default_factory=list)
    model: str | None = None
    status: str | None = None
    opened: str | None = None
    closed: str | None = None
    height_m: Decimal | None = None
    length_m: Decimal | None = None
    speed_km_h: Decimal | None = None
    inversions: int | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None


@dataclass
class Table:
    """A file that was read."""

    rides: list[RideFacts]
    bad_cells: list[BadCell]
    unknown_columns: list[str]


def read_table(path: Path) -> Table:
    """Read a CSV file; columns in any order. Raises BadFile with a sentence."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise BadFile(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise BadFile(f"{path} is not UTF-8 (byte {error.start}). Save it as UTF-8.") from None
    if "\0" in text:
        raise BadFile(f"{path} is no text: it holds a NUL.")
    if not text.strip():
        raise BadFile(f"{path} is empty.")
    try:
        rows = list(csv.DictReader(io.StringIO(text), strict=True))
    except csv.Error as error:
        raise BadFile(f"{path} is not CSV: {error}.") from None
    columns = list(rows[0]) if rows else text.strip().split(",")
    if NAME not in columns:
        raise BadFile(f"{path} has no column {NAME!r}, so its rides have no names.")
    bad: list[BadCell] = []
    rides = [_ride(number, row, bad) for number, row in enumerate(rows, 2)]
    known = {column for column, _, _ in _CELLS} | {NAME, "Location", "height_unit", "speed1_unit"}
    unknown = [column for column in columns if column not in known]
    return Table([ride for ride in rides if ride is not None], bad, unknown)


def _ride(number: int, row: dict[str, Any], bad: list[BadCell]) -> RideFacts | None:
    name = values.plain(row.get(NAME) or "")
    if not name:
        bad.append(BadCell(number, NAME, "", "is empty: the row was left out"))
        return None
    facts = RideFacts(name[:200])
    location = values.plain(row.get("Location") or "")
    if location and location != "Other":
        facts.park = location[:200]
    for column, attribute, read in _CELLS:
        cell = row.get(column) or ""
        unit = row.get(column.replace("_value", "_unit")) if column.endswith("_value") else ""
        if not cell.strip() or getattr(facts, attribute) not in (None, []):
            continue
        try:
            setattr(facts, attribute, read(f"{cell} {unit}".strip()))
        except ValueError as reason:
            bad.append(BadCell(number, column, cell, str(reason)))
    return facts


def _status(text: str) -> str:
    try:
        return STATUSES[values.plain(text).lower()]
    except KeyError:
        raise ValueError("is no status that is known") from None


def _length(text: str) -> Decimal:
    return values.quantity(text, values.METRES)


def _speed(text: str) -> Decimal:
    return values.quantity(text, values.KM_PER_HOUR)


def _name(text: str) -> str:
    return values.plain(text)[:200]


# A fact that several columns tell is taken from the first that has it.
_CELLS: list[tuple[str, str, Callable[[str], Any]]] = [
    ("Manufacturer", "manufacturers", values.names),
    ("Designer", "designers", values.names),
    ("Model", "model", _name),
    ("Status", "status", _status),
    ("opening_date_clean", "opened", values.opening_date),
    ("year_introduced", "opened", values.date),
    ("Closing date", "closed", values.date),
    ("height_value", "height_m", _length),
    ("Length", "length_m", _length),
    ("speed1_value", "speed_km_h", _speed),
    ("Inversions_clean", "inversions", values.whole_number),
    ("latitude", "latitude", values.degree),
    ("longitude", "longitude", values.degree),
]


def bad_cell_lines(cells: list[BadCell]) -> Iterator[str]:
    for cell in cells:
        yield f"Row {cell.row}, {cell.column}: {cell.value!r} {cell.reason}."
