"""What each version of a page changed, in a line: as histories tell it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
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
    """Versions as `changes_of` reads them: of the text not more than a digest and its size."""
    digest = _of_text("md5(%(expressions)s)", TextField())
    size = _of_text("length(%(expressions)s)", IntegerField())
    sized: QuerySet[Any] = versions.defer(TEXT).annotate(text_digest=digest, text_size=size)
    return sized


def _of_text(expression: str, output: Any) -> Func:
    size = "octet_length(%(expressions)s)"  # which a row tells without its text being read
    cast = "text" if isinstance(output, TextField) else "int"
    template = f"CASE WHEN {size} < {_TEXT_SHORTER_THAN} THEN {expression} ELSE {size}::{cast} END"
    return Func(F(TEXT), template=template, output_field=output)


@dataclass(frozen=True)
class Pair:
    """A version of a page, and the one before it; `older` is None where that was not read."""

    kind: Kind
    newer: Any
    older: Any

    @property
    def is_first(self) -> bool:
        """Whether there was none before it."""
        return self.older is None and bool(self.newer.version == 1)

    def changes(self, name: str) -> bool:
        """Whether the version changed a field; the first of all changed those that it told."""
        if name == TEXT:
            return self._changes_text()
        return any(f.name == name for f in self.differing)

    def _changes_text(self) -> bool:
        if self.older is None:
            return self.is_first and self.newer.text_size > 0
        return bool(self.older.text_digest != self.newer.text_digest)

    @cached_property
    def differing(self) -> Sequence[DocumentField]:
        """The fields that it changed, but for the text."""
        return [f for f in self.kind.fields.values() if f.name != TEXT and self._differs(f)]

    def _differs(self, f: DocumentField) -> bool:
        value = getattr(self.newer, f.attribute)
        if self.older is None:
            return self.is_first and f.to_json(value) != f.absent
        return bool(getattr(self.older, f.attribute) != value)

    @property
    def told(self) -> Sequence[DocumentField]:
        """The fields whose values a line tells."""
        return self.differing[:MOST_TOLD]

    @property
    def sides(self) -> Iterator[Document]:
        """What both have in the fields that are told."""
        for row in (self.older, self.newer):
            yield {f.name: f.to_json(getattr(row, f.attribute)) for f in self.told}

    def changed(self, shelf: Shelf) -> Changed:
        """The line."""
        if self.is_first:
            return Changed(what="created")
        if self.older.deleted != self.newer.deleted:
            return Changed(what="deleted" if self.newer.deleted else "brought back")
        before, after = self.sides
        diffs = [field_diff(f, before[f.name], after[f.name], shelf) for f in self.told]
        others = [diff.label for diff in diffs if not _is_short(diff)]
        others += [label_of(f) for f in self.differing[MOST_TOLD:]]
        text = _of_its_text(self.older, self.newer)
        return Changed([diff for diff in diffs if _is_short(diff)], others, text)


def pairs_of(kind: Kind, rows: Sequence[Any]) -> list[Pair]:
    """Each of some versions, newest first, with the one before it."""
    older = [*rows[1:], None]
    return [Pair(kind, *each) for each in zip(rows, older, strict=True)]


def changes_of(pairs: Sequence[Pair]) -> dict[int, Changed]:
    """What each of some versions changed, by its position; not of one whose elder was not read.

    Cost: a query for each kind of pages that are named.
    """
    known = [pair for pair in pairs if pair.older is not None or pair.is_first]
    named = [pair for pair in known if not pair.is_first]
    shelf = shelf_of((pair.kind, side) for pair in named for side in pair.sides)
    return {pair.newer.valid_from: pair.changed(shelf) for pair in known}


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
