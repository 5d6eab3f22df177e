"""From degrees to the plane of the map, and back.

The Patterson cylindrical projection (T. Patterson, B. Šavrič, B. Jenny: "Introducing the
Patterson Cylindrical Projection", Cartographic Perspectives 78, 2015; the coefficients are also
those of PROJ's `patterson`). Its meridians are straight, so that a map of Japan stands as upright
as one of the world and can be moved across the antimeridian; and unlike Mercator's it does not
blow up the north, while countries between 60° south and 60° north keep nearly their shape.

`static/src/world.mjs` draws the outlines in the same plane, with the same figures.
"""

from math import pi, radians
from typing import Final, NamedTuple

WIDTH: Final = 18_000
"""The plane's units around the equator: 50 a degree of longitude, from west to east."""

_C1: Final = 1.0148
_C5: Final = 0.23185
_C7: Final = -0.14499
_C9: Final = 0.02406


class Point(NamedTuple):
    """A place in the plane: `x` from 180° west eastwards, `y` from the equator southwards."""

    x: float
    y: float


def project(latitude: float, longitude: float) -> Point:
    """The point of a place in degrees."""
    return Point((longitude / 360 + 0.5) * WIDTH, _southward(latitude))


def longitude_at(x: float) -> float:
    """Degrees east, from -180 up to 180, of any point's `x`, those beyond the plane too."""
    return (x / WIDTH % 1 - 0.5) * 360


def latitude_at(y: float) -> float:
    """Degrees north, to a millionth. There is no formula: halved until it fits."""
    south, north = -90.0, 90.0
    while north - south > 1e-6:
        middle = (south + north) / 2
        if _southward(middle) > y:
            south = middle
        else:
            north = middle
    return (south + north) / 2


def _southward(latitude: float) -> float:
    angle = radians(latitude)
    square = angle * angle
    north = angle * (_C1 + square * square * (_C5 + square * (_C7 + square * _C9)))
    return -north * WIDTH / (2 * pi)


NORTH_POLE: Final = _southward(90)
SOUTH_POLE: Final = _southward(-90)
