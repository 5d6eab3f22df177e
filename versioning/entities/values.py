"""A field's value as JSON and back: the form it has in events, rows and merges.

One form serves all three. PostgreSQL reads it too (`jsonb_populate_record`),
so a projected row is the document itself.
"""

import datetime
import json
from abc import abstractmethod
from collections.abc import Iterable, Sequence
from decimal import Context, Decimal
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField, RangeField
from django.db import connection, models
from psycopg.types.range import Range

from versioning.entities.ranges import range_text, read_range
from versioning.entities.references import References

_BYTES = "\\x"
"""How PostgreSQL begins the text of bytes, in hexadecimal digits."""

_DIGITS = 28
"""The precision of a Decimal's arithmetic, unless a field has more digits."""


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
    if isinstance(field, ArrayField):
        return has_own_form(field.base_field)
    return isinstance(field, ValueField) or is_coded(field)


def _has_code(field_class: type[Any]) -> bool:
    if issubclass(field_class, ValueField | References | models.JSONField | ArrayField):
        return False
    codes = (getattr(field_class, "from_db_value", None), field_class.get_prep_value)
    return any(code is not None and not code.__module__.startswith("django.") for code in codes)


def _json(field: "models.Field[Any, Any]", value: Any) -> Any:
    match value:
        case None | bool() | int() | float():
            return _settled_number(field, value)
        case str():
            # An address that is left empty is none: PostgreSQL's inet knows no empty one.
            is_none = value == "" and isinstance(field, models.GenericIPAddressField)
            return None if is_none else str(value)
        case datetime.timedelta():
            return _interval(value)
        case bytes() | bytearray() | memoryview():
            return _BYTES + bytes(value).hex()
        case UUID():
            return str(value)
        case Decimal():
            return _settled_number(field, value)
        case datetime.datetime():
            return value.astimezone(datetime.UTC).isoformat()
        case datetime.date() | datetime.time():
            return value.isoformat()
        case list() | tuple() | set() | frozenset():
            if isinstance(field, ArrayField):
                return [to_json(field.base_field, item) for item in value]
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


def _interval(value: datetime.timedelta) -> str:
    """A duration as both PostgreSQL and Django read it: they part over signs in other forms."""
    minutes, seconds = divmod(value.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{value.days} days +{hours:02}:{minutes:02}:{seconds:02}.{value.microseconds:06}"


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
    return field.get_prep_value(value)


def _settled_number(field: "models.Field[Any, Any]", value: Any) -> Any:
    """Numbers as the column will hold them, so that equal values are equal documents."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(field, models.DecimalField):
        quantum = Decimal(1).scaleb(-field.decimal_places)
        digits = Context(prec=max(field.max_digits or 0, _DIGITS))
        # plus() takes the sign off a zero, which has none in a row.
        return str(digits.plus(Decimal(str(value)).quantize(quantum, context=digits)))
    if isinstance(value, float):
        return value + 0.0  # as above
    return str(value) if isinstance(value, Decimal) else value


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
        return bytes.fromhex(value.removeprefix(_BYTES))
    if isinstance(field, RangeField):
        return read_range(field, value)
    if isinstance(field, models.JSONField) and field.decoder is not None:
        return json.loads(json.dumps(value), cls=field.decoder)
    read = getattr(field, "from_db_value", None)
    if read is not None and is_coded(field):
        column = getattr(models, field.get_internal_type(), None)
        return read(column().to_python(value) if column else value, None, connection)
    return field.to_python(value)


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
