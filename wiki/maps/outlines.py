"""In which country a place lies, by the outlines that are drawn.

They are Natural Earth's 1:50m, which know a coast or a border to some kilometres: good enough to
sort a list by, and to write down as a fact only where no other country is near.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import accumulate, pairwise
from math import cos, dist, hypot, radians
from typing import NamedTuple

from django.conf import settings
from django_countries import countries

from wiki.maps.projection import WIDTH, Point, project

BAND = 8
"""Height in plane units of the strips in which edges are looked for."""

SHORE = 5 * BAND
"""Plane units (0.8°) within which a place in the water, a pier say, is of the nearest country."""

CERTAIN = 25.0
"""Kilometres around a place in which a country must be the only one to be certain."""

_KM_PER_DEGREE = 111.2
"""Of latitude, and of longitude at the equator."""

_COUNTRY = re.compile(r'<path id="n([0-9]{3})"[^>]* d="([^"]*)"')
_RING = re.compile(r"M([0-9-]+) ([0-9-]+)l([^Mz]*)z")
_NUMBER = re.compile(r"-?[0-9]+")


class Edge(NamedTuple):
    """A straight part of a country's outline. Flat, because so many are looked at."""

    x1: float
    y1: float
    x2: float
    y2: float
    country: str


@lru_cache(maxsize=20_000)
def country_at(latitude: float, longitude: float) -> str:
    """The two letters of the country at a place, or nearest to it; nothing on the high sea.

    Cost: the first in a process reads the outlines (0.4 s); a place that was not asked for
    before, some 0.2 ms.
    """
    point = project(latitude, longitude)
    return _country_around(point) or _nearest(point)


def certain_country_at(latitude: float, longitude: float) -> str:
    """The two letters of the only country at a place or within 25 km of it; else nothing.

    So what lies near a border tells no country, and what lies far out on the sea neither.
    Cost: that of country_at().
    """
    found = {country for country in [_country_around(project(latitude, longitude))] if country}
    found |= _countries_near(latitude, longitude)
    return found.pop() if len(found) == 1 else ""


def _country_around(point: Point) -> str:
    """The country in whose outline a point lies, if it lies in one."""
    x, y = point
    # Those that a line from the point eastwards crosses.
    crossed = Counter(
        country
        for x1, y1, x2, y2, country in _bands().get(int(y // BAND), ())
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1)
    )
    # An odd number of times: the point is inside. A country within another is a hole in that.
    return next((country for country, times in crossed.items() if times % 2), "")


def _countries_near(latitude: float, longitude: float) -> set[str]:
    """The countries whose outlines pass within 25 km of a place."""
    x, y = project(latitude, longitude)
    north = project(min(latitude + 0.5, 90), longitude).y
    south = project(max(latitude - 0.5, -90), longitude).y
    km_down = _KM_PER_DEGREE / (south - north)
    km_across = _KM_PER_DEGREE * cos(radians(latitude)) / (WIDTH / 360)
    reach = CERTAIN / km_across
    top, bottom = int((y - CERTAIN / km_down) // BAND), int((y + CERTAIN / km_down) // BAND)
    return {
        country
        for band in range(top, bottom + 1)
        for x1, y1, x2, y2, country in _bands().get(band, ())
        if min(x1, x2) - x < reach
        and x - max(x1, x2) < reach
        and _distance(
            Point((x1 - x) * km_across, (y1 - y) * km_down),
            Point((x2 - x) * km_across, (y2 - y) * km_down),
        )
        < CERTAIN
    }


def _distance(begin: Point, end: Point) -> float:
    """How far a straight line between two points passes from 0, 0."""
    across, down = end.x - begin.x, end.y - begin.y
    length = across * across + down * down
    along = -(begin.x * across + begin.y * down) / length if length else 0
    part = min(max(along, 0.0), 1.0)
    return hypot(begin.x + part * across, begin.y + part * down)


def _nearest(point: Point) -> str:
    middle, reach = int(point.y // BAND), SHORE // BAND
    near = [
        (dist((edge.x1, edge.y1), point), edge.country)
        for band in range(middle - reach, middle + reach + 1)
        for edge in _bands().get(band, ())
        if abs(edge.x1 - point.x) < SHORE
    ]
    distance, country = min(near, default=(SHORE, ""))
    return country if distance < SHORE else ""


@cache
def _bands() -> Mapping[int, Sequence[Edge]]:
    """Every edge, by the strips from west to east that it lies in: few need to be looked at."""
    drawing = (settings.BASE_DIR / "static" / "vendor" / "world-50m.svg").read_text()
    bands: defaultdict[int, list[Edge]] = defaultdict(list)
    for number, path in _COUNTRY.findall(drawing):
        country: str = countries.alpha2(number)
        for ring in _rings(path):
            for begin, end in pairwise(ring):
                north, south = sorted((begin.y, end.y))
                for band in range(int(north // BAND), int(south // BAND) + 1):
                    bands[band].append(Edge(*begin, *end, country))
    return bands


def _rings(path: str) -> Iterator[list[Point]]:
    """The closed lines of a path, of which each point is told from the one before.

    What crosses the antimeridian is drawn on beyond it: its other side is given as well.
    """
    for x, y, steps in _RING.findall(path):
        figures = [int(each) for each in _NUMBER.findall(steps)]
        xs = list(accumulate(figures[::2], initial=int(x)))
        ys = list(accumulate(figures[1::2], initial=int(y)))
        for turn in (-WIDTH, 0, WIDTH):
            if min(xs) + turn <= WIDTH and max(xs) + turn >= 0:
                turned = [Point(each + turn, y) for each, y in zip(xs, ys, strict=True)]
                yield [*turned, turned[0]]
