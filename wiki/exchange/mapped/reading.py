"""Rows of a mapped table as facts; what cannot be read is reported and left out."""

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import IntegerField

from versioning.fields.columns import PartialDateField, QuantityField
from versioning.fields.quantities import parse, tidy
from versioning.fields.validation import sentences_of
from wiki.exchange.mapped.mapping import Column, TableMapping
from wiki.exchange.tables.file import Row, read_rows
from wiki.exchange.tables.remarks import Remark

LONGEST_NAME = 200
_THOUSANDS = re.compile(r"(?<![0-9])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])")
_NOTHING_BEHIND = re.compile(r"(?<=[0-9])\.00?$")  # 1.000 may be a thousand


@dataclass
class Facts:
    """What a row tells of a page: fields in JSON form, and names of other pages by field."""

    row: int
    name: str
    fields: dict[str, Any] = field(default_factory=dict)
    named: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Sheet:
    """A file that was read. `read` and `filled` count cells by column."""

    facts: list[Facts] = field(default_factory=list)
    bad_cells: list[Remark] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)
    filled: Counter[str] = field(default_factory=Counter)
    read: Counter[str] = field(default_factory=Counter)


def read_sheet(path: Path, mapping: TableMapping) -> Sheet:
    """Read a table by its mapping. Raises BadFile; BadMapping is raised before."""
    rows = read_rows(path, mapping.name)
    sheet = Sheet(unknown_columns=[c for c in rows.columns if c not in mapping.known_columns])
    for column in sorted(mapping.known_columns - set(rows.columns)):
        sheet.bad_cells.append(Remark(1, column, "", "is a column that the file does not have"))
    for number, reason in rows.ragged.items():
        sheet.bad_cells.append(Remark(number, "", "", reason))
    for row in rows.rows:
        facts = _read_row(row, mapping, sheet)
        if facts is not None:
            sheet.facts.append(facts)
    return sheet


def _read_row(row: Row, mapping: TableMapping, sheet: Sheet) -> Facts | None:
    name = tidy(row.cells.get(mapping.name) or "")
    sheet.filled[mapping.name] += 1
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        reason = "is empty or not a name: the row was left out"
        sheet.bad_cells.append(Remark(row.number, mapping.name, name, reason))
        return None
    sheet.read[mapping.name] += 1
    facts = Facts(row.number, name, dict(mapping.constants))
    for column in mapping.columns:
        text = tidy(row.cells.get(column.column) or "")
        if mapping.is_empty(text):
            continue
        sheet.filled[column.column] += 1
        try:
            _take(facts, column, text)
            sheet.read[column.column] += 1
        except (ValueError, ValidationError) as refusal:
            sheet.bad_cells.append(Remark(row.number, column.column, text, _reason(refusal)))
    return facts


def _take(facts: Facts, column: Column, text: str) -> None:
    """Keep what a cell says. Raises ValueError, ValidationError."""
    f = column.tells
    parts = (
        [p for part in text.split(column.separator) if (p := part.strip())]
        if (column.separator)
        else [text]
    )
    if text.casefold() in column.values:
        value = column.values[text.casefold()]
        if value is not None:
            facts.fields[f.name] = value
    elif f.refers:
        if any(len(part) > LONGEST_NAME or not part.isprintable() for part in parts):
            raise ValueError("is not a name")
        facts.named[f.name] = parts if f.is_references else parts[:1]
    elif isinstance(f.model_field, QuantityField):
        unit = column.unit or f.model_field.unit
        facts.fields[f.name] = parse(text, f.model_field.dimension, unit).document()
    else:
        facts.fields[f.name] = _plain(column, parts)


def _plain(column: Column, parts: list[str]) -> Any:
    f = column.tells
    field_: Any = getattr(f.model_field, "base_field", f.model_field)
    read = [_chosen(field_, _without_zeros(field_, part)) for part in parts]
    if field_ is not f.model_field:
        return f.to_json(f.model_field.clean(read, None))
    return f.to_json(f.model_field.clean(read[0], None))


def _without_zeros(field_: Any, text: str) -> str:
    """A count or a year as people write it: programs write 4 as `4.0`, and 1200 as `1,200`."""
    if isinstance(field_, IntegerField):
        text = _THOUSANDS.sub(lambda figure: figure[0].replace(",", ""), text)
    if isinstance(field_, IntegerField | PartialDateField):
        return _NOTHING_BEHIND.sub("", text)
    return text


def _chosen(field_: Any, text: str) -> Any:
    """A choice by its value or its label, in any case; other texts as they are."""
    for value, label in getattr(field_, "flatchoices", ()):
        if text.casefold() in (str(value).casefold(), str(label).casefold()):
            return value
    return text


def _reason(refusal: ValueError | ValidationError) -> str:
    if isinstance(refusal, ValidationError):
        return "was refused: " + " ".join(sentences_of(refusal)).rstrip(".")
    return str(refusal)
