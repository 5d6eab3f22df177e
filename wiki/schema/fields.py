"""A field's JSON form as a JSON Schema.

A field class that knows best has a method `json_schema()`, which describes a value that is not
None. For all others it follows from the Django class.
"""

from collections.abc import Callable
from typing import Any, Final

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from versioning.entities.kinds import DocumentField
from versioning.entities.references import References
from versioning.fields import dates, money, quantities
from versioning.fields.columns import CoordinatesField, MoneyField, PartialDateField, QuantityField
from versioning.fields.items import IDENTITY, LONGEST_IDENTITY, MOST, ItemsField, ReferencePart

Schema = dict[str, Any]


def field_schema(f: DocumentField) -> Schema:
    """The schema of a field of a document, with its label and what it is for."""
    field: Any = f.model_field
    schema = value_schema(field)
    if field.null and not f.is_references:
        schema = _or_null(schema)
    told: Schema = {"title": str(field.verbose_name)}
    if field.help_text:
        told["description"] = str(field.help_text)
    if may_be_left_out(f):
        told["default"] = f.absent
    return told | schema


def may_be_left_out(f: DocumentField) -> bool:
    """Whether a document that does not mention the field is one."""
    return f.is_references or f.model_field.blank or f.model_field.has_default()


def value_schema(field: Any) -> Schema:
    """The schema of a value that is not None."""
    own: Callable[[], Schema] | None = getattr(field, "json_schema", None)
    if own is not None:
        return own()
    if isinstance(field, References):
        return {"type": "array", "uniqueItems": True, "items": _reference(field)}
    if isinstance(field, models.ForeignKey):
        return _reference(field)
    if field.choices and not isinstance(field, ArrayField):
        values = [value for value, _ in field.flatchoices]
        return {"enum": [*values, ""] if field.blank and "" not in values else values}
    for kind, describe in _BY_CLASS:
        if isinstance(field, kind):
            return describe(field)
    return {}


def _reference(field: Any) -> Schema:
    target = field.target_field if isinstance(field, models.ForeignKey) else None
    is_of_id = target is None or isinstance(target, models.UUIDField)
    schema = {"type": "string", "format": "uuid"} if is_of_id else value_schema(target)
    return {**schema, "x-kind": field.related_model._meta.label_lower}


def _or_null(schema: Schema) -> Schema:
    if "enum" in schema:
        return {**schema, "enum": [*schema["enum"], None]}
    if isinstance(schema.get("type"), str):
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]} if schema else schema


def _integer(field: Any) -> Schema:
    schema: Schema = {"type": "integer"}
    for validator in field.validators:
        if isinstance(validator, MinValueValidator):
            schema["minimum"] = max(
                schema.get("minimum", validator.limit_value), validator.limit_value
            )
        elif isinstance(validator, MaxValueValidator):
            schema["maximum"] = min(
                schema.get("maximum", validator.limit_value), validator.limit_value
            )
    return schema


def _decimal(field: Any) -> Schema:
    """A text: a figure of JSON would be rounded on the way."""
    whole, places = field.max_digits - field.decimal_places, field.decimal_places
    if places > _PLAIN_PLACES:
        return {"type": "string"}
    fraction = rf"\.[0-9]{{{places}}}" if places else ""
    return {"type": "string", "pattern": f"^-?[0-9]{{1,{max(whole, 1)}}}{fraction}$"}


_PLAIN_PLACES: Final = 6
"""Beyond, Python writes a nought with an exponent."""


def _text(field: Any) -> Schema:
    schema: Schema = {"type": "string"}
    if isinstance(field, models.CharField) and field.max_length:
        schema["maxLength"] = field.max_length
    if not field.blank:
        schema["minLength"] = 1
    return schema


def _url(field: Any) -> Schema:
    text = _text(field)
    return (
        {**text, "anyOf": [{"const": ""}, {"format": "uri"}]}
        if field.blank
        else {**text, "format": "uri"}
    )


def _quantity(field: QuantityField) -> Schema:
    """A figure with its unit; `text` is what was typed, where that says more."""
    return {
        "type": "object",
        "properties": {
            "value": {"type": "number"},
            "unit": {"enum": list(field.dimension.units)},
            "text": {"type": "string", "maxLength": quantities.LONGEST},
        },
        "required": ["value", "unit"],
        "additionalProperties": False,
    }


def _coordinates(field: CoordinatesField) -> Schema:
    return {
        "type": "object",
        "properties": {
            "latitude": {"type": "number", "minimum": -90, "maximum": 90},
            "longitude": {"type": "number", "minimum": -180, "maximum": 180},
        },
        "required": ["latitude", "longitude"],
        "additionalProperties": False,
    }


def _money(field: MoneyField) -> Schema:
    """A sum with its currency; `year` is the year whose money it was."""
    return {
        "type": "object",
        "properties": {
            "amount": {"type": "number", "minimum": 0},
            "currency": {"enum": sorted(money.CURRENCIES)},
            "year": {"type": "integer", "minimum": 1000, "maximum": 2999},
            "text": {"type": "string", "maxLength": money.LONGEST},
        },
        "required": ["amount", "currency"],
        "additionalProperties": False,
    }


def _items(field: ItemsField) -> Schema:
    """A list of items, each with an identity and the parts that say something."""
    parts = field.item.as_document_fields()
    return {
        "type": "array",
        "maxItems": MOST,
        "items": {
            "type": "object",
            "properties": {
                IDENTITY: {"type": "string", "minLength": 1, "maxLength": LONGEST_IDENTITY},
                **{name: value_schema(part.model_field) for name, part in parts.items()},
            },
            "required": [IDENTITY],
            "additionalProperties": False,
        },
    }


def _reference_part(field: ReferencePart) -> Schema:
    kind = field.target_model._meta.label_lower
    one: Schema = {"type": "string", "format": "uuid", "x-kind": kind}
    return {"type": "array", "items": one} if field.is_several else one


# The first class that a field is an instance of counts.
_BY_CLASS: Final[list[tuple[type[Any], Callable[[Any], Schema]]]] = [
    (ItemsField, _items),
    (ReferencePart, _reference_part),
    (MoneyField, _money),
    (QuantityField, _quantity),
    (CoordinatesField, _coordinates),
    (
        PartialDateField,
        lambda f: {
            "type": "string",
            "description": "A date as exact as it is known, in EDTF.",
            "pattern": r"^[0-9X\-/.?~%{}\[\], ]*[0-9X]{4}[0-9X\-/.?~%{}\[\], ]*$",
            "maxLength": dates.LONGEST,
        },
    ),
    (ArrayField, lambda f: {"type": "array", "items": value_schema(f.base_field)}),
    (models.JSONField, lambda f: {}),
    (models.BooleanField, lambda f: {"type": "boolean"}),
    (models.IntegerField, _integer),
    (models.FloatField, lambda f: {"type": "number"}),
    (models.DecimalField, _decimal),
    (models.DateTimeField, lambda f: {"type": "string", "format": "date-time"}),
    (models.DateField, lambda f: {"type": "string", "format": "date"}),
    (models.TimeField, lambda f: {"type": "string", "format": "time"}),
    (models.UUIDField, lambda f: {"type": "string", "format": "uuid"}),
    (models.SlugField, lambda f: {**_text(f), "pattern": "^[-a-zA-Z0-9_]*$"}),
    (models.URLField, _url),
    (models.CharField, _text),
    (models.TextField, _text),
]
