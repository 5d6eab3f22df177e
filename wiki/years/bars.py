"""Stays of rides or areas as bars below each other, under one axis of years.

Places are shares of the width, in percent: the page says how wide that is, on a phone as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from wiki.kinds.areas import ParkArea
from wiki.kinds.rides.models import Ride
from wiki.years.charts import Tick, round_years
from wiki.years.stays import Stay

MOST_TICKS: Final = 6
LAST_WORDS: Final = 92
"""Percent of the width up to which the words of a tick may begin."""


@dataclass(frozen=True)
class StayBar:
    """A stay with its years in words, and where its bar begins and how long it is."""

    stay: Stay[Ride | ParkArea]
    years: str
    x: float
    width: float


@dataclass(frozen=True)
class Bars:
    bars: Sequence[StayBar]
    ticks: Sequence[Tick]


def bars_of(found: Sequence[Stay[Ride | ParkArea]], years: range) -> Bars:
    """A bar for each stay from its opening to its end; what stands reaches the last year."""
    step = 100 / len(years)
    return Bars([_bar(stay, years, step) for stay in found], _ticks(years, step))


def _bar(stay: Stay[Ride | ParkArea], years: range, step: float) -> StayBar:
    is_unknown = stay.is_over and stay.last is None
    last = stay.first if is_unknown else years[-1] if stay.last is None else stay.last
    last = max(last, stay.first)  # two facts may not fit together
    until = f"–{stay.last}" if stay.last is not None else "–?" if is_unknown else "–"
    return StayBar(
        stay,
        f"{stay.first}{until}",
        round((stay.first - years[0]) * step, 2),
        round((last - stay.first + 1) * step, 2),
    )


def _ticks(years: range, step: float) -> list[Tick]:
    places = ((year, round((year - years[0]) * step, 2)) for year in round_years(years, MOST_TICKS))
    return [Tick(x, str(year)) for year, x in places if x <= LAST_WORDS]
