"""Parks that lie too close together to be shown apart, brought together for one zoom.

By a grid that is fixed to the earth, so that moving the map leaves most clusters as they are;
then those of neighbouring cells that would touch are joined.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import dist, floor
from typing import Final

from wiki.geography.projection import Point
from wiki.maps.places import Place
from wiki.maps.window import DEEPEST, Window, around, window

SPACING: Final = 1 / 14
"""Of the map's width: what marks keep between them, 25 pixels on a phone 390 wide (WCAG: 24)."""

LEAP: Final = 3
"""Zooms that opening a cluster goes at once: one sees still where on earth it is."""


@dataclass(frozen=True)
class Cluster:
    """Parks under one mark; `middle` is where that lies, from the centre of the window."""

    middle: Point
    places: Sequence[Place]

    def joined(self, other: "Cluster") -> "Cluster":
        mine, theirs = len(self.places), len(other.places)
        x, y = (
            (one * mine + two * theirs) / (mine + theirs)
            for one, two in zip(self.middle, other.middle, strict=True)
        )
        return Cluster(Point(x, y), [*self.places, *other.places])

    def opened(self, seen: Window) -> Window | None:
        """The window that shows its parks larger; None where they are as large as can be."""
        if seen.zoom == DEEPEST:
            return None
        deepest = min(seen.zoom + LEAP, DEEPEST)
        fitting = around((place.point for place in self.places), deepest)
        if fitting.zoom > seen.zoom:
            return fitting
        x, y = seen.centre
        return window(Point(x + self.middle.x, y + self.middle.y), seen.zoom + 1)


def clusters(in_view: Iterable[Place], seen: Window) -> list[Cluster]:
    """The marks of a window, for the places that it shows: each is under exactly one of them.

    Whatever order the places come in, the marks are the same, and no two are nearer to each other
    than SPACING. Cost: that of sorting the places; the marks are at most some hundred.
    """
    spacing = seen.width * SPACING
    return _apart(_in_cells(in_view, seen, spacing), spacing)


def _in_cells(in_view: Iterable[Place], seen: Window, spacing: float) -> Iterator[Cluster]:
    """One mark for each cell of the grid in which there is a place, in the middle of its places."""
    cells: defaultdict[tuple[int, int], list[Place]] = defaultdict(list)
    for place in in_view:
        cells[floor(place.x / spacing), floor(place.y / spacing)].append(place)
    for _, together in sorted(cells.items()):
        together.sort()
        offsets = [_inside(seen, seen.offset(place.point), spacing / 2) for place in together]
        x, y = (sum(along) / len(together) for along in zip(*offsets, strict=True))
        yield Cluster(Point(x, y), together)


def _inside(seen: Window, offset: Point, margin: float) -> Point:
    """An offset so far from the edge that a mark there is whole, and can be hit."""
    east, south = seen.width / 2 - margin, seen.height / 2 - margin
    return Point(min(max(offset.x, -east), east), min(max(offset.y, -south), south))


def _apart(marks: Iterable[Cluster], spacing: float) -> list[Cluster]:
    """The marks, with those joined that would touch; a joined one moves, and is looked at anew."""
    settled: list[Cluster] = []
    waiting = deque(marks)
    while waiting:
        mark = waiting.popleft()
        touching = [each for each in settled if dist(each.middle, mark.middle) < spacing]
        if touching:
            nearest = min(touching, key=lambda each: dist(each.middle, mark.middle))
            settled.remove(nearest)
            waiting.appendleft(nearest.joined(mark))
        else:
            settled.append(mark)
    return settled
