"""Values of a field carried over from what it meant to what it means next.

PostgreSQL casts whatever has to be cast, since it is PostgreSQL that cast the rows: so a
replay and the rows of a migration say the same, down to the last digit.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import DataError, connection, models, transaction

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
            carry = Cast(before.type, event.meaning.type)
        case Carrying.LISTED:
            carry = _listed
        case Carrying.FIRST:
            carry = _first
        case Carrying.UPCASTER:
            carry = _upcast(event)
    if event.fill is None:
        return carry
    return _Filled(carry, event.fill)


def settled(field: "models.Field[Any, Any]", value: Any) -> Any:
    """A value that a cast gave, in the JSON form of a field of today."""
    if value is None or isinstance(value, list | dict):
        return value
    if isinstance(value, str) and isinstance(field, models.JSONField):
        return json.loads(value)
    return to_json(field, value if isinstance(value, bool) else field.to_python(value))


class Cast:
    """PostgreSQL's cast, asked once for each value. Raises ValueError for what is no such value.

    Cost: a query for each value that was not learnt together with others.
    """

    def __init__(self, before: str, after: str) -> None:
        self._one = f"SELECT (%s::{before})::{after}"
        self._many = _MANY.format(before=before, after=after)
        self._is_json = before == "jsonb"
        self._known: dict[str, Any] = {}

    def __call__(self, value: Any) -> Any:
        if value is None:
            return None
        key = repr(value)
        if key not in self._known:
            try:
                (row,) = _rows(self._one, json.dumps(value) if self._is_json else value)
            except DataError as error:
                problem = str(error).splitlines()[0]
                raise ValueError(f"A value cannot be cast: {problem}") from error
            self._make_room()
            self._known[key] = row
        return self._known[key]

    def learn(self, values: Iterable[Any]) -> None:
        """Ask for many values in one query: those that are sure to be the same as texts."""
        self._make_room()
        new = {
            key: json.dumps(value) if self._is_json else str(value)
            for value in values
            if (self._is_json or isinstance(value, str | int | float | Decimal))
            and value is not None
            and (key := repr(value)) not in self._known
        }
        if new:
            # What cannot be cast is told of when it is asked for by itself.
            with suppress(DataError):
                self._known |= zip(new, _rows(self._many, list(new.values())), strict=True)

    def _make_room(self) -> None:
        if len(self._known) > _KNOWN:
            self._known = {}


def _rows(sql: str, asked: Any) -> list[Any]:
    """The answers of a cast, which may fail without taking the open transaction along."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [asked])
        return [answer for (answer,) in cursor.fetchall()]


_KNOWN = 100_000
"""Values that are remembered; of more, what comes next is worth more than what was."""

_MANY = """
SELECT (told.value::{before})::{after}
  FROM unnest(%s::text[]) WITH ORDINALITY AS told(value, place)
 ORDER BY told.place
"""


def cast_in(carry: Carry) -> Cast | None:
    """The cast that a carry is; None where it is something else."""
    if isinstance(carry, _Filled):
        return cast_in(carry.carry) if carry.carry else None
    return carry if isinstance(carry, Cast) else None


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


@dataclass(frozen=True)
class _Filled:
    """What is carried over, and a value where there was none."""

    carry: Carry | None
    fill: Any

    def __call__(self, value: Any) -> Any:
        if value is None:
            return self.fill
        return self.carry(value) if self.carry else value
