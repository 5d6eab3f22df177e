"""Long texts as deltas: what an edit replaced, instead of the whole text."""

from collections.abc import Callable, Iterator
from itertools import accumulate

from versioning.events import Delta
from versioning.merge import split_words
from versioning.merge.matching import changes

SHORTEST = 200
"""Characters below which a text is always stored whole."""


LEAST_WORDS = 1_000
"""Characters of a passage, before and after, below which its words are not worth comparing.

2,710 edits of a git history: 3.3 s and 3.30 MB; from 200 characters on, 5.3 s and 3.44 MB.
"""

MOST_WORDS = 2_000
"""Characters of one edit, at most, that are compared word by word; the rest goes line by line."""

DEPTH = 20
"""How far the search for equal tokens goes between two that stand once in each text.

6,104 edits of a git history: 4.7 s and 13.9 MB; with the depth of diffs for people 7.0 s and
14.1 MB, for each short piece that stays needs two more places.
"""

PLACES = 16
"""Characters that a replacement costs besides its text."""

Replacement = tuple[int, int, str]


def encode(before: str, after: str) -> Delta | None:
    """The delta that turns one text into another, or None where the text is shorter.

    Cost: that of comparing slices where one passage changed; a diff of the
    lines between where several did, and of the words of some passages.
    """
    if len(after) < SHORTEST:
        return None
    delta = list(_replacements(before, after))
    return delta if sum(PLACES + len(new) for _, _, new in delta) < len(after) else None


def _replacements(before: str, after: str) -> Iterator[Replacement]:
    whole = _trimmed(0, before, after)
    start, stop, new = whole
    old = before[start:stop]
    if len(old) < SHORTEST or len(new) < SHORTEST:
        yield whole
        return
    words_left = MOST_WORDS
    for at, old_lines, new_lines in _passages(old, new, _split_lines):
        start_at, stop_at, text = _trimmed(start + at, old_lines, new_lines)
        size = stop_at - start_at + len(text)
        if size < LEAST_WORDS or size > words_left:
            yield start_at, stop_at, text
            continue
        words_left -= size
        for word_at, old_words, new_words in _passages(before[start_at:stop_at], text, split_words):
            yield start_at + word_at, start_at + word_at + len(old_words), new_words


def _passages(
    old: str, new: str, split: Callable[[str], list[str]]
) -> Iterator[tuple[int, str, str]]:
    """Where in `old` passages differ, what stands there, and what comes in its place."""
    old_tokens, new_tokens = split(old), split(new)
    old_at = list(accumulate(map(len, old_tokens), initial=0))
    new_at = list(accumulate(map(len, new_tokens), initial=0))
    for i, i_stop, j, j_stop in changes(old_tokens, new_tokens, DEPTH):
        yield old_at[i], old[old_at[i] : old_at[i_stop]], new[new_at[j] : new_at[j_stop]]


def _split_lines(text: str) -> list[str]:
    """Lines by any of the ends that Python knows: nobody reads a delta."""
    return text.splitlines(keepends=True)


def _trimmed(at: int, old: str, new: str) -> Replacement:
    """One replacement in a text that has `old` at a place: without what both begin and end with."""
    start = _common_prefix(old, new)
    end = _common_prefix(old[start:][::-1], new[start:][::-1])
    return at + start, at + len(old) - end, new[start : len(new) - end]


def apply(before: str, delta: Delta) -> str:
    """The text after a delta. Raises ValueError where it does not fit the text."""
    pieces, at = [], 0
    for start, end, replacement in delta:
        if not at <= start <= end <= len(before):
            raise ValueError("The delta belongs to another text.")
        pieces += [before[at:start], replacement]
        at = end
    return "".join([*pieces, before[at:]])


def _common_prefix(a: str, b: str) -> int:
    """Length of the common beginning, by halving: comparing slices runs in C."""
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
