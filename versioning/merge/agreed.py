"""Passages that both sides added alike in one place, whatever each did to the lines around them.

A neighbour that one side changed moves the place at which a comparison sees the addition, by a
blank line or more, and then two additions are seen where there is one. So such a passage is
looked for first, and taken as if the base had it: nobody's change any more.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from versioning.merge.lines import joined, line_keys, split_lines
from versioning.merge.matching import matching_blocks
from versioning.merge.values import plainest


def with_agreed_additions(
    base: str, ours: str, theirs: str, is_telling: Callable[[str], bool]
) -> str:
    """The base with what both sides added in the same place; only lines that tell are looked for.

    Costs three comparisons, where there is such a line at all.
    """
    sides = [_Written.of(text) for text in (base, ours, theirs)]
    before, mine, other = sides
    counts = [Counter(side.keys) for side in sides]
    added = {
        key
        for key, count in counts[1].items()
        if count == counts[2][key] == 1 and not counts[0][key] and is_telling(key)
    }
    if not added:
        return base
    placed = list(_placed(before, mine, other, added))
    lines = list(before.lines)
    for passage in sorted(placed, key=lambda passage: -passage.at):
        place = before.places[passage.at] if passage.at < len(before.places) else len(lines)
        lines[place:place] = passage.lines(mine, other, ends_text=place == len(lines))
    return joined(lines) if placed else base


@dataclass(frozen=True, slots=True)
class _Written:
    """The lines of a text, and which of them are written on: where, and what they say."""

    lines: list[str]
    places: list[int]
    keys: list[str]

    @classmethod
    def of(cls, text: str) -> "_Written":
        lines = split_lines(text)
        places = [at for at, line in enumerate(lines) if line.strip()]
        return cls(lines, places, line_keys([lines[at] for at in places]))

    def blanks_after(self, at: int) -> list[str]:
        """The blank lines behind a written one; -1 is the text's beginning."""
        first = self.places[at] + 1 if at >= 0 else 0
        stop = self.places[at + 1] if at + 1 < len(self.places) else len(self.lines)
        return self.lines[first:stop]


def _fewer(ours: list[str], theirs: list[str]) -> list[str]:
    """Of the blank lines in two places those that do not depend on whose they are."""
    return min(ours, theirs, key=lambda lines: (len(lines), lines))


class _Passage(NamedTuple):
    """Written lines of both sides: from where in each, how many, before which of the base."""

    ours: int
    theirs: int
    size: int
    at: int

    def lines(self, ours: _Written, theirs: _Written, *, ends_text: bool) -> list[str]:
        """The passage, with the blank lines that keep it from what follows or precedes it."""
        found, last = list[str](), list[str]()
        for step in range(self.size):
            one, another = self.ours + step, self.theirs + step
            pair = (ours.lines[ours.places[one]], theirs.lines[theirs.places[another]])
            last = _fewer(ours.blanks_after(one), theirs.blanks_after(another))
            found += [str(plainest(pair)), *last]
        if not ends_text:
            return found
        blanks = _fewer(ours.blanks_after(self.ours - 1), theirs.blanks_after(self.theirs - 1))
        return [*blanks, *found[: len(found) - len(last)]]


def _placed(
    base: _Written, ours: _Written, theirs: _Written, added: set[str]
) -> Iterator[_Passage]:
    """Each passage that both sides have between the same lines of the base."""
    mine, other = (_Anchors.between(base, side) for side in (ours, theirs))
    for block in matching_blocks(ours.keys, theirs.keys):
        for start, size in _runs(ours.keys, block.old, block.size, added):
            place = _common_place(
                mine.around(start, size),
                other.around(start + block.new - block.old, size),
            )
            if place is not None:
                yield _Passage(start, start + block.new - block.old, size, place)


def _runs(keys: Sequence[str], start: int, size: int, added: set[str]) -> Iterator[tuple[int, int]]:
    """Runs of added lines within a slice: where each begins, and how long it is."""
    began: int | None = None
    for at in range(start, start + size + 1):
        if at < start + size and keys[at] in added:
            began = at if began is None else began
        elif began is not None:
            yield began, at - began
            began = None


class _Gap(NamedTuple):
    """Where a passage stands on one side: between two lines of the base, and behind how many
    lines, before how many, that the base does not have so.
    """

    above: int
    below: int
    behind: int
    before: int


def _common_place(ours: _Gap, theirs: _Gap) -> int | None:
    """The line of the base before which both sides have it; None where that can't be told."""
    above, below = max(ours.above, theirs.above), min(ours.below, theirs.below)
    if below <= above:
        return None
    room = below - above - 1
    if room == 0:
        return below
    told = {
        above + 1 + gap.behind
        for gap in (ours, theirs)
        if (gap.above, gap.below) == (above, below) and gap.behind + gap.before == room
    }
    return told.pop() if len(told) == 1 else None


@dataclass(frozen=True, slots=True)
class _Anchors:
    """Which written line of a side is which of the base."""

    of_base: Mapping[int, int]
    size: int
    base_size: int

    @classmethod
    def between(cls, base: _Written, side: _Written) -> "_Anchors":
        of_base = {
            block.new + step: block.old + step
            for block in matching_blocks(base.keys, side.keys)
            for step in range(block.size)
        }
        return cls(of_base, len(side.keys), len(base.keys))

    def around(self, start: int, size: int) -> _Gap:
        at = start - 1
        while at >= 0 and at not in self.of_base:
            at -= 1
        below = start + size
        while below < self.size and below not in self.of_base:
            below += 1
        return _Gap(
            self.of_base.get(at, -1),
            self.of_base.get(below, self.base_size),
            start - 1 - at,
            below - start - size,
        )
