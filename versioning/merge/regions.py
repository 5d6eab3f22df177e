"""Two sets of changes to one base, laid over each other (diff3).

Works on token numbers and knows nothing of text: a region says which slice of
the base is concerned, what stands there on each side, and who changed it.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from versioning.merge.matching import Change, changes


class By(Enum):
    """Whose work a region is."""

    NOBODY = "nobody"
    OURS = "ours"
    THEIRS = "theirs"
    BOTH = "both"


class Region(NamedTuple):
    """A slice of the base and its counterparts; regions follow without a gap."""

    by: By
    base: slice
    ours: slice
    theirs: slice


type Apart = Callable[[int, int], bool]
"""Whether the unchanged base tokens [start, stop) keep two edits apart."""


def apart_by_any(start: int, stop: int) -> bool:
    """One unchanged token between two edits is enough: git's rule for lines."""
    return stop > start


@dataclass(slots=True)
class _Side:
    """One side's changes, read from left to right."""

    changes: list[Change]
    at: int = 0
    shift: int = 0  # how much longer this side is than the base, up to here

    @property
    def next(self) -> Change | None:
        return self.changes[self.at] if self.at < len(self.changes) else None

    def take(self) -> Change:
        change = self.changes[self.at]
        self.at += 1
        grown = change.new_stop - change.new_start - (change.old_stop - change.old_start)
        self.shift += grown
        return change


def regions[Token: Hashable](
    base: Sequence[Token],
    ours: Sequence[Token],
    theirs: Sequence[Token],
    apart: Apart = apart_by_any,
    refine: Callable[[list[Change], Sequence[Token]], list[Change]] | None = None,
) -> list[Region]:
    """The regions of a three-way comparison, from the first token to the last.

    Changes of different sides that overlap, touch, or are not kept `apart` share
    a region. `refine` may join one side's changes beforehand.
    """
    of_ours, of_theirs = changes(base, ours), changes(base, theirs)
    if refine:
        of_ours, of_theirs = refine(of_ours, base), refine(of_theirs, base)
    return list(_laid_over(len(base), _Side(of_ours), _Side(of_theirs), apart))


def _laid_over(size: int, ours: _Side, theirs: _Side, apart: Apart) -> Iterator[Region]:
    at = 0
    while ours.next or theirs.next:
        before = (ours.shift, theirs.shift)
        start, stop, by = _grown(ours, theirs, apart)
        if start > at:
            yield Region(By.NOBODY, slice(at, start), *_moved(at, start, before, before))
        after = (ours.shift, theirs.shift)
        yield Region(by, slice(start, stop), *_moved(start, stop, before, after))
        at = stop
    if at < size:
        shifts = (ours.shift, theirs.shift)
        yield Region(By.NOBODY, slice(at, size), *_moved(at, size, shifts, shifts))


def _moved(
    start: int, stop: int, before: tuple[int, int], after: tuple[int, int]
) -> tuple[slice, slice]:
    """Where this slice of the base stands in ours and in theirs."""
    return (
        slice(start + before[0], stop + after[0]),
        slice(start + before[1], stop + after[1]),
    )


def _grown(ours: _Side, theirs: _Side, apart: Apart) -> tuple[int, int, By]:
    """Takes the next change and all that belong to it: (start, stop, by)."""
    sides = (ours, theirs)
    stops: list[int | None] = [None, None]
    first = min((0, 1), key=lambda side: _start(sides[side]))
    change = sides[first].take()
    start, stop = change.old_start, change.old_stop
    stops[first] = stop
    growing = True
    while growing:
        growing = False
        for side in (0, 1):
            following, other = sides[side].next, stops[1 - side]
            if following is None:
                continue
            if following.old_start < stop or (
                other is not None and not apart(other, following.old_start)
            ):
                sides[side].take()
                stops[side] = following.old_stop
                stop = max(stop, following.old_stop)
                growing = True
    if stops[0] is not None and stops[1] is not None:
        return start, stop, By.BOTH
    return start, stop, By.OURS if stops[0] is not None else By.THEIRS


def _start(side: _Side) -> float:
    return side.next.old_start if side.next else float("inf")
