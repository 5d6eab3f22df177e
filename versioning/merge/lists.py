"""Three-way merge of ordered lists whose items have an identity.

Who is in the list, what each item says, and in which order they stand are three
questions. Identity keeps them apart: a move and an edit of one item are no clash.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from versioning.merge.conflict import Conflict, Outcome
from versioning.merge.fields import merge_scalar, question
from versioning.merge.values import MISSING, Document, Unsettled, Value, identity_of

type MergeItem = Callable[[Document, Document, Document], tuple[dict[str, Value], list[Conflict]]]
"""Merges one item's fields; the paths of its conflicts are the item's own."""

type SameItem = Callable[[Document, Document], bool]

_MOST_PAIRS = 2_000
"""Beyond this many items two reorderings are not compared pair by pair, but asked about."""


def merge_list(
    path: str,
    base: Value,
    ours: Value,
    theirs: Value,
    *,
    identity: str,
    merge_item: MergeItem,
    same_item: SameItem,
) -> Outcome:
    """The merge of three lists of items.

    A list with an item that has no identity, or with two that share one, can't be
    followed item by item and is one value.
    """
    sides = [_items(side, identity) for side in (_or_empty(base), ours, theirs)]
    before, mine, other = sides
    if isinstance(base, Unsettled) or before is None or mine is None or other is None:
        return merge_scalar(path, base, ours, theirs)
    items, conflicts = _merged_items(before, mine, other, merge_item, same_item)
    order = _merged_order(items, list(before), list(mine), list(other))
    if order is None:
        return _order_asked(path, base, ours, theirs, items, conflicts, (mine, other))
    return Outcome(
        [items[key] for key in order],
        tuple(each.within(path, *_names(key, sides, identity)) for key, each in conflicts),
    )


def _or_empty(value: Value) -> Value:
    return [] if value is MISSING or value is None else value


def _items(value: Value, identity: str) -> dict[str, Document] | None:
    """The items by their identity, in order; None if they can't be told apart."""
    if not isinstance(value, list):
        return None
    items = dict[str, Document]()
    for item in value:
        if not isinstance(item, Mapping) or item.get(identity) is None:
            return None
        items[identity_of(item[identity])] = item
    return items if len(items) == len(value) else None


def _names(
    key: str, sides: Sequence[Mapping[str, Document] | None], identity: str
) -> tuple[str, ...]:
    item = next(side[key] for side in sides if side and key in side)
    return (str(item[identity]),)


def _merged_items(
    base: Mapping[str, Document],
    ours: Mapping[str, Document],
    theirs: Mapping[str, Document],
    merge_item: MergeItem,
    same_item: SameItem,
) -> tuple[dict[str, Document], list[tuple[str, Conflict]]]:
    """The items that stay, as far as they are settled, and what is open in them."""
    merged, conflicts = dict[str, Document](), list[tuple[str, Conflict]]()
    for key in dict.fromkeys((*base, *sorted({*ours, *theirs} - {*base}))):
        before, mine, other = base.get(key), ours.get(key), theirs.get(key)
        if mine is not None and other is not None:
            merged[key], asked = merge_item(before or {}, mine, other)
            conflicts += [(key, conflict) for conflict in asked]
            continue
        present = mine if mine is not None else other
        if present is None:
            continue  # both removed it
        if before is None:
            merged[key] = present
        elif not same_item(before, present):
            deletion = question("", before, _or_missing(mine), _or_missing(other))
            conflicts += [(key, conflict) for conflict in deletion.conflicts]
    return merged, conflicts


def _or_missing(item: Document | None) -> Value:
    return MISSING if item is None else item


def _order_asked(
    path: str,
    base: Value,
    ours: Value,
    theirs: Value,
    items: Mapping[str, Document],
    conflicts: Sequence[object],
    sides: tuple[Mapping[str, Document], Mapping[str, Document]],
) -> Outcome:
    """The conflict over an order. Where the items are settled, each side shows them merged.

    So whoever picks an order does not throw away what the other side wrote in it.
    """
    if not conflicts:
        ours, theirs = (
            [items[key] for key in (*side, *sorted(items.keys() - side.keys())) if key in items]
            for side in sides
        )
    return Outcome(MISSING, (Conflict(path, "moved_both", base, ours, theirs),))


def _merged_order(
    items: Mapping[str, Document], base: list[str], ours: list[str], theirs: list[str]
) -> list[str] | None:
    """The order of the items that stay; None if the sides moved the same ones apart."""
    base, ours, theirs = ([key for key in side if key in items] for side in (base, ours, theirs))
    shared = _shared_order(base, ours, theirs)
    if shared is None:
        return None
    settled = _Order(shared, _moved(base, ours), _moved(base, theirs))
    return settled.with_insertions(ours, theirs)


def _shared_order(base: list[str], ours: list[str], theirs: list[str]) -> list[str] | None:
    """The order of the items that both sides have."""
    both = set(ours) & set(theirs)
    known, mine, other = ([k for k in side if k in both] for side in (base, ours, theirs))
    if mine == other:
        return mine
    if len(known) == len(mine) and mine == known:
        return other
    if len(known) == len(other) and other == known:
        return mine
    return _woven(known, mine, other) if len(mine) <= _MOST_PAIRS else None


def _woven(base: list[str], ours: list[str], theirs: list[str]) -> list[str] | None:
    """Both sides' moves in one order, if they moved different items.

    Each pair of items is a question with two answers, so of two sides that differ
    one always agrees with the base. A pair that both added has no base to ask.
    """
    before, other = ({key: at for at, key in enumerate(side)} for side in (base, theirs))
    ahead = Counter[str]()
    touched: tuple[set[str], set[str]] = (set(), set())
    for a, b in combinations(ours, 2):  # in ours, a stands before b
        theirs_agree = other[a] < other[b]
        if not theirs_agree and not (a in before and b in before):
            return None
        ours_moved = a in before and b in before and before[a] > before[b]
        if theirs_agree:
            ahead[a] += 1
        else:
            touched[0 if ours_moved else 1].update((a, b))
            ahead[a if ours_moved else b] += 1
    if touched[0] & touched[1] or len({ahead[key] for key in ours}) < len(ours):
        return None
    return sorted(ours, key=lambda key: -ahead[key])


def _moved(base: list[str], side: list[str]) -> set[str]:
    """The items that stand in another order than in the base."""
    place = {key: at for at, key in enumerate(base)}
    known = [key for key in side if key in place]
    expected = sorted(known, key=place.__getitem__)
    return {key for key, at_home in zip(known, expected, strict=True) if key != at_home}


@dataclass(frozen=True, slots=True)
class _Order:
    """The order of what both have, and which items each side moved in it."""

    shared: list[str]
    moved_by_ours: set[str]
    moved_by_theirs: set[str]

    def with_insertions(self, ours: list[str], theirs: list[str]) -> list[str]:
        """The whole order: each side's own items next to the neighbours it gave them."""
        runs: dict[str | None, list[list[str]]] = {}
        for side, moved in ((ours, self.moved_by_theirs), (theirs, self.moved_by_ours)):
            for before, run, after in _runs(side, set(self.shared)):
                runs.setdefault(self._place(before, after, moved), []).append(run)
        order: list[str] = []
        for key in (None, *self.shared):
            if key is not None:
                order.append(key)
            for run in sorted(runs.get(key, [])):
                order += run
        return order

    def _place(self, before: str | None, after: str | None, moved: set[str]) -> str | None:
        """The item to stand behind: the neighbour which the other side left in its place."""
        if before in moved and after not in moved:
            at = len(self.shared) if after is None else self.shared.index(after)
            return self.shared[at - 1] if at else None
        return before


def _runs(side: list[str], shared: set[str]) -> list[tuple[str | None, list[str], str | None]]:
    """Runs of items that only this side has, with the shared items around them."""
    found: list[tuple[str | None, list[str], str | None]] = []
    before: str | None = None
    run: list[str] = []
    for key in side:
        if key not in shared:
            run.append(key)
            continue
        if run:
            found.append((before, run, key))
            run = []
        before = key
    if run:
        found.append((before, run, None))
    return found
