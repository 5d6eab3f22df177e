"""The three formats: JSON (an array), JSON Lines, and CSV. Records in, text out; and back.

In every one a record has lines of its own, so that a file is read in constant memory, and a
refusal can name the line.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TextIO

from versioning.entities.kinds import Kind
from wiki.exchange.cells import Column, NotACell, column, guarded, json_text, read_json, to_cell
from wiki.exchange.documents import Names, Record, ids_in, slugged_fields, slugs_of

Chunks = Iterable[list[Record]]

LONGEST = 64_000_000
"""Characters of a line of JSON, and of a cell: Python's own limit is shorter than an article."""


class BadLine(Exception):
    """A line that cannot be read as the format says; the message is a sentence's end."""

    def __init__(self, line: int, reason: str) -> None:
        self.line, self.reason = line, reason
        super().__init__(f"line {line} {reason}")


@dataclass(frozen=True)
class Read:
    """A record as a file has it, and the line that it begins in."""

    line: int
    record: Record


class Format(Protocol):
    """A way to write records as text, and to read them again."""

    content_type: str

    def write(self, kind: Kind, chunks: Chunks) -> Iterator[str]:
        """The text of a file, piece by piece."""

    def read(self, kind: Kind, file: TextIO) -> Iterator[Read]:
        """The records of a file. Raises BadLine."""


class JsonLines:
    """A record a line."""

    content_type = "application/jsonl; charset=utf-8"

    def write(self, kind: Kind, chunks: Chunks) -> Iterator[str]:
        for chunk in chunks:
            yield "".join(f"{json_text(record)}\n" for record in chunk)

    def read(self, kind: Kind, file: TextIO) -> Iterator[Read]:
        for number, line in _lines(file):
            if line:
                yield Read(number, _object(number, line))


class Json:
    """An array, a record a line."""

    content_type = "application/json; charset=utf-8"

    def write(self, kind: Kind, chunks: Chunks) -> Iterator[str]:
        separator = "[\n"
        for chunk in chunks:
            for record in chunk:
                yield f"{separator}{json_text(record)}"
                separator = ",\n"
        yield "[]\n" if separator == "[\n" else "\n]\n"

    def read(self, kind: Kind, file: TextIO) -> Iterator[Read]:
        lines = _lines(file)
        number, first = next(lines, (1, ""))
        if first == "[]":
            return
        if first != "[":
            raise BadLine(number, "should be [ alone: each record stands on a line of its own")
        is_open = True
        for number, line in lines:
            if not is_open:
                raise BadLine(number, "comes after the end of the array")
            if line == "]":
                is_open = False
            else:
                yield Read(number, _object(number, line.removesuffix(",")))
        if is_open:
            raise BadLine(number, "should be ] and more: the file was cut off")


class Csv:
    """A record a row; references with their slugs beside them, nested values as JSON."""

    content_type = "text/csv; charset=utf-8"

    def write(self, kind: Kind, chunks: Chunks) -> Iterator[str]:
        yield _rows_text([["id", *_columns(kind)]])
        for chunk in chunks:
            slugs = slugs_of(kind, chunk)
            yield _rows_text(_cells(kind, record, slugs) for record in chunk)

    def read(self, kind: Kind, file: TextIO) -> Iterator[Read]:
        fields = {**{former: kind.fields[now] for former, now in kind.former_names.items()},
                  **kind.fields}  # fmt: skip
        with _long_cells():
            rows = _rows(file)
            _, heading = next(rows, (1, []))
            if len(set(heading)) != len(heading):
                raise BadLine(1, "names a column twice")
            columns = [
                None if is_for_people(name) else column(name, fields.get(name)) for name in heading
            ]
            for line, cells in rows:
                if len(cells) != len(columns):
                    raise BadLine(
                        line, f"has {len(cells)} cells where the heading has {len(columns)}"
                    )
                yield Read(line, _record(line, columns, cells))


def is_for_people(column: str) -> bool:
    """`park.slug` stands beside `park`, which holds the id; only ids are read back."""
    return column.endswith(".slug")


Encoding = Literal["json", "csv", "jsonl"]

FORMATS: dict[Encoding, Format] = {"json": Json(), "csv": Csv(), "jsonl": JsonLines()}


def _columns(kind: Kind) -> Iterator[str]:
    slugged = {f.name for f in slugged_fields(kind)}
    for name in kind.fields:
        yield name
        if name in slugged:
            yield f"{name}.slug"


def _cells(kind: Kind, record: Record, slugs: Names) -> Iterator[str]:
    slugged = {f.name for f in slugged_fields(kind)}
    yield record["id"]
    for name, f in kind.fields.items():
        yield to_cell(f, record[name])
        if name in slugged:
            yield guarded(" ".join(slugs.get(each, "") for each in ids_in(record[name])))


def _record(line: int, columns: Sequence[Column | None], cells: Sequence[str]) -> Record:
    record: Record = {}
    for each, cell in zip(columns, cells, strict=True):
        if each is None:
            continue
        try:
            record[each.name] = each.read(cell)
        except NotACell as reason:
            raise BadLine(line, f"field {each.name!r} {reason}: {cell[:60]!r}") from None
    return record


def _rows_text(rows: Iterable[Iterable[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()


def _rows(file: TextIO) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line that it begins in; empty lines left out."""
    reader = csv.reader(file, strict=True)
    began = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadLine(began, f"is not CSV: {error}") from None
        if cells:
            yield began, cells
        began = reader.line_num + 1


@contextmanager
def _long_cells() -> Iterator[None]:
    """The limit is the process's: others rely on theirs, so it is put back."""
    before = csv.field_size_limit(LONGEST)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _lines(file: TextIO) -> Iterator[tuple[int, str]]:
    """Each line with its number, without the blanks around it."""
    number = 0
    while line := file.readline(LONGEST + 1):
        number += 1
        if len(line) > LONGEST:
            raise BadLine(number, f"is longer than {LONGEST:,} characters")
        yield number, line.strip()


def _object(number: int, line: str) -> dict[str, Any]:
    try:
        found = read_json(line)
    except ValueError as error:
        raise BadLine(number, f"is not JSON: {error}") from None
    if not isinstance(found, dict):
        raise BadLine(number, "is not a record: it should be a JSON object")
    return found
