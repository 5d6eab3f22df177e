"""Three-way merge of one entity's document, field by field."""

from collections.abc import Callable, Mapping

from versioning.merge.conflict import Conflict, Merge, Outcome, join_path
from versioning.merge.fields import (
    in_order,
    merge_counter,
    merge_latest,
    merge_map,
    merge_partial_date,
    merge_prose,
    merge_quantity,
    merge_scalar,
    merge_set,
    question,
    same_elements,
)
from versioning.merge.kinds import Kind, Kinds
from versioning.merge.lists import merge_list
from versioning.merge.schema import brought_to_one
from versioning.merge.values import MISSING, Document, Unsettled, Value, same

type MergeField = Callable[[str, Value, Value, Value], Outcome]

_BY_KIND: dict[str, MergeField] = {
    "text": merge_prose,
    "set": merge_set,
    "map": merge_map,
    "quantity": merge_quantity,
    "partial_date": merge_partial_date,
    "latest": merge_latest,
    "counter": merge_counter,
}


def merge_document(
    kinds: Kinds,
    base: Document | Unsettled | None,
    ours: Document | None,
    theirs: Document | None,
) -> Merge:
    """The merge of two documents that grew from one; None is "does not exist".

    A base may be virtual: `Unsettled` as a whole, or in some of its fields.
    Derived fields are left out, to be recomputed.
    """
    if isinstance(base, Unsettled):
        return _merged_over_unsettled(kinds, base, ours, theirs)
    if ours is None or theirs is None:
        return _merged_with_absent(kinds, base, ours, theirs)
    upcast = brought_to_one(kinds, base, ours, theirs)
    if upcast is None:
        return _schema_asked(base, ours, theirs)
    before, mine, other = upcast
    merged, conflicts = merged_fields(kinds, before, mine, other)
    if (
        not conflicts
        and _is_empty(kinds, merged)
        and not any(_is_empty(kinds, side) for side in (mine, other))
    ):
        # Each side emptied some fields and relied on others: just those that the
        # other side emptied. Nobody wanted what comes out.
        detail = "Each side removed what the other kept: nothing would be left."
        conflicts = [Conflict("", "invalid", MISSING, ours, theirs, detail=detail)]
    return Merge(merged, tuple(conflicts))


def merged_fields(
    kinds: Kinds, base: Document, ours: Document, theirs: Document
) -> tuple[dict[str, Value], list[Conflict]]:
    """The merged fields, without those in conflict, and the conflicts."""
    merged, conflicts = dict[str, Value](), list[Conflict]()
    for name in in_order(base, ours, theirs):
        before, mine, other = (side.get(name, MISSING) for side in (base, ours, theirs))
        kind = kinds.get(name, "scalar")
        outcome = merge_field(kind, join_path((name,)), before, mine, other)
        conflicts += outcome.conflicts
        if outcome.value is not MISSING:
            merged[name] = outcome.value
    return merged, conflicts


def is_one_value(kind: Kind) -> bool:
    """Whether a field of a kind is merged as a scalar is."""
    return isinstance(kind, str) and kind not in _BY_KIND and kind != "derived"


def merge_field(kind: Kind, path: str, base: Value, ours: Value, theirs: Value) -> Outcome:
    """The merge of one field by its kind."""
    if kind == "derived":
        return Outcome(MISSING)
    if not isinstance(kind, str):
        item_kinds = kind.get("item", {})
        return merge_list(
            path,
            base,
            ours,
            theirs,
            identity=kind["identity"],
            merge_item=lambda *sides: merged_fields(item_kinds, *sides),
            same_item=lambda a, b: unchanged(item_kinds, a, b),
        )
    return _BY_KIND.get(kind, merge_scalar)(path, base, ours, theirs)


def unchanged(kinds: Kinds, before: Document, after: Document) -> bool:
    """Whether nothing was changed that a person could have changed.

    Derived fields follow from elsewhere, and the order of a set is nobody's work.
    """
    return all(
        _same_field(kinds.get(name, "scalar"), before.get(name, MISSING), after.get(name, MISSING))
        for name in before.keys() | after.keys()
    )


def _same_field(kind: Kind, before: Value, after: Value) -> bool:
    if kind == "derived" or same(before, after):
        return True
    if kind == "set":
        return same_elements(before, after)
    if isinstance(kind, str) or not (isinstance(before, list) and isinstance(after, list)):
        return False
    return len(before) == len(after) and all(
        isinstance(one, Mapping)
        and isinstance(other, Mapping)
        and unchanged(kind.get("item", {}), one, other)
        for one, other in zip(before, after, strict=True)
    )


def _merged_with_absent(
    kinds: Kinds, base: Document | None, ours: Document | None, theirs: Document | None
) -> Merge:
    """One side, or both, say that the entity does not exist."""
    present = ours if ours is not None else theirs
    if present is None:
        return Merge(None)
    if base is None:
        return Merge(_without_derived(kinds, present))
    if unchanged(kinds, base, present):
        return Merge(None)
    return _deletion_asked(base, ours, theirs)


def _merged_over_unsettled(
    kinds: Kinds, base: Unsettled, ours: Document | None, theirs: Document | None
) -> Merge:
    """The merge bases disagree on the entity itself: only agreement settles it."""
    if ours is None and theirs is None:
        return Merge(None)
    if ours is None or theirs is None:
        return _deletion_asked(base, ours, theirs)
    candidates = [each if isinstance(each, Mapping) else {} for each in base.candidates]
    names = dict.fromkeys(name for each in candidates for name in each)
    fields = {
        name: Unsettled(tuple(each.get(name, MISSING) for each in candidates)) for name in names
    }
    return merge_document(kinds, fields, ours, theirs)


def _deletion_asked(
    base: Document | Unsettled, ours: Document | None, theirs: Document | None
) -> Merge:
    """A conflict over the existence of the entity: the side that still has it is suggested."""
    mine: Value = MISSING if ours is None else ours
    other: Value = MISSING if theirs is None else theirs
    return Merge(None, question("", base, mine, other).conflicts)


def _schema_asked(base: Document | None, ours: Document, theirs: Document) -> Merge:
    detail = "The sides are of different schema versions, and nothing links their fields."
    before: Value = MISSING if base is None else base
    return Merge(None, (Conflict("", "schema", before, ours, theirs, detail=detail),))


def _is_empty(kinds: Kinds, document: Document) -> bool:
    """Whether no field says anything (false and 0 do)."""
    return all(
        value is None or value in ("", [], {})
        for name, value in _without_derived(kinds, document).items()
        if not name.startswith("_")
    )


def _without_derived(kinds: Kinds, document: Document) -> dict[str, Value]:
    return {name: value for name, value in document.items() if kinds.get(name) != "derived"}
