"""Units, what they measure, and what they are called by those who type them.

The factors agree with those that merging knows (`versioning.merge.quantities`), and a test
holds them to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Final


@dataclass(frozen=True, eq=False)
class Dimension:
    """What a quantity measures. `most` and `least` are the bounds of sense, in the base unit."""

    name: str
    units: Mapping[str, Decimal]
    spellings: Mapping[str, str]
    most: Decimal
    least: Decimal = Decimal(0)
    words: Mapping[str, str] = field(default_factory=dict)
    """How a unit is told in a sentence, where its symbol would not do."""

    @cached_property
    def by_spelling(self) -> dict[str, str]:
        """Every way to write a unit, with its symbol."""
        return {**{unit.lower(): unit for unit in self.units}, **self.spellings}


LENGTH: Final = Dimension(
    "length",
    {
        "m": Decimal(1), "ft": Decimal("0.3048"), "cm": Decimal("0.01"), "in": Decimal("0.0254"),
        "km": Decimal(1000), "mi": Decimal("1609.344"), "mm": Decimal("0.001"),
        "yd": Decimal("0.9144"),
    },
    {
        "metre": "m", "metres": "m", "meter": "m", "meters": "m", "foot": "ft", "feet": "ft",
        "'": "ft", "inch": "in", "inches": "in", '"': "in", "mile": "mi", "miles": "mi",
    },
    most=Decimal(100_000),
)  # fmt: skip

SPEED: Final = Dimension(
    "speed",
    {"m/s": Decimal(1), "km/h": 1 / Decimal("3.6"), "mph": Decimal("0.44704")},
    {"kph": "km/h", "kmh": "km/h", "kmph": "km/h", "mi/h": "mph"},
    most=Decimal(1_000),
)

DURATION: Final = Dimension(
    "duration",
    {"s": Decimal(1), "min": Decimal(60), "h": Decimal(3600)},
    {
        "sec": "s", "secs": "s", "second": "s", "seconds": "s", "sec.": "s", "m": "min",
        "mins": "min", "minute": "min", "minutes": "min", "min.": "min", "hour": "h", "hours": "h",
    },
    most=Decimal(86_400),
)  # fmt: skip

ANGLE: Final = Dimension(
    "angle", {"°": Decimal(1)}, {"deg": "°", "degree": "°", "degrees": "°"}, most=Decimal(360)
)

ACCELERATION: Final = Dimension(
    "acceleration", {"g": Decimal(1)}, {"gs": "g"}, most=Decimal(50), least=Decimal(-50)
)

AREA: Final = Dimension(
    "area",
    {
        "m²": Decimal(1), "ha": Decimal(10_000), "km²": Decimal(1_000_000),
        "acres": Decimal("4046.8564224"), "sq ft": Decimal("0.09290304"),
    },
    {
        "m2": "m²", "sqm": "m²", "hectare": "ha", "hectares": "ha", "km2": "km²",
        "acre": "acres", "ac": "acres", "square feet": "sq ft", "square metres": "m²",
    },
    most=Decimal(1_000_000_000),
)  # fmt: skip

MASS: Final = Dimension(
    "mass",
    {"kg": Decimal(1), "t": Decimal(1000), "lb": Decimal("0.45359237")},
    {
        "kilogram": "kg", "kilograms": "kg", "kilo": "kg", "kilos": "kg", "kgs": "kg",
        "tonne": "t", "tonnes": "t", "pound": "lb", "pounds": "lb", "lbs": "lb",
    },
    most=Decimal(1_000_000_000),
)  # fmt: skip

DIMENSION_OF: Final[dict[str, Dimension]] = {}


def register(dimension: Dimension) -> None:
    """Let quantities of a dimension be given, read and compared; its units are its own.

    Call it where models are imported: their migrations name units too. Raises ValueError where
    a unit is another dimension's.
    """
    for unit in dimension.units:
        if DIMENSION_OF.setdefault(unit, dimension) is not dimension:
            raise ValueError(f"{unit} is a unit of {DIMENSION_OF[unit].name} already.")


for _dimension in (LENGTH, SPEED, DURATION, ANGLE, ACCELERATION, AREA, MASS):
    register(_dimension)

COUNTERPARTS: Final = {
    "m": "ft", "ft": "m", "cm": "in", "in": "cm", "km": "mi", "mi": "km",
    "km/h": "mph", "mph": "km/h", "m/s": "mph", "ha": "acres", "acres": "ha",
    "kg": "lb", "lb": "kg",
}  # fmt: skip
"""The unit in which a reader of the other half of the world thinks."""

METRIC: Final = frozenset({"m", "cm", "km", "km/h", "m/s", "ha", "kg"})
"""Of the units with a counterpart, those that are metric; the others are imperial."""
