"""The plate of a ride's page: a drawing of its kind, with the figures that it was drawn from."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.template.loader import render_to_string

from versioning.fields.quantities import Quantity
from wiki.drawings.dark import dark
from wiki.drawings.elevation import LEVEL, TOP, Profile, draw
from wiki.drawings.flat import flat
from wiki.drawings.on_foot import playground, show, walkthrough
from wiki.drawings.sketch import Sketch
from wiki.drawings.transport import transport
from wiki.drawings.water import water
from wiki.kinds.rides.choices import Category, Lift

LAUNCHES: Final = frozenset(
    {Lift.LSM, Lift.LIM, Lift.HYDRAULIC, Lift.PNEUMATIC, Lift.FLYWHEEL, Lift.WEIGHT}
)

STEPS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500)
"""Between lines of the grid, in the unit of the ride's height."""
MOST_LINES: Final = 5


SKETCHES: Final[Mapping[str, Callable[[Any], Sketch]]] = {
    Category.WATER: water,
    Category.DARK: dark,
    Category.FLAT: flat,
    Category.TRANSPORT: transport,
    Category.WALKTHROUGH: walkthrough,
    Category.SHOW: show,
    Category.PLAYGROUND: playground,
}
"""How rides are drawn that are no coasters, by their category."""

DRAWN_BY: Final = ("height", "drop", "length", "vertical_angle", "inversions")
"""The figures of an elevation."""

USUAL_HEIGHT_M: Final = 30.0
"""Of a coaster whose height nobody has told: its drawing has no measures, so any will do."""


@dataclass(frozen=True)
class GridLine:
    """A height to measure by."""

    y: float
    text: str


def plate(ride: Any) -> str:
    """The drawing of a ride, or of a model; nothing where its category has none."""
    if ride.category == Category.ROLLER_COASTER:
        return _elevation(ride)
    if ride.category not in SKETCHES:
        return ""
    sketch = SKETCHES[ride.category](ride)
    context = {"ride": ride, "sketch": sketch, "unknown": _unknown(ride, sketch.by)}
    return render_to_string("rides/_sketch.html", context)


def _elevation(ride: Any) -> str:
    profile = _profile(ride)
    context = {
        "ride": ride,
        "drawing": draw(profile),
        "grid": list(_grid(ride.height)) if _figure(ride.height) else [],
        "turns": ride.inversions or 0,
        "is_launched": profile.is_launched,
        "by": DRAWN_BY,
        "unknown": _unknown(ride, DRAWN_BY),
    }
    return render_to_string("rides/_plate.html", context)


def _unknown(ride: Any, names: Iterable[str]) -> list[str]:
    """The fields that nobody has told."""
    return [name for name in names if getattr(ride, name) in (None, "")]


def _profile(ride: Any) -> Profile:
    """Of a coaster without a height what measures itself by that is left out."""
    height = _figure(ride.height)
    return Profile(
        height=height or USUAL_HEIGHT_M,
        drop=_figure(ride.drop) if height else None,
        length=_figure(ride.length) if height else None,
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
