"""Differences of figures, computed: `+2 ft`, or that only the unit is another."""

from decimal import Decimal
from typing import Any

from django.db import models

from versioning.entities.kinds import DocumentField
from versioning.fields.quantities import Quantity

_PLACES = Decimal("0.01")
"""A figure that was converted is worth no more places than these."""


def difference(f: DocumentField, before: Any, after: Any) -> str:
    """How far a figure is from what was before; empty for what is no figure, or the same.

    Values are in JSON form, as documents hold them.
    """
    if before is None or after is None or before == after:
        return ""
    if isinstance(f.model_field, models.IntegerField) and not f.model_field.choices:
        return signed(Decimal(after) - Decimal(before))
    if f.merge_kind != "quantity":
        return ""
    return _of_quantities(f.to_python(before), f.to_python(after))


def _of_quantities(before: Quantity, after: Quantity) -> str:
    """In the unit of what came later, as that is what readers see."""
    if before.text or after.text:
        return ""
    if before.unit == after.unit:
        return f"{signed(after.value - before.value)} {after.unit}"
    if before.is_measured_as(after):
        return f"the same, in {after.unit}"
    apart = (after.value - before.in_unit(after.unit)).quantize(_PLACES)
    return f"{signed(apart)} {after.unit}"


def signed(value: Decimal) -> str:
    """A figure with its sign, without zeros that say nothing."""
    figure = f"{abs(value):,f}"
    plain = figure.rstrip("0").rstrip(".") if "." in figure else figure
    return f"{'−' if value < 0 else '+'}{plain}"
