"""A CSV file as rows, or a sentence that says why it is none."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from eventstore.errors import Refusal

LARGEST: Final = 50_000_000
"""Bytes of a file."""

LONGEST_CELL: Final = 10_000
"""Characters of a cell."""

MOST_ROWS: Final = 200_000
MOST_CELLS: Final = 5_000_000
"""Of all rows, those that the heading has and a row leaves out among them. An empty cell takes one
byte of a file and some hundred of memory: so it stays under half a gigabyte.
"""

_OTHER_FORMATS: Final = (
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"PK\x03\x04", "a ZIP archive or a spreadsheet (XLSX)"),
    (b"\xd0\xcf\x11\xe0", "a spreadsheet (XLS)"),
    (b"\x1f\x8b", "compressed (gzip)"),
    (b"%PDF", "a PDF"),
    (b"<!", "HTML or XML"),
    (b"<html", "HTML"),
    (b"<?xml", "XML"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
_LONGEST_BEGINNING: Final = max(len(beginning) for beginning, _ in _OTHER_FORMATS)


class BadFile(Refusal):
    """The file as a whole cannot be read; the message is a sentence."""

    code = "bad-file"
    status = 400
    hint = "Correct the file, and run the command again."


@dataclass(frozen=True)
class Row:
    """One row: its number in the file (the heading is row 1) and its cells by column."""

    number: int
    cells: dict[str, str]


@dataclass
class Rows:
    """A file's columns and rows; `ragged` are the rows with too few or too many cells."""

    columns: list[str]
    rows: list[Row] = field(default_factory=list)
    ragged: dict[int, str] = field(default_factory=dict)


def read_rows(path: Path, needed: str) -> Rows:
    """Every row of a CSV file, which must have the column `needed`: the names of its rows.

    Raises BadFile; memory stays within the limits above.
    """
    records = ((number, cells) for number, cells in _records(_text(path), path) if _says(cells))
    heading = next(records, None)
    if heading is None:
        raise BadFile(f"{path} has no heading.")
    columns = [column.strip() for column in heading[1]]
    _check_heading(columns, path, needed)
    found = Rows(columns)
    for number, cells in records:
        _check_size(found, path, number)
        if len(cells) > len(columns):
            found.ragged[number] = (
                f"has {len(cells)} cells where the heading has {len(columns)}: it was left out"
            )
            continue
        if len(cells) < len(columns):
            found.ragged[number] = (
                f"has {len(cells)} cells where the heading has {len(columns)}: the rest is empty"
            )
        found.rows.append(Row(number, dict(zip(columns, cells, strict=False))))
    if not found.rows:
        raise BadFile(f"{path} has a heading, but no rows.")
    return found


def _check_size(found: Rows, path: Path, number: int) -> None:
    count = len(found.rows) + 1
    if count > MOST_ROWS or count * len(found.columns) > MOST_CELLS:
        raise BadFile(
            f"{path}, row {number}: the file has more than {MOST_ROWS:,} rows, or {MOST_CELLS:,} "
            "cells.",
            "Split it.",
        )


def _says(cells: Sequence[str]) -> bool:
    return any(cell.strip() for cell in cells)


def _text(path: Path) -> str:
    if path.is_dir():
        raise BadFile(f"{path} is a directory.", "Name a CSV file.")
    try:
        with path.open("rb") as file:
            content = file.read(_LONGEST_BEGINNING)
            _refuse_other_formats(content, path)
            content += file.read(LARGEST + 1 - len(content))
    except OSError as error:
        raise BadFile(f"{path} cannot be read: {error.strerror}.") from None
    if len(content) > LARGEST:
        raise BadFile(f"{path} is larger than {LARGEST // 1_000_000} MB.", "Split it.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadFile(f"{path} is not UTF-8 in line {line}.", "Save it as UTF-8.") from None
    if "\0" in text:
        raise BadFile(f"{path} is not text: it contains a NUL character.")
    if not text.strip():
        raise BadFile(f"{path} is empty.")
    return text


def _refuse_other_formats(content: bytes, path: Path) -> None:
    for beginning, name in _OTHER_FORMATS:
        if content.lower().startswith(beginning.lower()):
            raise BadFile(f"{path} looks like {name}.", "Save the table as CSV, in UTF-8.")


def _records(text: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Each record with its number; the limits are checked as they come."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number, began_at = 0, 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "field limit" in str(error) and reader.line_num <= began_at:
                raise BadFile(_too_long(path, number + 1, "a cell")) from None
            if "field limit" in str(error) or "end of data" in str(error):
                raise BadFile(
                    f"{path}, row {number + 1}: a quotation mark that opens in line {began_at} "
                    "never closes."
                ) from None
            raise BadFile(f"{path}, row {number + 1} is not CSV: {error}.") from None
        number, began_at = number + 1, reader.line_num + 1
        for place, cell in enumerate(cells, 1):
            if len(cell) > LONGEST_CELL:
                raise BadFile(_too_long(path, number, f"cell {place}"))
        yield number, cells


def _too_long(path: Path, number: int, cell: str) -> str:
    return f"{path}, row {number}: {cell} is too long (the limit is {LONGEST_CELL} characters)."


def _check_heading(columns: list[str], path: Path, needed: str) -> None:
    twice = [name for name, count in Counter(columns).items() if count > 1 and name]
    if twice:
        raise BadFile(f"{path} has the column {twice[0]!r} more than once.")
    if needed not in columns:
        hint = " Are its cells parted by semicolons?" if ";" in columns[0] else ""
        raise BadFile(f"{path} has no column {needed!r}, so its rows have no names.{hint}")
