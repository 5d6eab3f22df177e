"""Ranges as text, in the one form that PostgreSQL has for equal ones.

Ranges of whole numbers and days begin with their first value and end before the one behind their
last; an empty range is `empty`, wherever it lies.
"""

import datetime
import re
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import RangeField
from django.db import models
from psycopg.types.range import Range

EMPTY = "empty"

_BOUND = r'"[^"]*"|[^",\])]*'
_TEXT = re.compile(rf"(?P<begin>[\[(])(?P<lower>{_BOUND}),(?P<upper>{_BOUND})(?P<end>[\])])")


def range_text(value: "Range[Any]") -> str:
    """A range as PostgreSQL reads and writes it."""
    if value.isempty or _is_nowhere(value):
        return EMPTY
    settled = _of_steps(value)
    if _is_nowhere(settled):
        return EMPTY
    begin = "[" if settled.lower_inc else "("
    end = "]" if settled.upper_inc else ")"
    return f"{begin}{_bound(settled.lower)},{_bound(settled.upper)}{end}"


def read_range(field: "RangeField[Any]", text: str) -> "Range[Any]":
    """The range of a text, of the class that the field's column is read as."""
    range_class: type[Range[Any]] = field.range_type
    if text == EMPTY:
        return range_class(empty=True)
    match = _TEXT.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a range.")
    base: Any = field.base_field
    lower, upper = (_read_bound(base, match[name]) for name in ("lower", "upper"))
    return range_class(lower, upper, match["begin"] + match["end"])


def _is_nowhere(value: "Range[Any]") -> bool:
    """Whether both bounds are one place that is not in it."""
    is_one_place = value.lower is not None and value.lower == value.upper
    return is_one_place and not (value.lower_inc and value.upper_inc)


def _of_steps(value: "Range[Any]") -> "Range[Any]":
    """A range of what is counted, with its first value in and the one behind its last out."""
    lower, upper = value.lower, value.upper
    step = _step(lower if lower is not None else upper)
    if step is None:
        return value
    if lower is not None and not value.lower_inc:
        lower += step
    if upper is not None and value.upper_inc:
        upper += step
    return Range(lower, upper)


def _step(bound: Any) -> Any:
    """From one value to the next; None where there is always another between."""
    if isinstance(bound, int):
        return 1
    if isinstance(bound, datetime.date) and not isinstance(bound, datetime.datetime):
        return datetime.timedelta(days=1)
    return None


def _bound(value: Any) -> str:
    match value:
        case None:
            return ""
        case datetime.datetime():
            return f'"{value.astimezone(datetime.UTC).isoformat()}"'
        case datetime.date():
            return value.isoformat()
        case Decimal():
            return f"{value:f}"
    return str(value)


def _read_bound(field: "models.Field[Any, Any]", text: str) -> Any:
    return field.to_python(text.strip('"')) if text else None
