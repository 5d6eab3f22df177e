"""Filters by the least or the largest value of a field: `height_over`, `opened_to`.

A figure is read in any unit that its forms take, and a date as they do: `1999` begins in January
and ends in December. A sum of money is compared with those in its own currency, for there is no
rate to compare it by with others.
"""

import datetime
import math
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import models

from versioning.entities.kinds import DocumentField
from versioning.fields.columns import MoneyField, PartialDateField, QuantityField
from versioning.fields.dates import parse as parse_date
from versioning.fields.money import Money
from versioning.fields.sorting import WithSortColumn
from wiki.filters.unreadable import Unreadable
from wiki.pages.values import label_of

Comparable = Decimal | int | datetime.date | Money
"""A limit as values are compared: of figures, in the base unit."""

_PLAIN_NUMBER: Final = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?", re.ASCII)


@dataclass(frozen=True)
class Limit:
    """The least or the largest value of a field that is asked for. `name` is that of addresses."""

    name: str
    label: str
    is_lowest: bool
    f: DocumentField

    @property
    def hint(self) -> str:
        """What to type."""
        if _is_date(self.f):
            return "from" if self.is_lowest else "to"
        return "at least" if self.is_lowest else "at most"

    def read(self, text: str) -> Comparable:
        """The limit that somebody typed. Raises Unreadable."""
        try:
            return self._read(text)
        except (ValueError, ValidationError, InvalidOperation) as reason:
            why = str(reason) if isinstance(reason, ValueError) else "is not a number"
            raise Unreadable(
                f"{self.label}: “{text[:60]}” {why}.",
                hint="Correct it, or leave the field empty.",
            ) from None

    def _read(self, text: str) -> Comparable:
        field: Any = self.f.model_field
        match field:
            case PartialDateField() | models.DateField():
                date = parse_date(text)
                return date.first_day if self.is_lowest else date.last_day
            case QuantityField():
                # As exact as the column: 100 km/h are at most 100 km/h.
                figure: Decimal = field.sort_value(field.read_text(text))
                return figure
            case MoneyField():
                return field.read_text(text)
            case models.IntegerField():
                return math.ceil(_number(text)) if self.is_lowest else math.floor(_number(text))
        return _number(text)


def limits_of(f: DocumentField) -> tuple[Limit, ...]:
    """The filters by the least and by the largest value of a field; none where it has no order."""
    if not (ordered_by(f) or isinstance(f.model_field, MoneyField)):
        return ()
    least, largest = ("from", "to") if _is_date(f) else ("over", "under")
    return (
        Limit(f"{f.name}_{least}", f"{label_of(f)} {least}", True, f),
        Limit(f"{f.name}_{largest}", f"{label_of(f)} {largest}", False, f),
    )


def ordered_by(f: DocumentField) -> str:
    """The column that a field's values are compared by; none if they have no order."""
    field = f.model_field
    if isinstance(field, WithSortColumn):
        return f"{f.name}{field.sort_suffix}"
    is_number = isinstance(
        field, models.IntegerField | models.DecimalField | models.FloatField | models.DateField
    )
    return f.column if is_number else ""


def unit_of(f: DocumentField) -> str:
    """What is meant where no unit is typed; the currencies that may be, where one must be."""
    match f.model_field:
        case QuantityField(unit=unit):
            return str(unit)
        case MoneyField():
            return "EUR, USD, …"
    return ""


def _is_date(f: DocumentField) -> bool:
    return isinstance(f.model_field, PartialDateField | models.DateField)


def _number(text: str) -> Decimal:
    if not _PLAIN_NUMBER.fullmatch(text):
        raise InvalidOperation
    return Decimal(text)
