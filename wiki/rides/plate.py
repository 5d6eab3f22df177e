"""The plate of a ride's page: its elevation with the figures that it was drawn from."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.template.loader import render_to_string

from versioning.fields.quantities import Quantity
from wiki.rides.choices import Category, Lift
from wiki.rides.elevation import LEVEL, TOP, Profile, draw

LAUNCHES: Final = frozenset(
    {Lift.LSM, Lift.LIM, Lift.HYDRAULIC, Lift.PNEUMATIC, Lift.FLYWHEEL, Lift.WEIGHT}
)

STEPS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500)
"""Between lines of the grid, in the unit of the ride's height."""
MOST_LINES: Final = 5


@dataclass(frozen=True)
class GridLine:
    """A height to measure by."""

    y: float
    text: str


def plate(ride: Any) -> str:
    """The elevation of a roller coaster whose height is known; of others, nothing."""
    profile = _profile(ride)
    if profile is None:
        return ""
    drawing = draw(profile)
    context = {
        "ride": ride,
        "drawing": drawing,
        "grid": list(_grid(ride.height)),
        "turns": ride.inversions or 0,
        "is_launched": profile.is_launched,
        "unknown": [
            name for name in ("drop", "length", "vertical_angle") if not getattr(ride, name)
        ],
    }
    return render_to_string("rides/_plate.html", context)


def _profile(ride: Any) -> Profile | None:
    if ride.category != Category.ROLLER_COASTER or not ride.height or ride.height.value <= 0:
        return None
    return Profile(
        height=float(ride.height.in_base_unit),
        drop=_figure(ride.drop),
        length=_figure(ride.length),
        steepness=_figure(ride.vertical_angle),
        inversions=ride.inversions or 0,
        is_launched=any(launch.sort in LAUNCHES for launch in ride.launches),
    )


def _figure(quantity: Quantity | None) -> float | None:
    return float(quantity.in_base_unit) if quantity and quantity.value > 0 else None


def _grid(height: Quantity) -> Iterator[GridLine]:
    step = next((step for step in STEPS if height.value / step <= MOST_LINES), None)
    if step is None:
        return
    for number in range(1, int(height.value / step) + 1):
        share = Decimal(number * step) / height.value
        # The highest line would run through the words beside the summit.
        if share < Decimal("0.97"):
            text = Quantity(Decimal(number * step), height.unit).given
            yield GridLine(round(LEVEL - (LEVEL - TOP) * float(share), 1), text)
