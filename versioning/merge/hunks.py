"""Two-way diffs of text, by line and by word, for pages and for stored deltas.

A diff is exact: what it calls equal is equal to the character, and the hunks
spell out both texts. (Merging levels line ends and Unicode forms; a diff shows them.)
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from versioning.merge.lines import split_lines
from versioning.merge.matching import changes
from versioning.merge.words import split_words


@dataclass(frozen=True, slots=True)
class Hunk:
    """A stretch of a diff: `old` became `new`.

    `old_start` and `new_start` count characters in the two texts.
    """

    type: Literal["equal", "delete", "insert", "replace"]
    old: str
    new: str
    old_start: int
    new_start: int

    @property
    def is_equal(self) -> bool:
        return self.type == "equal"

    @property
    def old_stop(self) -> int:
        return self.old_start + len(self.old)

    @property
    def new_stop(self) -> int:
        return self.new_start + len(self.new)


def diff_lines(a: str, b: str) -> list[Hunk]:
    """The hunks that turn `a` into `b`, line by line."""
    return _diff(a, b, split_lines)


def diff_words(a: str, b: str) -> list[Hunk]:
    """The hunks that turn `a` into `b`, word by word."""
    return _diff(a, b, split_words)


def _diff(a: str, b: str, split: Callable[[str], list[str]]) -> list[Hunk]:
    old, new = split(a), split(b)
    hunks: list[Hunk] = []
    i = j = old_at = new_at = 0

    def add(i_stop: int, j_stop: int, *, is_equal: bool) -> None:
        nonlocal i, j, old_at, new_at
        before, after = "".join(old[i:i_stop]), "".join(new[j:j_stop])
        if before or after:
            hunks.append(Hunk(_type(before, after, is_equal), before, after, old_at, new_at))
        i, j, old_at, new_at = i_stop, j_stop, old_at + len(before), new_at + len(after)

    for change in changes(old, new):
        add(change.old_start, change.new_start, is_equal=True)
        add(change.old_stop, change.new_stop, is_equal=False)
    add(len(old), len(new), is_equal=True)
    return hunks


def _type(
    before: str, after: str, is_equal: bool
) -> Literal["equal", "delete", "insert", "replace"]:
    if is_equal:
        return "equal"
    if not before:
        return "insert"
    return "replace" if after else "delete"
