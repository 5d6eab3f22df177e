"""Three-way merge of a hunk by words, for what lines could not settle.

A paragraph is one line in a wiki, so two people who touch different sentences meet
here. Their edits are woven only where something unchanged stands between them, and
never where one side wrote a passage anew: words that both versions happen to share
would then pass for a common ground.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from versioning.merge.matching import Change, changes
from versioning.merge.prose import OpenHunk, Part, SettledText, TextMerge, parts_joined
from versioning.merge.regions import By, Region, regions
from versioning.merge.values import plainest, settle
from versioning.merge.words import has_letters, is_ideograph, is_line_end, split_words, word_keys

MOST_LINES: Final = 2_000
"""Of a passage that both sides wrote all through; where there are more, people are asked.

Its words take seconds to compare, each time that somebody looks at the merge.
"""

_IDEOGRAPHS_APART: Final = 2
"""One character between two edits may be half of a word; two are a word."""

_MOST_LOST: Final = 0.5
"""The share of a line's words that may go before the line counts as written anew."""

_MOST_BROUGHT: Final = 2
"""How many times its words a passage may be given within its lines."""


def merge_words(base: str, ours: str, theirs: str) -> TextMerge:
    """The merge of three versions of a passage by words.

    Its parts may begin and end within a line: a page can ask for a word, where a
    marker in a file needs whole lines.
    """
    if any(text.count("\n") > MOST_LINES for text in (base, ours, theirs)):
        return TextMerge((OpenHunk(base, ours, theirs),), by_lines=False)
    pieces = [split_words(text) for text in (base, ours, theirs)]
    keys = [word_keys(side) for side in pieces]
    before, mine, other = keys
    if any(_is_rewritten(before, side) for side in (mine, other)):
        return TextMerge((OpenHunk(base, ours, theirs),), by_lines=False)

    def apart(start: int, stop: int) -> bool:
        return _keep_apart(before[start:stop])

    found = regions(before, mine, other, apart=apart, refine=_without_islands)
    parts = parts_joined(_settled(region, pieces, keys) for region in found)
    return TextMerge(parts, by_lines=False)


def _is_rewritten(base: Sequence[str], side: Sequence[str]) -> bool:
    """Whether a side wrote a line anew: it kept half of the words or less, or buried them.

    Measured on merges by people: where a side did, they settled these by choosing.
    """
    telling = {key for key in {*base, *side} if has_letters(key)}
    words, lost = Counter[int](), Counter[int]()
    line_of = list(accumulate((is_line_end(key) for key in base), initial=0))
    for key, line in zip(base, line_of, strict=False):
        words[line] += key in telling
    brought = 0
    for change in _without_islands(changes(base, side), base):
        for at in range(change.old_start, change.old_stop):
            lost[line_of[at]] += base[at] in telling
        if not _adds_whole_lines(change, base, side):
            brought += sum(key in telling for key in side[change.new_start : change.new_stop])
    return (
        any(lost[line] / words[line] >= _MOST_LOST for line in lost if words[line])
        or brought > _MOST_BROUGHT * words.total()
    )


def _adds_whole_lines(change: Change, base: Sequence[str], side: Sequence[str]) -> bool:
    """Whether a change leaves every old line whole and puts new ones between them."""
    if change.old_start < change.old_stop:
        return False
    added = side[change.new_start : change.new_stop]
    at_start = change.old_start == 0 or is_line_end(base[change.old_start - 1])
    at_end = change.old_stop == len(base) or is_line_end(base[change.old_stop])
    return (at_start and is_line_end(added[-1])) or (at_end and is_line_end(added[0]))


def _keep_apart(between: Sequence[str]) -> bool:
    """Whether these unchanged pieces make two edits two: more than blanks must stand there."""
    ideographs = 0
    for key in between:
        if is_line_end(key):
            return True
        if is_ideograph(key):
            ideographs += 1
        elif not key.isspace():
            return True
    return ideographs >= _IDEOGRAPHS_APART


def _without_islands(found: list[Change], base: Sequence[str]) -> list[Change]:
    """One side's changes, with those joined that only a scrap of old words parts.

    Whoever rewrites a sentence keeps an "of" and a comma by chance. Such an island
    is smaller than the changes on both sides of it.
    """
    joined: list[Change] = []
    for change in found:
        while joined and _is_island(joined[-1], change, base):
            change = joined.pop().through(change)
        joined.append(change)
    return joined


def _is_island(before: Change, after: Change, base: Sequence[str]) -> bool:
    between = base[before.old_stop : after.old_start]
    if any(is_line_end(key) for key in between):
        return False
    words = sum(has_letters(key) for key in between)
    return words < min(_size(before, base), _size(after, base))


def _size(change: Change, base: Sequence[str]) -> int:
    """How many words a change takes away or brings, whichever is more (blanks count half)."""
    return max(change.old_stop - change.old_start, change.new_stop - change.new_start + 1) // 2


def _settled(region: Region, pieces: list[list[str]], keys: list[list[str]]) -> Part:
    slices = (region.base, region.ours, region.theirs)
    base, ours, theirs = ("".join(side[where]) for side, where in zip(pieces, slices, strict=True))
    if region.by is By.OURS:
        return SettledText(ours)
    if region.by is By.THEIRS:
        return SettledText(theirs)
    if region.by is By.BOTH and keys[1][region.ours] != keys[2][region.theirs]:
        return OpenHunk(base, ours, theirs)
    written = _as_written(*(side[where] for side, where in zip(pieces, slices, strict=True)))
    return OpenHunk(base, ours, theirs) if written is None else SettledText(written)


def _as_written(base: list[str], ours: list[str], theirs: list[str]) -> str | None:
    """The writing of pieces that say the same: by the side that changed the writing."""
    if len(base) != len(ours):  # both wrote these pieces: there is no older writing
        return "".join(str(plainest(both)) for both in zip(ours, theirs, strict=True))
    text = []
    for pieces in zip(base, ours, theirs, strict=True):
        answer = settle(*pieces)
        if answer is None:
            return None  # each changed the blanks in its own way
        text.append(str(answer.value))
    return "".join(text)
