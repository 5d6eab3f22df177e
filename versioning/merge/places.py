"""Finding, leaving out and replacing a value inside a document, by path and kinds."""

from collections.abc import Iterator, Mapping
from typing import TypeGuard, cast

from versioning.merge.conflict import Path
from versioning.merge.kinds import Kind, Kinds
from versioning.merge.values import MISSING, Document, Unsettled, Value


def values_of(
    kinds: Kinds, document: Document, wanted: frozenset[str]
) -> Iterator[tuple[Path, Value]]:
    """Every value of these kinds in a document, items of lists included, with its path."""
    for name, value in document.items():
        kind = kinds.get(name, "scalar")
        if isinstance(kind, str):
            if kind in wanted:
                yield (name,), value
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, Mapping):
                    for path, found in values_of(kind.get("item", {}), item, wanted):
                        yield (name, str(item.get(kind["identity"])), *path), found


def value_at(kinds: Kinds, document: Document | Unsettled | None, path: Path) -> Value:
    """What stands at this path; `MISSING` if nothing does."""
    value: Value = MISSING if document is None else document
    kind: Kind | None = None
    for part in path:
        if isinstance(value, Mapping):
            value = value.get(part, MISSING)
            kind = kinds.get(part, "scalar")
        elif isinstance(value, list) and kind is not None and not isinstance(kind, str):
            identity, kinds = kind["identity"], kind.get("item", {})
            value = next((item for item in value if _is_item(item, identity, part)), MISSING)
        else:
            return MISSING
    return value


def put(kinds: Kinds, document: Document, path: Path, new: Value) -> dict[str, Value]:
    """The document with another value at this path; `MISSING` takes it out."""
    name, *rest = path
    value = document.get(name, MISSING)
    kind = kinds.get(name, "scalar")
    if rest and isinstance(value, list) and not isinstance(kind, str):
        new = _put_in_list(kind.get("item", {}), value, kind["identity"], tuple(rest), new)
    elif rest:
        before = cast(Document, value) if isinstance(value, Mapping) else {}
        new = put({}, before, tuple(rest), new)
    changed = {**document, name: new}
    if new is MISSING:
        del changed[name]
    return changed


def _put_in_list(
    kinds: Kinds, items: list[Value], identity: str, path: Path, new: Value
) -> list[Value]:
    part, *rest = path
    changed = list[Value]()
    found = False
    for item in items:
        if not _is_item(item, identity, part):
            changed.append(item)
            continue
        found = True
        if rest:
            changed.append(put(kinds, item, tuple(rest), new))
        elif new is not MISSING:
            changed.append(new)
    if not found and not rest and new is not MISSING:
        changed.append(new)
    return changed


def _is_item(item: Value, identity: str, part: str) -> TypeGuard[Document]:
    return isinstance(item, Mapping) and str(item.get(identity)) == part
