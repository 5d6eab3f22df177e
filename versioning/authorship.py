"""Who brought which stretch of a text, carried on from one version of it to the next.

Pure: texts and hunks in, stretches out. Whose versions they are is told in `blame.py`.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from versioning.merge import Hunk, diff_lines, diff_words

type Comparison = Callable[[str, str], Iterable[Hunk]]
"""The hunks that turn one text into another."""

LONGEST_REPLACED = 4_000
"""Characters of replaced lines whose words are compared; what is longer is told by the line."""

MOST_REPLACED = 1_000_000
"""The same, of all versions of a text together. It takes a fifth of a second where some words
change, two where lines have nothing in common with those that they replace."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a text (or any whole value), what brought it, and where it stood there."""

    value: Any
    by: Any
    at: int = 0


class Authorship:
    """A text as stretches, in order."""

    def __init__(self, stretches: Iterable[Stretch]) -> None:
        self.stretches = list(_joined(stretches))
        self._starts = list(accumulate((len(s.value) for s in self.stretches), initial=0))

    def part(self, start: int, stop: int) -> Iterator[Stretch]:
        """The stretches between two places of the text."""
        for each in range(bisect_right(self._starts, start) - 1, len(self.stretches)):
            begins, stretch = self._starts[each], self.stretches[each]
            if begins >= stop:
                return
            first = max(start - begins, 0)
            value = stretch.value[first : stop - begins]
            yield replace(stretch, value=value, at=stretch.at + first)

    def rewritten(self, hunks: Iterable[Hunk], by: Any) -> "Authorship":
        """The text after a change: what is new is of whatever brought the change."""
        return Authorship(self._rewritten(hunks, by))

    def _rewritten(self, hunks: Iterable[Hunk], by: Any) -> Iterator[Stretch]:
        for hunk in hunks:
            if hunk.is_equal:
                yield from self.part(hunk.old_start, hunk.old_stop)
            elif hunk.new:
                yield Stretch(hunk.new, by, hunk.new_start)


def by_words() -> Comparison:
    """A comparison by line, in which lines that replaced others are compared word by word.

    So many characters of them as `MOST_REPLACED` says, over all texts that it compares.
    """
    left = MOST_REPLACED

    def compare(before: str, after: str) -> Iterator[Hunk]:
        nonlocal left
        for hunk in diff_lines(before, after):
            size = len(hunk.old) + len(hunk.new)
            if hunk.type == "replace" and size <= min(LONGEST_REPLACED, left):
                left -= size
                yield from _moved(diff_words(hunk.old, hunk.new), hunk)
            else:
                yield hunk

    return compare


def _moved(hunks: Iterable[Hunk], within: Hunk) -> Iterator[Hunk]:
    """The hunks of a part, counted from where the whole begins."""
    for hunk in hunks:
        old_start, new_start = within.old_start + hunk.old_start, within.new_start + hunk.new_start
        yield replace(hunk, old_start=old_start, new_start=new_start)


def _joined(stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    """Neighbours that stood together in one version as one."""
    last: Stretch | None = None
    parts: list[str] = []
    length = 0
    for each in stretches:
        if last is not None and last.by is each.by and last.at + length == each.at:
            parts.append(each.value)
        else:
            if last is not None:
                yield replace(last, value="".join(parts))
            last, parts, length = each, [each.value], 0
        length += len(each.value)
    if last is not None:
        yield replace(last, value="".join(parts))
