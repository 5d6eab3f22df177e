"""A field's value as JSON and back: the form it has in events, rows and merges.

One form serves all three. PostgreSQL reads it too (`jsonb_populate_record`),
so a projected row is the document itself.
"""

import datetime
import json
from abc import abstractmethod
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField, RangeField
from django.db import connection, models
from psycopg.types.range import Range

from versioning.entities.ranges import range_text, read_range
from versioning.entities.references import References
from versioning.entities.scalars import (
    as_site_has_it,
    bytes_of,
    bytes_text,
    duration_of,
    duration_text,
    moment_text,
    number_in_json,
    time_text,
)


class ValueField:
    """Mixed into a model field whose values have a class of their own.

    `to_document` gives a value's JSON form, which its `to_python` reads; a value that was
    assigned as text is read on the way, so that nothing else enters an event.
    """

    @abstractmethod
    def to_document(self, value: Any) -> Any:
        """The JSON form of a value that is not None. Raises ValidationError."""

    def value_to_string(self, obj: models.Model) -> Any:
        """What a fixture holds: the same form."""
        field: Any = self
        return self.to_document(field.value_from_object(obj))


class ReferringField:
    """Mixed into a model field whose values refer to other entities from within.

    A foreign key or `References` needs nothing of this; a list of items that name entities does.
    """

    @abstractmethod
    def referred(self, document: Any) -> Iterable[tuple[type[models.Model], str]]:
        """The entities that a value in its JSON form names: model and id, for each mention."""

    @abstractmethod
    def naming(self, model: type[models.Model], entity_ids: Sequence[str]) -> models.Q | None:
        """The rows whose value names one of the entities; None where it names none of the model."""


def to_json(field: "models.Field[Any, Any]", value: Any) -> Any:
    """The JSON form of a Python value of this field; None stays None."""
    if value is not None and isinstance(field, ValueField):
        return field.to_document(value)
    if isinstance(field, models.JSONField):
        return _as_jsonb(field, value)
    if is_coded(field):
        value = field.get_prep_value(value)
    if isinstance(field, RangeField):
        value = field.get_prep_value(field.to_python(value))
    return _json(field, value)


_coded: dict[type[Any], bool] = {}


def is_coded(field: "models.Field[Any, Any]") -> bool:
    """Whether a field is of a class of somebody else's, with a form of its own for the database.

    What is kept in events is that form, as in the column.
    """
    cls = field.__class__
    if cls not in _coded:
        _coded[cls] = _has_code(cls)
    return _coded[cls]


def has_own_form(field: "models.Field[Any, Any]") -> bool:
    """Whether a field reads and writes its column by rules of its own, whatever the column takes.

    Some of a column's values may then be none of the field's.
    """
    element = element_of(field)
    return isinstance(element, ValueField) or is_coded(element)


def element_of(field: "models.Field[Any, Any]") -> "models.Field[Any, Any]":
    """The field of a single value: of an array, however deep, that of its items."""
    while isinstance(field, ArrayField):
        field = field.base_field
    return field


def _has_code(field_class: type[Any]) -> bool:
    if issubclass(field_class, ValueField | References | models.JSONField | ArrayField):
        return False
    codes = (getattr(field_class, "from_db_value", None), field_class.get_prep_value)
    return any(code is not None and not code.__module__.startswith("django.") for code in codes)


def _json(field: "models.Field[Any, Any]", value: Any) -> Any:
    match value:
        case None | bool() | int() | float():
            return number_in_json(field, value)
        case str() if isinstance(field, models.DurationField):
            return duration_text(duration_of(value))
        case str() if isinstance(field, models.BinaryField):
            return bytes_text(value)
        case str():
            # An address that is left empty is none: PostgreSQL's inet knows no empty one.
            is_none = value == "" and isinstance(field, models.GenericIPAddressField)
            return None if is_none else str(value)
        case datetime.timedelta():
            return duration_text(value)
        case bytes() | bytearray() | memoryview():
            return bytes_text(value)
        case UUID():
            return str(value)
        case Decimal():
            return number_in_json(field, value)
        case datetime.datetime():
            return moment_text(value)
        case datetime.date():
            return value.isoformat()
        case datetime.time():
            return time_text(value)
        case list() | tuple() | set() | frozenset():
            if isinstance(field, ArrayField):
                return _array([to_json(field.base_field, item) for item in value])
            return [str(item) if isinstance(item, UUID) else item for item in value]
        case dict():
            return value
        case models.Model():
            return str(value.pk)
        case Range():
            return range_text(value)
    prepared = field.get_prep_value(value)
    if prepared is value or not isinstance(prepared, str | int | float | bool | type(None)):
        raise TypeError(f"{field.name}: a {type(value).__name__} cannot be kept in an event.")
    return prepared


def _array(items: list[Any]) -> list[Any]:
    """An array as PostgreSQL has it: one of empty arrays alone is empty."""
    return [] if all(item == [] for item in items) else items


def answer_in_json(value: Any) -> Any:
    """The JSON form of what PostgreSQL answered, whatever field it may be of."""
    if isinstance(value, list):
        return [answer_in_json(item) for item in value]
    return _json(_ANY_FIELD, value)


_ANY_FIELD: "models.Field[Any, Any]" = models.Field()


def _as_jsonb(field: "models.JSONField[Any]", value: Any) -> Any:
    """A value as PostgreSQL gives it back: keys are texts, and no number has an exponent.

    What JSON has no form for is the encoder's. Raises TypeError where that has none either.
    """
    match value:
        case float() if value.is_integer():
            # repr() tells the digits that are sent; and zero has no sign.
            return int(Decimal(repr(value))) if "e" in repr(value) else value + 0.0
        case None | bool() | int() | float():
            return value
        case str():
            return str(value)
        case list() | tuple():
            return [_as_jsonb(field, item) for item in value]
        case dict() if all(isinstance(key, str) for key in value):
            return {str(key): _as_jsonb(field, item) for key, item in value.items()}
    return _as_jsonb(field, json.loads(json.dumps(value, cls=field.encoder)))


def as_column(field: "models.Field[Any, Any]", value: Any) -> Any:
    """A value as its field would hand it to the database: 78, where "78" was assigned.

    Raises what the field raises of a value that it cannot have.
    """
    if value is None or isinstance(field, ValueField | References | models.JSONField):
        return value
    if is_coded(field):
        return value  # its form for the database is none that people hold
    if isinstance(field, ArrayField):
        return [as_column(field.base_field, item) for item in value]
    if isinstance(field, models.DurationField) and isinstance(value, str | int | float):
        return duration_of(str(value))
    if isinstance(field, models.BinaryField) and isinstance(value, str):
        return bytes_of(value)
    value = field.get_prep_value(value)
    return value.replace(tzinfo=None) if isinstance(value, datetime.time) else value


def to_python(field: "models.Field[Any, Any]", value: Any) -> Any:
    """The Python value of a JSON form, as an instance of the model holds it."""
    if value is None:
        return None
    if isinstance(field, References):
        return [UUID(item) for item in value]
    if isinstance(field, models.ForeignKey):
        return field.target_field.to_python(value)
    if isinstance(field, ArrayField):
        return [to_python(field.base_field, item) for item in value]
    if isinstance(field, models.BinaryField) and isinstance(value, str):
        return bytes_of(value)
    if isinstance(field, RangeField):
        return read_range(field, value)
    if isinstance(field, models.JSONField) and field.decoder is not None:
        return json.loads(json.dumps(value), cls=field.decoder)
    read = getattr(field, "from_db_value", None)
    if read is not None and is_coded(field):
        column = getattr(models, field.get_internal_type(), None)
        return read(column().to_python(value) if column else value, None, connection)
    value = field.to_python(value)
    return as_site_has_it(value) if isinstance(value, datetime.datetime) else value


def hstore_text(value: Any) -> Any:
    """Texts by key as an hstore is written; a list of them, each."""
    if isinstance(value, list):
        return [hstore_text(item) for item in value]
    if value is None:
        return None
    return ", ".join(f"{_hstore_item(k)}=>{_hstore_item(v)}" for k, v in value.items())


def _hstore_item(text: str | None) -> str:
    if text is None:
        return "NULL"
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
