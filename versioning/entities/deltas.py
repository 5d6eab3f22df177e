"""Long texts as deltas: what an edit replaced, instead of the whole text."""

import json

from versioning.events import Delta
from versioning.merge import diff_lines, diff_words

SHORTEST = 200
"""Characters below which a text is always stored whole."""


NEAR = 12
"""Characters between two replacements below which they are one: a place costs as many."""


def encode(before: str, after: str) -> Delta | None:
    """The delta that turns one text into another, or None where the text is shorter.

    Cost: that of comparing slices where one passage changed; a diff of what
    lies between where several did.
    """
    if len(after) < SHORTEST:
        return None
    delta = _replacements(before, after)
    return delta if len(json.dumps(delta)) < len(json.dumps(after)) else None


def _replacements(before: str, after: str) -> Delta:
    start, end = _common_ends(before, after)
    whole: Delta = [(start, len(before) - end, after[start : len(after) - end])]
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    if len(old) < SHORTEST or len(new) < SHORTEST:
        return whole
    # Each changed passage of lines is told by its words; what is equal is left out.
    words = (
        (lines.old_start + word.old_start, lines.old_start + word.old_stop, word.new)
        for lines in diff_lines(old, new)
        if not lines.is_equal
        for word in diff_words(lines.old, lines.new)
        if not word.is_equal
    )
    found: Delta = []
    for at, stop, replacement in ((start + at, start + stop, new) for at, stop, new in words):
        if found and at - found[-1][1] < NEAR:
            since, upto, said = found.pop()
            found.append((since, stop, said + before[upto:at] + replacement))
        else:
            found.append((at, stop, replacement))
    return found


def apply(before: str, delta: Delta) -> str:
    """The text after a delta. Raises ValueError where it does not fit the text."""
    pieces, at = [], 0
    for start, end, replacement in delta:
        if not at <= start <= end <= len(before):
            raise ValueError("The delta belongs to another text.")
        pieces += [before[at:start], replacement]
        at = end
    return "".join([*pieces, before[at:]])


def _common_ends(a: str, b: str) -> tuple[int, int]:
    """Lengths of the common beginning and, of what is left, of the common end."""
    start = _common_prefix(a, b)
    return start, _common_prefix(a[start:][::-1], b[start:][::-1])


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
