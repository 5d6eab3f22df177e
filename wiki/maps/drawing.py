"""What the map's picture is made of: the outlines behind, a mark for each cluster, a scale.

Marks are placed by shares of the picture, not in the plane's units: so they and their words keep
their size in pixels, on a phone as on a wide screen, without any style of their own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import cos, floor, radians
from typing import Final

from django.urls import reverse

from versioning.fields.coordinates import Coordinates
from wiki.geography.projection import WIDTH, Point, latitude_at, project
from wiki.maps.addresses import address
from wiki.maps.clusters import Cluster
from wiki.maps.window import NEARBY, Window, window

FINE: Final = 3
"""Zoom from which the finer outlines are worth their weight (130 kB, once; the others 25 kB)."""

LOCATOR: Final = 3
"""Zoom of a locator: it shows a continent, by the coarser outlines."""

_BEYOND: Final = 1_000
"""Plane units by which countries are drawn on beyond the antimeridian, or less."""

_KM_AROUND: Final = 40_075
"""The equator."""

_LENGTHS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000)
"""Kilometres, that scales show."""


@dataclass(frozen=True)
class Backdrop:
    """The outlines: their file, the part of the plane, and where copies of the earth begin."""

    file: str
    view_box: str
    begins: Sequence[int]


@dataclass(frozen=True)
class Mark:
    """A park, or a cluster with how many it holds; `x` and `y` in percent of the picture."""

    x: str
    y: str
    href: str
    title: str
    count: str = ""
    size: str = ""
    words_before: bool = False
    has_room: bool = False

    @property
    def is_cluster(self) -> bool:
        return bool(self.count)

    @property
    def opens(self) -> bool:
        """Whether it leads to another map."""
        return self.is_cluster and not self.href.startswith("#")


@dataclass(frozen=True)
class Box:
    """Where something stands on a picture of 768 by 384 pixels, the smallest that shows names."""

    left: float
    right: float
    middle: float

    @classmethod
    def of_mark(cls, place: Point) -> "Box":
        return cls(place.x * 768 - 10, place.x * 768 + 10, place.y * 384)

    @classmethod
    def of_words(cls, words: str, place: Point) -> "Box":
        """Of about 8 pixels a letter, beside a mark."""
        x, length = place.x * 768, 8 * len(words)
        left = x - 12 - length if place.x > 0.5 else x + 12
        return cls(left, left + length, place.y * 384)

    @property
    def is_whole(self) -> bool:
        return self.left >= 0 and self.right <= 768

    def meets(self, other: "Box") -> bool:
        is_beside = self.right < other.left or other.right < self.left
        return not is_beside and abs(self.middle - other.middle) < 24


@dataclass(frozen=True)
class Scale:
    """A length on the ground and how much of the picture's width it takes, in percent."""

    kilometres: int
    width: str


def backdrop(seen: Window, *, is_fine: bool) -> Backdrop:
    left, right = seen.left, seen.left + seen.width
    earths = range(floor((left - _BEYOND) / WIDTH), floor((right + _BEYOND) / WIDTH) + 1)
    return Backdrop(
        f"vendor/world-{'50m' if is_fine else '110m'}.svg",
        f"{left:.2f} {seen.top:.2f} {seen.width:.2f} {seen.height:.2f}",
        [earth * WIDTH for earth in earths],
    )


def marks(found: Sequence[Cluster], seen: Window, opening: Callable[[Cluster], str]) -> list[Mark]:
    """The marks of clusters; `opening` is the address that opens one of several parks."""
    places = [shares(seen, cluster.middle) for cluster in found]
    taken = [Box.of_mark(place) for place in places]
    drawn = []
    for cluster, place in zip(found, places, strict=True):
        if len(cluster.places) > 1:
            drawn.append(_of_several(cluster, place, opening(cluster)))
            continue
        words = Box.of_words(cluster.places[0].name, place)
        # Its own mark is one of those taken, beside which the words begin.
        has_room = words.is_whole and not any(words.meets(each) for each in taken)
        if has_room:
            taken.append(words)
        drawn.append(_of_one(cluster, place, has_room=has_room))
    return drawn


def _of_one(cluster: Cluster, place: Point, *, has_room: bool) -> Mark:
    """It leads to the park's page, and has its name beside it, on the side with more room."""
    park = cluster.places[0]
    return Mark(
        percent(place.x),
        percent(place.y),
        reverse("page", kwargs={"plural": "parks", "slug": park.slug}),
        park.name,
        words_before=place.x > 0.5,
        has_room=has_room,
    )


def _of_several(cluster: Cluster, place: Point, href: str) -> Mark:
    count = len(cluster.places)
    size = "small" if count < 10 else "middle" if count < 100 else "large"
    shown = str(count) if count < 1_000 else f"{count // 1_000}k+"
    return Mark(percent(place.x), percent(place.y), href, f"{count:,} parks", shown, size)


@dataclass(frozen=True)
class Locator:
    """A small map of where one thing is; `href` leads to what is around it."""

    backdrop: Backdrop
    x: str
    y: str
    href: str


def locator(place: Coordinates) -> Locator:
    """Asks no database."""
    point = project(float(place.latitude), float(place.longitude))
    seen = window(point, LOCATOR)
    x, y = shares(seen, seen.offset(point))
    href = address(window(point, NEARBY))
    return Locator(backdrop(seen, is_fine=False), percent(x), percent(y), href)


def scale(seen: Window) -> Scale | None:
    """The longest round length within a fifth of the width; None where one would mislead.

    A map of a continent has another scale at its every latitude.
    """
    if seen.zoom < FINE:
        return None
    around = _KM_AROUND * cos(radians(latitude_at(seen.centre.y)))
    whole = around * seen.width / WIDTH
    kilometres = max((each for each in _LENGTHS if each <= whole / 5), default=None)
    return Scale(kilometres, percent(kilometres / whole)) if kilometres else None


def shares(seen: Window, offset: Point) -> Point:
    """A place on the picture, from 0 to 1 both ways, of what lies so far from its centre."""
    return Point(offset.x / seen.width + 0.5, offset.y / seen.height + 0.5)


def percent(share: float) -> str:
    """A share as SVG has it."""
    return f"{100 * share:.2f}%"
