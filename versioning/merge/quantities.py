"""Quantities in other units: enough to see that a side converted and did not correct."""

from collections.abc import Mapping
from typing import Final

from versioning.merge.values import MISSING, Value

_IN_BASE_UNITS: Final = {
    "mm": ("m", 0.001), "cm": ("m", 0.01), "m": ("m", 1.0), "km": ("m", 1000.0),
    "in": ("m", 0.0254), "ft": ("m", 0.3048), "yd": ("m", 0.9144), "mi": ("m", 1609.344),
    "m/s": ("m/s", 1.0), "km/h": ("m/s", 1 / 3.6), "mph": ("m/s", 0.44704),
    "s": ("s", 1.0), "min": ("s", 60.0), "h": ("s", 3600.0),
    "kg": ("kg", 1.0), "t": ("kg", 1000.0), "lb": ("kg", 0.45359237),
}  # fmt: skip

_ROUNDING: Final = 0.005
"""How far a converted figure may be from exact: 203.4 ft for 62 m, and 203 ft too."""


def corrected(base: Value, ours: Value, theirs: Value) -> Value:
    """The side that corrected the figure, if the other only converted it; else `MISSING`."""
    if _is_conversion(base, ours) and not _is_conversion(base, theirs):
        return theirs
    if _is_conversion(base, theirs) and not _is_conversion(base, ours):
        return ours
    return MISSING


def _is_conversion(one: Value, other: Value) -> bool:
    a, b = _measure(one), _measure(other)
    if a is None or b is None or a[0] != b[0]:
        return False
    if _unit(one) == _unit(other):
        return a[1] == b[1]
    return abs(a[1] - b[1]) <= _ROUNDING * max(abs(a[1]), abs(b[1]))


def _unit(quantity: Value) -> object:
    return quantity.get("unit") if isinstance(quantity, Mapping) else None


def _measure(quantity: Value) -> tuple[str, float] | None:
    """What is measured, and how much of it in its base unit; None if that is not known."""
    if not isinstance(quantity, Mapping):
        return None
    value, unit = quantity.get("value"), quantity.get("unit")
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not isinstance(unit, str):
        return None
    if unit not in _IN_BASE_UNITS:
        return None
    dimension, factor = _IN_BASE_UNITS[unit]
    return dimension, value * factor
