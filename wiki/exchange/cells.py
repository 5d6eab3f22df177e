"""Values as cells of a CSV file: each reads back as the very same value.

A text stands as it is; everything else is JSON. An empty cell is no value: None where the field
may have none, an empty text elsewhere.

A cell that begins with an apostrophe is the text behind it. So a text that a spreadsheet would
take for a formula (`=1+1`, `@SUM(A1)`) gets one in front, and so does a text that begins with one
itself; an apostrophe alone is an empty text where an empty cell would mean None.
"""

import json
import math
import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.db import connection, models

from versioning.entities.kinds import DocumentField

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet begins to calculate at, in full width too."""

_NUMBER: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")

_JSON_COLUMNS: Final = re.compile(r"(jsonb|smallint|integer|bigint|double precision|boolean)\b")


class NotACell(ValueError):
    """A cell that holds no value of its field; the message is a sentence's end."""


def to_cell(f: DocumentField, value: Any) -> str:
    """A value's JSON form as a cell."""
    if value is None:
        return ""
    if not holds_text(f):
        return json_text(value)
    text = str(value)
    if text == "":
        return "'" if f.model_field.null else ""
    return guarded(text)


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    is_risky = text.startswith(("'", *_FORMULA)) and not _NUMBER.fullmatch(text)
    return f"'{text}" if is_risky else text


@dataclass(frozen=True, slots=True)
class Column:
    """How the cells of a column are read. Made once for a file: there are millions of cells."""

    name: str
    is_text: bool
    empty: Any
    """What an empty cell means."""

    def read(self, cell: str) -> Any:
        """A cell as the value's JSON form. Raises NotACell."""
        if not cell:
            return self.empty
        if self.is_text:
            return cell[1:] if cell[0] == "'" else cell
        try:
            return read_json(cell)
        except ValueError:
            raise NotACell("is not JSON") from None


def column(name: str, f: DocumentField | None) -> Column:
    """The column of a field; one that is no field's is read as text."""
    if f is None:
        return Column(name, is_text=True, empty="")
    is_text = holds_text(f)
    return Column(name, is_text, "" if is_text and not f.model_field.null else None)


@cache
def holds_text(f: DocumentField) -> bool:
    """Whether the field's JSON form is a text, as that of names, dates and decimals is."""
    if f.is_references:
        return False
    field = f.model_field
    if isinstance(field, models.ForeignKey):
        field = field.target_field
    column = field.db_type(connection) or ""
    return not (column.endswith("]") or _JSON_COLUMNS.match(column))


def json_text(value: Any) -> str:
    """JSON without blanks, letters as they are."""
    return _ENCODER.encode(value)


def read_json(text: str) -> Any:
    """JSON as PostgreSQL can hold it: no NaN, no infinity, no name twice. Raises ValueError."""
    try:
        return _DECODER.decode(text)
    except RecursionError:
        raise ValueError("nested too deep") from None


def _finite(text: str) -> float:
    found = float(text)
    return found if math.isfinite(found) else _refuse(text)


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant[:20]} is not a number in JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name occurs twice in one object")
    return found


_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
_DECODER: Final = json.JSONDecoder(
    parse_constant=_refuse, parse_float=_finite, object_pairs_hook=_object
)
