"""Merging one field, by its kind. Prose, lists and documents are neighbours' work."""

import re
from collections.abc import Mapping
from math import isfinite
from typing import TypeGuard

from versioning.merge.conflict import Conflict, ConflictType, Outcome
from versioning.merge.dates import more_exact
from versioning.merge.prose import TextMerge
from versioning.merge.quantities import corrected
from versioning.merge.text import merge_text
from versioning.merge.values import MISSING, Document, Unsettled, Value, identity_of, same, settle

_ONE_VALUE = (
    {"value", "unit"},
    {"latitude", "longitude"},
    {"lat", "lon"},
    {"lat", "lng"},
)
"""Maps of which no part means anything without the others."""

_ITEM = re.compile(r"[ \t]*(?:[-*+|]|[0-9]+[.)])")
"""How an item of a list begins, or a row of a table, in Markdown."""


def question(
    path: str,
    base: Value,
    ours: Value,
    theirs: Value,
    suggestion: Value = MISSING,
    confidence: float = 0.0,
) -> Outcome:
    """The outcome of two changes that can't both be: nothing yet, and a conflict."""
    type_ = conflict_type(base, ours, theirs)
    if type_ == "changed_deleted" and suggestion is MISSING:
        suggestion, confidence = (theirs if ours is MISSING else ours), 0.5
    return Outcome(MISSING, (Conflict(path, type_, base, ours, theirs, suggestion, confidence),))


def conflict_type(base: Value, ours: Value, theirs: Value) -> ConflictType:
    """How two different changes of one value are called."""
    if ours is MISSING or theirs is MISSING:
        return "changed_deleted"
    if base is MISSING or base == "":
        return "add_add"
    return "both_changed"


def merge_scalar(path: str, base: Value, ours: Value, theirs: Value) -> Outcome:
    """One value, whatever it is made of: whoever changed it, wins."""
    answer = settle(base, ours, theirs)
    return Outcome(answer.value) if answer else question(path, base, ours, theirs)


def merge_quantity(path: str, base: Value, ours: Value, theirs: Value) -> Outcome:
    """A figure with its unit. A conversion beside a correction is a question with an answer."""
    answer = settle(base, ours, theirs)
    if answer:
        return Outcome(answer.value)
    suggestion = corrected(base, ours, theirs)
    return question(path, base, ours, theirs, suggestion, 0.8 if suggestion is not MISSING else 0.0)


def merge_partial_date(path: str, base: Value, ours: Value, theirs: Value) -> Outcome:
    """A date of unequal exactness.

    Where both sides made the base more exact and one goes further than the other,
    the further one says all that the other says, and counts. Anything else that
    differs is a conflict, with the more exact one suggested where they agree.
    """
    answer = settle(base, ours, theirs)
    if answer:
        return Outcome(answer.value)
    exact = more_exact(ours, theirs)
    if exact is not None and more_exact(base, ours) == ours and more_exact(base, theirs) == theirs:
        return Outcome(exact)
    if exact is not None:
        return question(path, base, ours, theirs, exact, 0.8)
    return question(path, base, ours, theirs)


def merge_latest(path: str, base: Value, ours: Value, theirs: Value) -> Outcome:
    """A moment that every edit moves on (when it was last saved): the later one counts."""
    if isinstance(ours, str) and isinstance(theirs, str):
        return Outcome(max(ours, theirs))
    return merge_scalar(path, base, ours, theirs)


def merge_counter(path: str, base: Value, ours: Value, theirs: Value) -> Outcome:
    """A tally: what each side counted is added, also where both counted the same.

    The one kind for which equal changes do not agree: two visits are two visits.
    """
    if _is_number(base) and _is_number(ours) and _is_number(theirs):
        total = ours + theirs - base
        if isfinite(total):
            return Outcome(total)
    return merge_scalar(path, base, ours, theirs)


def _is_number(value: Value) -> TypeGuard[int | float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def merge_set(path: str, base: Value, ours: Value, theirs: Value) -> Outcome:
    """Element by element: an element stays unless a side took it out."""
    answer = settle(base, ours, theirs, alike=same_elements)
    if answer:
        return Outcome(answer.value)
    before, mine, other = _elements_before(base), _elements(ours), _elements(theirs)
    if before is None or mine is None or other is None:
        return question(path, base, ours, theirs)
    kept = [key for key in before if key in mine and key in other]
    added = sorted((mine.keys() | other.keys()) - before.keys())
    every = {**other, **mine, **before}
    return Outcome([every[key] for key in (*kept, *added)])


def _elements(value: Value) -> dict[str, Value] | None:
    """The elements by what they say; None if this is no list."""
    if not isinstance(value, list):
        return None
    return {identity_of(element): element for element in value}


def _elements_before(base: Value) -> dict[str, Value] | None:
    """The base's elements: a set that was not there, or null, had nothing in it."""
    return {} if base is MISSING or base is None else _elements(base)


def same_elements(a: Value, b: Value) -> bool:
    """Whether two sets have the same elements, in any order and writing."""
    one, other = _elements(a), _elements(b)
    if one is None or other is None:
        return same(a, b)
    return one.keys() == other.keys()


def merge_map(path: str, base: Value, ours: Value, theirs: Value) -> Outcome:
    """Key by key, and so into maps that a map holds; any other value of a key is one value.

    A figure with its unit and a pair of coordinates are one value too, though they are maps.
    """
    answer = settle(base, ours, theirs)
    if answer:
        return Outcome(answer.value)
    before = {} if base is MISSING or base is None else base
    if not (_is_map(before) and _is_map(ours) and _is_map(theirs)):
        return question(path, base, ours, theirs)
    merged, conflicts = dict[str, Value](), list[Conflict]()
    parents = [path] if path else []
    for key in in_order(before, ours, theirs):
        was, mine, other = (side.get(key, MISSING) for side in (before, ours, theirs))
        merge = merge_map if _has_keys(mine) and _has_keys(other) else merge_scalar
        outcome = merge("", was, mine, other)
        conflicts += [each.within(*parents, key) for each in outcome.conflicts]
        if outcome.value is not MISSING:
            merged[key] = outcome.value
    return Outcome(merged, tuple(conflicts))


def _is_map(value: Value) -> TypeGuard[Document]:
    """Whether keys of this value mean anything (`$erased` and its like are marks)."""
    return isinstance(value, Mapping) and not any(str(key).startswith("$") for key in value)


def _has_keys(value: Value) -> bool:
    """Whether the keys of a map within a map can be changed by themselves."""
    return _is_map(value) and value.keys() not in _ONE_VALUE


def in_order(*documents: Mapping[str, Value]) -> list[str]:
    """All keys: the base's in its order, then the new ones in an order both sides share."""
    base, ours, theirs = documents
    added = [key for key in (*ours, *theirs) if key not in base]
    one_sided = not (added and any(k in theirs for k in added) and any(k in ours for k in added))
    new = dict.fromkeys(added if one_sided else sorted(added))
    return [*base, *new]


def merge_prose(path: str, base: Value, ours: Value, theirs: Value) -> Outcome:
    """Text, by lines and words. The conflict is the field's; `merge_text` names its hunks."""
    if not (isinstance(ours, str) and isinstance(theirs, str)):
        return merge_scalar(path, base, ours, theirs)
    if ours == theirs:
        return Outcome(ours)
    before: str | TextMerge
    if isinstance(base, str):
        before = base
    elif isinstance(base, Unsettled) and isinstance(base.inner, TextMerge):
        before = base.inner
    elif base is None or base is MISSING:
        before = ""
    else:
        return question(path, base, ours, theirs)
    merge = merge_text(before, ours, theirs)
    if merge.text is not None:
        return Outcome(merge.text)
    return question(path, base, ours, theirs, *_both_kept(merge))


def _both_kept(merge: TextMerge) -> tuple[Value, float]:
    """The text with both sides' additions, where all that is open are additions."""
    if not all(hunk.base == "" and hunk.ours and hunk.theirs for hunk in merge.open_hunks):
        return MISSING, 0.0
    # Sorted, so that either side is offered the same text.
    answers = [_in_turn(*sorted((hunk.ours, hunk.theirs))) for hunk in merge.open_hunks]
    return merge.resolved(answers), 0.4


def _in_turn(first: str, second: str) -> str:
    """Two additions, one after the other. At a text's end the first one's last line is open: what
    follows is a paragraph of its own, unless both are items of a list or rows of a table.
    """
    if first.endswith("\n"):
        return first + second
    goes_on = second.startswith("\n") or (_ITEM.match(first) and _ITEM.match(second))
    return f"{first}\n{second}" if goes_on else f"{first}\n\n{second}"
