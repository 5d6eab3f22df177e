"""Pictures drawn by the server, as SVG without styles or scripts: figures and their places.

Colours and fonts are the style sheet's; a table with the same figures stands beside each.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count as counting

WIDTH = 720
ROW = 18
SCALE = 40
"""Width that the values of an upright axis take, beside the columns."""

MOST_TICKS = 7
"""Years below a chart, whose words do not touch each other on a phone."""

LABELS = 200
"""Width that names take, in front of a bar."""


@dataclass(frozen=True)
class Bar:
    """A rectangle with what it is called and what it says; `href` leads to what it counts."""

    x: float
    y: float
    width: float
    height: float
    label: str
    says: str
    href: str = ""


@dataclass(frozen=True)
class Level:
    """A line across, at a value."""

    y: float
    label: str


@dataclass(frozen=True)
class Tick:
    """A mark on an axis."""

    x: float
    label: str


@dataclass(frozen=True)
class Chart:
    width: int
    height: int
    bars: Sequence[Bar]
    ticks: Sequence[Tick]
    levels: Sequence[Level] = ()


def columns(values: Mapping[int, int], hrefs: Mapping[int, str], height: int = 160) -> Chart:
    """A column for each year from the first to the last, as tall as its value."""
    if not values:
        return Chart(WIDTH, 0, (), ())
    first, last, most = min(values), max(values), max(values.values())
    step = (WIDTH - SCALE) / (last - first + 1)
    bars = [
        Bar(
            round(SCALE + (year - first) * step, 2),
            round(height - height * count / most, 2),
            round(max(step * 0.8, 0.5), 2),
            round(height * count / most, 2),
            str(year),
            str(count),
            hrefs.get(year, ""),
        )
        for year, count in sorted(values.items())
    ]
    ticks = _ticks(first, last, step)
    return Chart(WIDTH, height + ROW, bars, ticks, _levels(most, height))


def rows(values: Sequence[tuple[str, int, str]]) -> Chart:
    """A bar for each name with its value, one below the other."""
    most = max((count for _, count, _ in values), default=1)
    room = WIDTH - LABELS - 50
    bars = [
        Bar(LABELS, place * ROW + 3, round(room * count / most, 2), ROW - 6, name, str(count), href)
        for place, (name, count, href) in enumerate(values)
    ]
    return Chart(WIDTH, len(bars) * ROW, bars, ())


def _levels(most: int, height: int) -> list[Level]:
    """Round values, three at most, up to the largest."""
    rounds = (digit * 10**zeros for zeros in counting() for digit in (1, 2, 5))
    every = next(value for value in rounds if most < 4 * value)
    return [
        Level(round(height - height * value / most, 2), f"{value:,}")
        for value in range(every, most + 1, every)
    ]


def _ticks(first: int, last: int, step: float) -> list[Tick]:
    """Round years, few enough to be read, but for one whose words would be cut off."""
    return [
        Tick(round(SCALE + (year - first) * step, 2), str(year))
        for year in round_years(range(first, last + 1), MOST_TICKS)
        if SCALE + (year - first) * step <= WIDTH - 30
    ]


def round_years(years: range, most: int) -> list[int]:
    """Round years of some, so few that no more than `most` lie between their ends."""
    between = years[-1] - years[0]
    steps = (1, 2, 5, 10, 20, 50, 100, 500)
    every = next((each for each in steps if between / each <= most), 2_000)
    return [year for year in years if year % every == 0]
