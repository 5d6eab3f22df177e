"""The model fields: a line in a model, and tables, views, forms, diffs and merges follow.

    height = QuantityField(unit="m", db_index=True)   # and height_si to sort and filter by
    opened = PartialDateField(db_index=True)          # and opened_from
    coordinates = CoordinatesField()

What an entity does not tell is None.
"""

import datetime
from abc import abstractmethod
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from versioning.entities.values import ValueField
from versioning.fields import coordinates, dates, money, quantities
from versioning.fields.coordinates import Coordinates
from versioning.fields.dates import PartialDate
from versioning.fields.forms import ValueFormField, shortened
from versioning.fields.money import Money
from versioning.fields.quantities import Quantity
from versioning.fields.sorting import FirstDay, InBaseUnit, WithSortColumn
from versioning.fields.units import DIMENSION_OF

# Generic in Django's stubs alone: a project need not have them.
if TYPE_CHECKING:
    _Field = models.Field[Any, Any]
    _QuantityColumn = models.JSONField["Quantity | str | None", "Quantity | None"]
    _DateColumn = models.CharField["PartialDate | str | None", "PartialDate | None"]
    _CoordinatesColumn = models.JSONField["Coordinates | str | None", "Coordinates | None"]
    _MoneyColumn = models.JSONField["Money | str | None", "Money | None"]
else:
    _Field = object
    _DateColumn = models.CharField
    _QuantityColumn = _CoordinatesColumn = _MoneyColumn = models.JSONField


class OneValueField(ValueField, _Field):
    """What the fields have in common; mixed with the Django field whose column they use."""

    merge_kind: ClassVar[str]
    value_class: ClassVar[type[Any]]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """With what other fields leave out, for here it is not what is meant where nothing is."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "null": self.null, "blank": self.blank}

    @abstractmethod
    def read_text(self, text: str) -> Any:
        """The value that somebody typed. Raises ValueError with the end of a sentence."""

    @abstractmethod
    def read_document(self, document: Any) -> Any:
        """The value of a JSON form. Raises ValueError with the end of a sentence."""

    def to_python(self, value: Any) -> Any:
        """A value, its JSON form or a text as the value. Raises ValidationError."""
        if value is None or value == "" or isinstance(value, self.value_class):
            return value or None
        read: Callable[[Any], Any] = (
            self.read_text if isinstance(value, str) else self.read_document
        )
        try:
            return read(value)
        except ValueError as reason:
            quoted = shortened(str(value))
            raise ValidationError(f"“{quoted}” {reason}.", code="invalid") from None

    def to_document(self, value: Any) -> Any:
        read = self.to_python(value)
        return None if read is None else read.document()

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """The value that is saved; a text that was assigned becomes one on the instance too."""
        return self.to_python(getattr(model_instance, self.attname))

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else self.to_document(value)

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        models.Field.validate(self, value, model_instance)

    def value_to_string(self, obj: models.Model) -> Any:
        return self.get_prep_value(self.value_from_object(obj))

    def formfield(self, **kwargs: Any) -> Any:
        """One line of text."""
        given = {"form_class": ValueFormField, "read": self.read_text, **kwargs}
        return models.Field.formfield(self, **given)


class QuantityField(WithSortColumn, OneValueField, _QuantityColumn):
    """A figure with its unit, as given. `unit` is meant where none is typed."""

    merge_kind = "quantity"
    value_class = Quantity
    sort_suffix = "_si"

    def __init__(self, *args: Any, unit: str, **kwargs: Any) -> None:
        self.unit = unit
        self.dimension = DIMENSION_OF[unit]
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "unit": self.unit}

    def read_text(self, text: str) -> Quantity:
        return quantities.parse(text, self.dimension, self.unit)

    def read_document(self, document: Any) -> Quantity:
        return quantities.from_document(document, self.dimension)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        found = super().from_db_value(value, expression, connection)
        return self.read_document(found) if isinstance(found, dict) else found

    def sort_expression(self) -> InBaseUnit:
        return InBaseUnit.of(self.name, self.dimension)

    def sort_output(self) -> "models.DecimalField[Any, Any]":
        return models.DecimalField(max_digits=20, decimal_places=6)

    def sort_value(self, value: Quantity) -> Decimal:
        return value.in_base_unit.quantize(Decimal("0.000001"), ROUND_HALF_UP)


class PartialDateField(WithSortColumn, OneValueField, _DateColumn):
    """A date as exact as it is known, in EDTF."""

    merge_kind = "partial_date"
    value_class = PartialDate
    sort_suffix = "_from"

    def read_text(self, text: str) -> PartialDate:
        return dates.parse(text)

    def read_document(self, document: Any) -> PartialDate:
        raise dates.NotADate("is not text")

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> PartialDate | None:
        return None if value is None else PartialDate(value)

    def sort_expression(self) -> FirstDay:
        return FirstDay(self.name)

    def sort_output(self) -> "models.DateField[Any, Any]":
        return models.DateField()

    def sort_value(self, value: PartialDate) -> datetime.date:
        return value.first_day


class CoordinatesField(OneValueField, _CoordinatesColumn):
    """A place on the map."""

    merge_kind = "coordinates"
    value_class = Coordinates

    def read_text(self, text: str) -> Coordinates:
        return coordinates.parse(text)

    def read_document(self, document: Any) -> Coordinates:
        return coordinates.from_document(document)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        found = super().from_db_value(value, expression, connection)
        return self.read_document(found) if isinstance(found, dict) else found


class MoneyField(OneValueField, _MoneyColumn):
    """A sum of money, in the currency and of the year that it was told in."""

    merge_kind = "scalar"
    value_class = Money

    def read_text(self, text: str) -> Money:
        return money.parse(text)

    def read_document(self, document: Any) -> Money:
        return money.from_document(document)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        found = super().from_db_value(value, expression, connection)
        return self.read_document(found) if isinstance(found, dict) else found
