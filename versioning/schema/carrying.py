"""Values of a field carried over from what it meant to what it means next.

PostgreSQL casts whatever has to be cast, since it is PostgreSQL that cast the rows: so a
replay and the rows of a migration say the same, down to the last digit.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, models

from versioning.entities.values import to_json
from versioning.schema.events import Carrying, FieldChanged, Meaning
from versioning.schema.upcasters import find_upcaster

Carry = Callable[[Any], Any]
"""A value before, a value after; both in JSON form, but for what a cast gives in between."""

_TEXTS = ("text", "varchar", "character varying", "citext")
_INTEGERS = frozenset({"smallint", "integer", "bigint"})


def is_same(before: str, after: str) -> bool:
    """Whether every value of a type is the very same value of another, where it fits at all."""
    return (
        before == after
        or (before.startswith(_TEXTS) and after.startswith(_TEXTS))
        or {before, after} <= _INTEGERS
    )


def carry_of(event: FieldChanged, before: Meaning) -> Carry | None:
    """What a change of meaning does to a value; None where all values stay as they are."""
    match event.carrying:
        case Carrying.SAME:
            carry: Carry | None = None
        case Carrying.CAST:
            carry = _Cast(before.type, event.meaning.type)
        case Carrying.LISTED:
            carry = _listed
        case Carrying.FIRST:
            carry = _first
        case Carrying.UPCASTER:
            carry = _upcast(event)
    if event.fill is None:
        return carry
    return _filled(carry, event.fill)


def settled(field: "models.Field[Any, Any]", value: Any) -> Any:
    """A value that a cast gave, in the JSON form of a field of today."""
    if value is None or isinstance(value, list | dict):
        return value
    if isinstance(value, str) and isinstance(field, models.JSONField):
        return json.loads(value)
    return to_json(field, value if isinstance(value, bool) else field.to_python(value))


class _Cast:
    """PostgreSQL's cast, asked once for each value. Cost: a query for each that is new."""

    def __init__(self, before: str, after: str) -> None:
        self._sql = f"SELECT (%s::{before})::{after}"
        self._is_json = before == "jsonb"
        self._known: dict[str, Any] = {}

    def __call__(self, value: Any) -> Any:
        if value is None:
            return None
        key = repr(value)
        if key not in self._known:
            asked = json.dumps(value) if self._is_json else value
            with connection.cursor() as cursor:
                cursor.execute(self._sql, [asked])
                (self._known[key],) = cursor.fetchone()
        return self._known[key]


def _listed(value: Any) -> list[Any]:
    return [] if value is None else [value]


def _first(value: Sequence[Any] | None) -> Any:
    if value and len(value) > 1:
        raise ValueError(
            f"A list of {len(value)} references stands where one alone would have room."
        )
    return value[0] if value else None


def _upcast(event: FieldChanged) -> Carry:
    def carried(value: Any) -> Any:
        if value is None:
            return None
        return find_upcaster(event.kind, event.field, event.upcaster)(value)

    return carried


def _filled(carry: Carry | None, fill: Any) -> Carry:
    def carried(value: Any) -> Any:
        if value is None:
            return fill
        return carry(value) if carry else value

    return carried
