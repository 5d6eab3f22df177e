"""Where a ride's figures stand among those of all rides of its category."""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate
from typing import Final

from django.contrib.humanize.templatetags.humanize import intcomma, ordinal
from django.db.models import Count
from django.template.loader import render_to_string

from projections.cache import topics
from projections.cache.cached import Made, cached
from versioning.entities.kinds import kind_of
from versioning.fields.quantities import Quantity
from versioning.fields.units import DIMENSION_OF
from wiki.kinds.rides.models import Ride
from wiki.kinds.rides.records import RANKINGS
from wiki.pages.values import label_of

FIGURES: Final = {each.name: each.column for each in RANKINGS}
"""What is ranked, each with the column that tells it."""

SHARED_BY_MANY: Final = 20
"""From so many rides of one figure on, how many they are says more than a rank does."""

BARS: Final = 16
BAR: Final = 10
"""The width of a bar with the gap behind it."""
DEEP: Final = 28
"""The height of the highest bar."""


@dataclass(frozen=True)
class Spread:
    """How a figure is spread over the rides of a category."""

    values: Sequence[float]
    """All that there are, ascending, in base units."""
    upto: Sequence[int]
    """How many rides lie below each of them; of all of them at the end."""
    bars: Sequence[int]
    """How many rides there are in each of as many steps from nothing to the highest."""

    @property
    def total(self) -> int:
        return self.upto[-1]

    @property
    def highest(self) -> float:
        return self.values[-1] if self.values else 0

    @property
    def median(self) -> float:
        """What the ride in the middle has."""
        return self.values[max(bisect_left(self.upto, (self.total + 1) // 2) - 1, 0)]


Spreads = Mapping[str, Spread]
"""For each figure how it is spread."""


@dataclass(frozen=True)
class Bar:
    """How many rides have a figure about as large."""

    x: int
    y: float
    height: float
    is_own: bool


@dataclass(frozen=True)
class Standing:
    """A figure among all: what it is, which place it takes, and how the others are spread."""

    label: str
    figure: str
    unit: str
    converted: str
    system: str
    place: str
    median: str
    bars: Sequence[Bar]
    """Empty where there is no other ride to compare with."""
    needle: float


def standings(ride: Ride) -> str:
    """The ride's large figures. Cost: one query where the cache has the others', four more else."""
    told = [name for name in FIGURES if _own(ride, name) is not None]
    if not told:
        return ""
    spreads = spreads_of(ride.category)
    found = [standing_of(ride, name, spreads) for name in told]
    return render_to_string(
        "rides/_standings.html", {"standings": [each for each in found if each]}
    )


def spreads_of(category: str) -> Spreads:
    """How the figures of all rides of a category are spread. Cost: as `standings`."""
    return _read(cached(("standings", category), lambda: _made(category)))


def _made(category: str) -> Made:
    return Made(json.dumps(_counts(category)), [topics.every(kind_of(Ride))])


def _counts(category: str) -> dict[str, list[tuple[float, int]]]:
    """For each figure its values, ascending, each with how many rides have it.

    Cost: a query for each figure, that reads all rides of the category.
    """
    rides = Ride.objects.filter(category=category)
    return {
        name: [
            (float(value), count)
            for value, count in rides.filter(**{f"{column}__isnull": False})
            .values_list(column)
            .annotate(Count("id"))
            .order_by(column)
        ]
        for name, column in FIGURES.items()
    }


@lru_cache(maxsize=32)
def _read(counts: str) -> Spreads:
    """What the cache holds, as it is asked: once for as long as no ride changes."""
    return {name: _spread(counted) for name, counted in json.loads(counts).items()}


def _spread(counted: Sequence[tuple[float, int]]) -> Spread:
    values = [value for value, _ in counted]
    bars = [0] * BARS
    for value, count in counted:
        bars[_step(value, values[-1])] += count
    return Spread(values, [0, *accumulate(count for _, count in counted)], bars)


def _own(ride: Ride, name: str) -> float | None:
    value = getattr(ride, name)
    if isinstance(value, Quantity):
        return float(value.in_base_unit)
    return None if value is None else float(value)


def standing_of(ride: Ride, name: str, spreads: Spreads) -> Standing | None:
    """A figure of a ride among those that were counted; None where that compares nothing."""
    spread, own = spreads[name], _own(ride, name)
    if own is None or not spread.total or spread.highest <= 0:
        return None
    below, upto = (spread.upto[side(spread.values, own)] for side in (bisect_left, bisect_right))
    value = getattr(ride, name)
    figure, _, unit = _given(value).partition(" ")
    return Standing(
        label=label_of(kind_of(Ride).fields[name]),
        figure=figure,
        unit=unit,
        converted=value.converted if isinstance(value, Quantity) else "",
        system="metric" if isinstance(value, Quantity) and value.is_metric else "imperial",
        place=_place(spread.total - upto + 1, upto - below, spread.total),
        median=_like(value, spread.median),
        bars=list(_bars(spread, own)) if spread.total > 1 else [],
        needle=round(min(own / spread.highest, 1) * (BARS * BAR - 2), 1),
    )


def _given(value: Quantity | int) -> str:
    """A figure and its unit, without the words that it may have been given in."""
    return replace(value, text="").given if isinstance(value, Quantity) else intcomma(value)


def _like(value: Quantity | int, other: float) -> str:
    """Another figure, in the unit of this one."""
    if not isinstance(value, Quantity):
        return f"{other:g}"
    in_unit = Decimal(str(other)) / DIMENSION_OF[value.unit].units[value.unit]
    return Quantity(round(in_unit, 0 if in_unit >= 10 else 1), value.unit).given


def _place(rank: int, alike: int, total: int) -> str:
    if total == 1:
        return "the only one known"
    if alike > SHARED_BY_MANY:
        return f"as {intcomma(alike - 1)} others of {intcomma(total)}"
    return f"{ordinal(rank)} of {intcomma(total)}"


def _bars(spread: Spread, own: float) -> Iterator[Bar]:
    """Rides in as many steps from nothing to the highest."""
    most, step = max(spread.bars), _step(own, spread.highest)
    for number, rides in enumerate(spread.bars):
        height = round(max(rides / most * DEEP, 1 if rides else 0), 1)
        yield Bar(number * BAR, round(DEEP + 2 - height, 1), height, number == step)


def _step(value: float, highest: float) -> int:
    return min(int(value / highest * BARS), BARS - 1) if highest > 0 else 0
