"""What each version of a page changed, in a line: as histories tell it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.models import F, Func, IntegerField, QuerySet, TextField

from versioning.entities.kinds import Document, DocumentField, Kind
from wiki.pages.values import FieldDiff, Shelf, Shown, field_diff, label_of, shelf_of

MOST_TOLD = 3
"""Fields whose values a line tells; of all others it names them."""

LONGEST_TOLD = 60
"""Characters of a value that a line tells; of what is longer it names the field."""

TEXT = "body"
_TEXT_SHORTER_THAN = 200_000
"""Bytes. Of longer texts a history compares the length alone: it does not read them."""


@dataclass(frozen=True)
class Changed:
    """What a version changed: fields with their values, others by name, or a word for all of it."""

    fields: Sequence[FieldDiff] = ()
    others: Sequence[str] = ()
    text: str = ""
    """What became of the text."""
    what: str = ""


def with_sizes(versions: "QuerySet[Any]") -> "QuerySet[Any]":
    """Versions as `changes_between` reads them: of the text not more than a digest and its size."""
    digest = _of_text("md5(%(expressions)s)", TextField())
    size = _of_text("length(%(expressions)s)", IntegerField())
    sized: QuerySet[Any] = versions.defer(TEXT).annotate(text_digest=digest, text_size=size)
    return sized


def _of_text(expression: str, output: Any) -> Func:
    size = "octet_length(%(expressions)s)"  # which a row tells without its text being read
    cast = "text" if isinstance(output, TextField) else "int"
    template = f"CASE WHEN {size} < {_TEXT_SHORTER_THAN} THEN {expression} ELSE {size}::{cast} END"
    return Func(F(TEXT), template=template, output_field=output)


def changes_between(kind: Kind, rows: Sequence[Any]) -> dict[int, Changed]:
    """What each of some versions changed, newest first, by its position.

    Of the oldest it is not told, unless it is the first of all. Cost: a query for each kind of
    pages that are named.
    """
    pairs = [_Pair(older, newer, _differing(kind, older, newer)) for newer, older in pairwise(rows)]
    shelf = shelf_of((kind, side) for pair in pairs for side in pair.sides)
    changes = {pair.newer.valid_from: pair.changed(shelf) for pair in pairs}
    if rows and rows[-1].version == 1:
        changes[rows[-1].valid_from] = Changed(what="created")
    return changes


def _differing(kind: Kind, older: Any, newer: Any) -> list[DocumentField]:
    return [
        f
        for f in kind.fields.values()
        if f.name != TEXT and getattr(older, f.attribute) != getattr(newer, f.attribute)
    ]


@dataclass(frozen=True)
class _Pair:
    """A version, the one before it, and in which fields they differ."""

    older: Any
    newer: Any
    differing: Sequence[DocumentField]

    @property
    def told(self) -> Sequence[DocumentField]:
        return self.differing[:MOST_TOLD]

    @property
    def sides(self) -> Iterator[Document]:
        """What both have in the fields that are told."""
        for row in (self.older, self.newer):
            yield {f.name: f.to_json(getattr(row, f.attribute)) for f in self.told}

    def changed(self, shelf: Shelf) -> Changed:
        if self.older.deleted != self.newer.deleted:
            return Changed(what="deleted" if self.newer.deleted else "brought back")
        before, after = self.sides
        diffs = [field_diff(f, before[f.name], after[f.name], shelf) for f in self.told]
        others = [diff.label for diff in diffs if not _is_short(diff)]
        others += [label_of(f) for f in self.differing[MOST_TOLD:]]
        text = _of_its_text(self.older, self.newer)
        return Changed([diff for diff in diffs if _is_short(diff)], others, text)


def _is_short(diff: FieldDiff) -> bool:
    return all(_length(side) <= LONGEST_TOLD for side in (diff.before, diff.after))


def _length(values: Sequence[Shown]) -> int:
    return sum(len(str(value)) for value in values)


def _of_its_text(older: Any, newer: Any) -> str:
    if older.text_digest == newer.text_digest:
        return ""
    apart = newer.text_size - older.text_size
    if not apart:
        return "Text, as long as before"
    return f"Text, {abs(apart):,} characters {'longer' if apart > 0 else 'shorter'}"
