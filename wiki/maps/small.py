"""Small maps on pages: where a park lies and what is around it, or where several lie."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from versioning.fields.coordinates import Coordinates
from wiki.geography.projection import project
from wiki.maps.addresses import address
from wiki.maps.clusters import Cluster, clusters
from wiki.maps.drawing import FINE, Backdrop, Mark, backdrop, marks, percent, shares
from wiki.maps.places import Place
from wiki.maps.window import Window, around, window

AROUND: Final = 4
"""Zoom of the map of one place: coasts to know it by, and parks that one may drive to."""


@dataclass(frozen=True)
class SmallMap:
    """A window of the map with marks; `href` leads to it among all parks.

    `own` is where the page's subject lies, in percent both ways, if it is one place.
    """

    backdrop: Backdrop
    marks: Sequence[Mark]
    href: str
    own: tuple[str, str] | None = None


def map_around(place: Coordinates, others: Iterable[Place]) -> SmallMap:
    """A place in the middle, and which of the others lie near. Asks no database."""
    point = project(float(place.latitude), float(place.longitude))
    seen = window(point, AROUND)
    own = shares(seen, seen.offset(point))
    drawn = _drawn(seen, others)
    return SmallMap(drawn.backdrop, drawn.marks, drawn.href, (percent(own.x), percent(own.y)))


def map_of(places: Sequence[Place]) -> SmallMap:
    """Several places, or one, in the closest window that shows them all. Asks no database."""
    return _drawn(around((each.point for each in places), AROUND), places)


def _drawn(seen: Window, places: Iterable[Place]) -> SmallMap:
    in_view = [place for place in places if seen.shows(place.point)]
    return SmallMap(
        backdrop(seen, is_fine=seen.zoom >= FINE),
        marks(clusters(in_view, seen), seen, lambda each: _opened(each, seen)),
        address(seen),
    )


def _opened(cluster: Cluster, seen: Window) -> str:
    """Where a cluster leads: to the large map, so close that its parks lie apart."""
    return address(cluster.opened(seen) or seen)
