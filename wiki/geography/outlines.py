"""In which country a place lies, by the outlines that are drawn.

They are Natural Earth's 1:50m, which know a coast or a border to some kilometres: good enough to
sort a list by, and to write down as a fact only where no other country is near.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import accumulate
from math import cos, dist, hypot, radians

from django.conf import settings
from django_countries import countries

from wiki.geography.projection import WIDTH, Point, project

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


Edge = tuple[int, int, int, int]
"""A straight part of a country's outline: x and y of its begin, x and y of its end."""


@dataclass(frozen=True, eq=False)
class Ring:
    """A closed line of a country's outline, with the box that it lies in."""

    country: str
    xs: Sequence[int]
    ys: Sequence[int]
    west: int
    east: int
    north: int
    south: int

    @cached_property
    def bands(self) -> Mapping[int, Sequence[Edge]]:
        """Its edges, by the strips from west to east that they lie in.

        Made for the rings near which something is looked for: that is few of them.
        """
        bands: defaultdict[int, list[Edge]] = defaultdict(list)
        xs, ys = [*self.xs, self.xs[0]], [*self.ys, self.ys[0]]
        strips = [y // BAND for y in ys]
        edges = zip(xs, ys, xs[1:], ys[1:], strict=False)
        for edge, begin, end in zip(edges, strips, strips[1:], strict=False):
            if begin == end:
                bands[begin].append(edge)
                continue
            for strip in range(min(begin, end), max(begin, end) + 1):
                bands[strip].append(edge)
        return bands


@lru_cache(maxsize=20_000)
def country_at(latitude: float, longitude: float) -> str:
    """The two letters of the country at a place, or nearest to it; nothing on the high sea.

    Cost: the first in a process reads the outlines (0.1 s), the first in a country cuts that into
    strips; then a place that was not asked for before takes some 0.06 ms.
    """
    point = project(latitude, longitude)
    return _country_around(point) or _nearest(point)


def certain_country_at(latitude: float, longitude: float) -> str:
    """The two letters of the only country at a place or within 25 km of it; else nothing.

    So what lies near a border tells no country, and what lies far out on the sea neither.
    Cost: that of country_at(), twice.
    """
    found = {country for country in [_country_around(project(latitude, longitude))] if country}
    found |= _countries_near(latitude, longitude)
    return found.pop() if len(found) == 1 else ""


def _country_around(point: Point) -> str:
    """The country in whose outline a point lies, if it lies in one."""
    x, y = point
    # Those that a line from the point eastwards crosses.
    crossed = Counter(
        ring.country
        for ring in _rings_near(point, 0, 0)
        for x1, y1, x2, y2 in ring.bands.get(int(y // BAND), ())
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1)
    )
    # An odd number of times: the point is inside. A country within another is a hole in that.
    return next((country for country, times in crossed.items() if times % 2), "")


def _countries_near(latitude: float, longitude: float) -> set[str]:
    """The countries whose outlines pass within 25 km of a place."""
    point = x, y = project(latitude, longitude)
    north = project(min(latitude + 0.5, 90), longitude).y
    south = project(max(latitude - 0.5, -90), longitude).y
    km_down = _KM_PER_DEGREE / (south - north)
    km_across = _KM_PER_DEGREE * cos(radians(latitude)) / (WIDTH / 360)
    across, down = CERTAIN / km_across, CERTAIN / km_down
    return {
        ring.country
        for ring in _rings_near(point, across, down)
        for x1, y1, x2, y2 in _edges_near(ring, y, down)
        if min(x1, x2) - x < across
        and x - max(x1, x2) < across
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
    near = [
        (dist((x, y), point), ring.country)
        for ring in _rings_near(point, SHORE, SHORE)
        for x, y, _, _ in _edges_near(ring, point.y, SHORE)
    ]
    distance, country = min(near, default=(SHORE, ""))
    return country if distance < SHORE else ""


def _rings_near(point: Point, across: float, down: float) -> list[Ring]:
    """Those whose box lies no farther from a point than so many plane units: `down` to SHORE."""
    x, y = point
    return [
        ring
        for ring in _rings().get(int(y // BAND), ())
        if ring.west - across <= x <= ring.east + across
        and ring.north - down <= y <= ring.south + down
    ]


def _edges_near(ring: Ring, y: float, down: float) -> Iterator[Edge]:
    """A ring's edges in the strips that reach to so many plane units above and below."""
    for band in range(int((y - down) // BAND), int((y + down) // BAND) + 1):
        yield from ring.bands.get(band, ())


@cache
def _rings() -> Mapping[int, Sequence[Ring]]:
    """Every ring, by the strips that it lies in or not farther from than SHORE."""
    drawing = (settings.BASE_DIR / "static" / "vendor" / "world-50m.svg").read_text()
    strips: defaultdict[int, list[Ring]] = defaultdict(list)
    for number, path in _COUNTRY.findall(drawing):
        for ring in _rings_of(countries.alpha2(number), path):
            for band in range((ring.north - SHORE) // BAND, (ring.south + SHORE) // BAND + 1):
                strips[band].append(ring)
    return strips


def _rings_of(country: str, path: str) -> Iterator[Ring]:
    """The closed lines of a path, of which each point is told from the one before.

    What crosses the antimeridian is drawn on beyond it: its other side is given as well.
    """
    for x, y, steps in _RING.findall(path):
        figures = list(map(int, steps.replace("-", " -").split()))
        xs = list(accumulate(figures[::2], initial=int(x)))
        ys = list(accumulate(figures[1::2], initial=int(y)))
        west, east, north, south = min(xs), max(xs), min(ys), max(ys)
        for turn in (-WIDTH, 0, WIDTH):
            if west + turn <= WIDTH and east + turn >= 0:
                turned = [each + turn for each in xs] if turn else xs
                yield Ring(country, turned, ys, west + turn, east + turn, north, south)
