"""The part of the plane that a map shows: a centre and a zoom, as its address says them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.http import QueryDict

from versioning.fields.coordinates import NotCoordinates, parse
from wiki.geography.projection import (
    NORTH_POLE,
    SOUTH_POLE,
    WIDTH,
    Point,
    latitude_at,
    longitude_at,
    project,
)
from wiki.requests.numbers import read_number
from wiki.requests.refusals import RequestRefused

DEEPEST: Final = 10
"""Zoom of the closest look, 40 km wide at the equator; each step shows half of the one before."""

NEARBY: Final = 6
"""Zoom at which a place alone is shown, with enough around it to tell where that is."""

_EDGE: Final = 1e-6
"""Plane units, two millimetres, by which arithmetic may miss the edge that a point lies on."""

_MARGIN: Final = 1.2
"""How much wider a window is than what it is made for."""


@dataclass(frozen=True)
class Window:
    """Twice as wide as high. Zoom 0 is the whole round of the earth. Lengths in plane units."""

    centre: Point
    zoom: int

    @property
    def width(self) -> float:
        return WIDTH / (1 << self.zoom)

    @property
    def height(self) -> float:
        return self.width / 2

    @property
    def left(self) -> float:
        return self.centre.x - self.width / 2

    @property
    def top(self) -> float:
        return self.centre.y - self.height / 2

    @property
    def at(self) -> str:
        """The centre in degrees, as addresses say it."""
        return f"{latitude_at(self.centre.y):.4f},{longitude_at(self.centre.x):.4f}"

    def offset(self, point: Point) -> Point:
        """How far a point lies from the centre, by the shorter way around the earth."""
        east = (point.x - self.centre.x + WIDTH / 2) % WIDTH - WIDTH / 2
        return Point(east, point.y - self.centre.y)

    def shows(self, point: Point) -> bool:
        east, south = self.offset(point)
        return abs(east) <= self.width / 2 + _EDGE and abs(south) <= self.height / 2 + _EDGE

    def moved(self, east: float, south: float) -> "Window":
        """Beside this one by shares of its width and height; at a pole it stays."""
        x, y = self.centre
        return window(Point(x + east * self.width, y + south * self.height), self.zoom)

    def zoomed(self, steps: int) -> "Window":
        return window(self.centre, self.zoom + steps)


def window(centre: Point, zoom: int) -> Window:
    """A window that begins and ends between the poles, and around the earth wherever it likes."""
    zoom = min(max(zoom, 0), DEEPEST)
    half = WIDTH / (1 << zoom) / 4
    y = min(max(centre.y, NORTH_POLE + half), SOUTH_POLE - half)
    return Window(Point(centre.x % WIDTH, y), zoom)


WORLD: Final = window(Point(WIDTH / 2, NORTH_POLE), 0)
"""Everything but the far south, where no park is."""


def around(points: Iterable[Point], deepest: int = DEEPEST) -> Window:
    """The closest window that shows all points, with some room around them; WORLD for none."""
    points = list(points)
    if not points:
        return WORLD
    west, wide = _narrowest(sorted(each.x for each in points))
    north, south = min(each.y for each in points), max(each.y for each in points)
    centre = Point(west + wide / 2, (north + south) / 2)
    needed = _MARGIN * max(wide, (south - north) * 2)
    fitting = (zoom for zoom in range(deepest, 0, -1) if needed <= WIDTH / (1 << zoom))
    zoom = next(fitting, 0)
    return window(centre, zoom) if zoom else WORLD


def _narrowest(xs: list[float]) -> tuple[float, float]:
    """Where the shortest stretch around the earth with all of `xs` begins, and how long it is.

    It leaves out the widest gap, which may well be the Atlantic rather than the antimeridian.
    """
    following = [*xs[1:], xs[0] + WIDTH]
    gap, begin = max((after - x, after) for x, after in zip(xs, following, strict=True))
    return begin, WIDTH - gap


def read_window(query: QueryDict) -> Window | None:
    """The window that an address asks for: `?at=48.2,7.7&zoom=6`. Raises RequestRefused."""
    zoom = read_number(query.get("zoom", ""), NEARBY)
    if zoom > DEEPEST:
        raise RequestRefused(
            f"The map has no zoom {zoom}.", hint=f"Choose one from 0 to {DEEPEST}."
        )
    if not (at := query.get("at", "")):
        return window(WORLD.centre, zoom) if "zoom" in query else None
    try:
        place = parse(at)
    except NotCoordinates as reason:
        raise RequestRefused(f"{at[:40]!r} {reason}.") from None
    return window(project(float(place.latitude), float(place.longitude)), zoom)
