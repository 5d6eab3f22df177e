"""What an import left as it was, in words: what stands here, and what the file says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from versioning.entities.kinds import Document, Kind
from wiki.pages.values import Piece, Shelf, shelf_of, shown


@dataclass(frozen=True)
class KeptField:
    """A field in which a page kept what it tells; `was_told`: an earlier import told it."""

    kind: Kind
    document: Document
    name: str
    value: Any
    was_told: bool


def sentences(
    kept: Sequence[KeptField], documents: Mapping[str, Mapping[UUID, Document]]
) -> Iterator[str]:
    """Each field that was kept, with both values. Cost: a query for each kind that they name."""
    if not kept:
        return
    told = [(each.kind, each.document) for each in kept]
    file = [(each.kind, {each.name: each.value}) for each in kept]
    # What was not made for want of anybody who names it has a name all the same.
    names = {
        str(key): Piece(document["name"])
        for pages in documents.values()
        for key, document in pages.items()
        if "name" in document
    }
    shelf = {**names, **shelf_of([*told, *file])}
    for each in kept:
        yield _sentence(each, shelf)


def _sentence(kept: KeptField, shelf: Shelf) -> str:
    here = _words(kept, kept.document[kept.name], shelf)
    there = _words(kept, kept.value, shelf)
    subject = f"{kept.document['name']}: {kept.name}"
    if kept.was_told:
        return (
            f"{subject} was edited here ({here}) and changed in the file ({there}); "
            "the edit was kept"
        )
    return f"{subject} is {here} here and {there} in the file; what is here was kept"


def _words(kept: KeptField, value: Any, shelf: Shelf) -> str:
    words = ", ".join(map(str, shown(kept.kind.fields[kept.name], value, shelf)))
    return (words if len(words) <= 80 else f"{words[:79]}…") or "nothing"
