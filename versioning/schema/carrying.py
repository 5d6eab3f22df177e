"""Values of a field carried over from what it meant to what it means next.

PostgreSQL casts whatever has to be cast, since it is PostgreSQL that cast the rows: so a
replay and the rows of a migration say the same, down to the last digit. It reads a value as the
projector has it read one (`jsonb_to_recordset`), under the settings that the migration had.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from reprlib import Repr
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import DataError, ProgrammingError, connection, models, transaction
from psycopg.types.datetime import TimestamptzLoader

from eventstore.errors import Refusal
from eventstore.unfit import fault_of
from versioning.entities.values import answer_in_json, hstore_text, to_json, to_python
from versioning.fields.validation import sentences_of
from versioning.schema.events import Carrying, FieldChanged, Meaning
from versioning.schema.upcasters import find_upcaster

Carry = Callable[[Any], Any]
"""A value before, a value after; both in JSON form."""

_TEXTS = ("text", "varchar", "character varying", "citext")
_TIMES = ("date", "time", "timestamp", "tsrange", "tsmultirange", "tstz")
_INTEGERS = frozenset({"smallint", "integer", "bigint"})

_DIMENSIONS = re.compile(r"(\[\d*\])*$")
"""What stands behind the type of an array's items."""

_OF_TODAY = re.compile(r"(?<![a-z])(now|today|tomorrow|yesterday)(?![a-z])", re.IGNORECASE)
"""Words that PostgreSQL reads as a date or a time by the moment at which it reads them."""


class UncarriedValue(Refusal):
    """An old value of a field that its meaning of today has no room for."""

    code = "uncarried-value"
    status = 500
    hint = (
        "Every version counts, old ones and those of branches too. Carry such values over by an "
        "upcaster (versioning.operations.Upcast), or make another field."
    )

    def __init__(self, label: str, name: str, value: Any, problem: str) -> None:
        super().__init__(f"{shown(value)}, an old value of {label}.{name}, {problem}.")


_shortener = Repr(maxstring=80, maxother=80, maxlong=80)


def shown(value: Any) -> str:
    """A value for a sentence, shortened."""
    return _shortener.repr(value)


def is_same(before: str, after: str) -> bool:
    """Whether every value of a type is the very same value of another, where it fits at all."""
    one, other = _DIMENSIONS.split(before)[0], _DIMENSIONS.split(after)[0]
    return before == after or (
        before.count("[") == after.count("[")
        and (one == other or _are_texts(one, other) or {one, other} <= _INTEGERS)
    )


def _are_texts(*types: str) -> bool:
    return all(each.startswith(_TEXTS) for each in types)


def carry_of(event: FieldChanged, before: Meaning) -> Carry | None:
    """What a change of meaning does to a value; None where all values stay as they are."""
    match event.carrying:
        case Carrying.SAME:
            carry: Carry | None = None
        case Carrying.CAST:
            carry = Cast(before.type, event.meaning.type, event.settings)
        case Carrying.LISTED:
            carry = _listed
        case Carrying.FIRST:
            carry = _first
        case Carrying.UPCASTER:
            carry = _Upcast(event.kind, event.field, event.upcaster)
        case Carrying.PARTS:
            carry = _changed_parts(event)
    if event.fill is None:
        return carry
    return _Filled(carry, event.fill)


def settled(field: "models.Field[Any, Any]", value: Any) -> Any:
    """A value that was carried over, in the JSON form of a field of today.

    Raises ValueError for what no save of that field could write, with the end of a sentence.
    """
    if value is None:
        return None
    try:
        if isinstance(field, ArrayField) and isinstance(value, str):
            value = field.to_python(value)
        document = to_json(field, to_python(field, value))
    except ValidationError as error:
        raise ValueError(
            f"which the field does not take ({' '.join(sentences_of(error))})"
        ) from error
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise ValueError(f"which the field does not take ({error!r})") from error
    if fault := fault_of(document):
        raise ValueError(f"which holds {fault}")
    return document


def settings_of_casts() -> dict[str, str]:
    """The settings for casts from here on: the session's time zone, and what is always the same."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('TimeZone')")
        (zone,) = cursor.fetchone()
    return {**_SETTINGS, "TimeZone": zone}


_SETTINGS = {
    # A date of two meanings (01/02/2024) is refused.
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "postgres",
    "extra_float_digits": "1",
    "bytea_output": "hex",
}


@contextmanager
def under_settings(settings: Mapping[str, str]) -> Iterator[None]:
    """Inside a transaction, let PostgreSQL have some settings for a while."""
    names = list(settings)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(n) FROM unnest(%s::text[]) AS n", [names])
        former = [value for (value,) in cursor.fetchall()]
        cursor.execute(_SET, [names, list(settings.values())])
        yield
        cursor.execute(_SET, [names, former])


_SET = """
SELECT set_config(told.name, told.value, true)
  FROM unnest(%s::text[], %s::text[]) AS told(name, value)
"""


class Cast:
    """PostgreSQL's cast, asked once for each value. Raises ValueError for what is no such value.

    Cost: a query for each value that was not learnt together with others.
    """

    def __init__(self, before: str, after: str, settings: Mapping[str, str]) -> None:
        self._query = _QUERY.format(before=before, after=after)
        self._settings = settings
        self._is_hstore = before.startswith("hstore")
        self._is_jsonb = after.startswith("jsonb")
        self._reads_times = _are_texts(before) and after.startswith(_TIMES)
        self._known: dict[str, Any] = {}

    def __call__(self, value: Any) -> Any:
        if value is None:
            return None
        key = repr(value)
        if self._reads_times and _OF_TODAY.search(key):
            raise ValueError("is another one each day that it is read")
        if key not in self._known:
            try:
                (answer,) = self._ask([value])
            except (DataError, ProgrammingError) as error:
                problem = str(error).splitlines()[0]
                raise ValueError(f"cannot be cast: {problem}") from error
            self._make_room()
            self._known[key] = answer
        return self._known[key]

    def learn(self, values: Iterable[Any]) -> None:
        """Ask for many values in one query."""
        self._make_room()
        new = {
            key: value
            for value in values
            if value is not None and (key := repr(value)) not in self._known
        }
        if new:
            # What cannot be cast is told of when it is asked for by itself.
            with suppress(DataError, ProgrammingError):
                self._known |= zip(new, self._ask(list(new.values())), strict=True)

    def _ask(self, values: list[Any]) -> list[Any]:
        """The answers; to ask may fail without taking an open transaction along."""
        asked = [hstore_text(value) for value in values] if self._is_hstore else values
        told = json.dumps([{"value": value} for value in asked])
        with (
            transaction.atomic(),
            under_settings(self._settings),
            connection.cursor() as cursor,
        ):
            # Django's own takes moments for those of the connection's time zone.
            cursor.cursor.adapters.register_loader("timestamptz", TimestamptzLoader)
            cursor.execute(self._query, [told])
            return [self._in_json(answer) for (answer,) in cursor.fetchall()]

    def _in_json(self, answer: Any) -> Any:
        """An answer in JSON form; of JSON itself Django's cursor gives the text."""
        if not self._is_jsonb:
            return answer_in_json(answer)
        if isinstance(answer, list):
            return [self._in_json(item) for item in answer]
        return None if answer is None else json.loads(answer)

    def _make_room(self) -> None:
        if len(self._known) > _KNOWN:
            self._known = {}


_KNOWN = 100_000
"""Values that are remembered; of more, what comes next is worth more than what was."""

_QUERY = """
SELECT told.value::{after}
  FROM ROWS FROM (jsonb_to_recordset(%s::jsonb) AS (value {before})) WITH ORDINALITY
    AS told(value, place)
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
        raise ValueError(f"is a list of {len(value)} references, where one alone would have room")
    return value[0] if value else None


@dataclass(frozen=True)
class _Upcast:
    """A function of somebody's, which may raise whatever it likes. Raises ValueError for that."""

    kind: str
    field: str
    name: str

    def __call__(self, value: Any) -> Any:
        if value is None:
            return None
        function = find_upcaster(self.kind, self.field, self.name)
        try:
            return function(value)
        except Exception as error:
            raise ValueError(f"makes the upcaster {self.name!r} raise {error!r}") from error


def upcaster_in(carry: Carry) -> str | None:
    """The name of the upcaster that a carry is; None where it is something else."""
    return carry.name if isinstance(carry, _Upcast) else None


def _changed_parts(event: FieldChanged) -> Carry:
    changes = event.parts
    assert changes is not None

    def carried(items: Any) -> list[dict[str, Any]]:
        return [
            changes.added
            | {
                changes.renamed.get(name, name): value
                for name, value in item.items()
                if name not in changes.removed
            }
            for item in items or ()
        ]

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
