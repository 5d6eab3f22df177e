"""Long texts as deltas: what an edit replaced, instead of the whole text."""

import json

from versioning.events import Delta

SHORTEST = 200
"""Characters below which a text is always stored whole."""


def encode(before: str, after: str) -> Delta | None:
    """The delta that turns one text into another, or None where the text is shorter."""
    if len(after) < SHORTEST:
        return None
    start = _common_prefix(before, after)
    end = _common_prefix(before[start:][::-1], after[start:][::-1])
    delta: Delta = [(start, len(before) - end, after[start : len(after) - end])]
    return delta if len(json.dumps(delta)) < len(json.dumps(after)) else None


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
