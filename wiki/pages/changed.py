"""What each version of a page changed, in a line: as histories tell it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from django.db.models import F, Func, IntegerField, QuerySet, TextField

from versioning.entities.kinds import DocumentField, Kind
from wiki.pages.values import FieldDiff, Shelf, Shown, difference_of, label_of, shelf_of, shown

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


def changes_between(kind: Kind, rows: Sequence[Any], *, is_whole: bool) -> dict[int, Changed]:
    """What each of some versions changed, newest first, by its position.

    Of the oldest nothing is told, unless the rows are the whole history and it is the first. Cost:
    a query for each kind of pages that are named.
    """
    differing = {
        newer.valid_from: list(_differing(kind, older, newer)) for newer, older in pairwise(rows)
    }
    pairs = {newer.valid_from: (older, newer) for newer, older in pairwise(rows)}
    told = {at: fields[:MOST_TOLD] for at, fields in differing.items()}
    shelf = shelf_of(
        (kind, {f.name: f.to_json(getattr(row, f.attribute)) for f in told[at]})
        for at, rows_of_it in pairs.items()
        for row in rows_of_it
    )
    changes = {
        at: _changed(older, newer, differing[at], shelf) for at, (older, newer) in pairs.items()
    }
    if is_whole and rows:
        changes[rows[-1].valid_from] = Changed(what="created")
    return changes


def _differing(kind: Kind, older: Any, newer: Any) -> Iterator[DocumentField]:
    for f in kind.fields.values():
        if f.name != TEXT and getattr(older, f.attribute) != getattr(newer, f.attribute):
            yield f


def _changed(older: Any, newer: Any, differing: Sequence[DocumentField], shelf: Shelf) -> Changed:
    if older.deleted != newer.deleted:
        return Changed(what="deleted" if newer.deleted else "brought back")
    diffs = [_diff(f, older, newer, shelf) for f in differing[:MOST_TOLD]]
    told = [diff for diff in diffs if _is_short(diff)]
    others = [diff.label for diff in diffs if diff not in told]
    others += [label_of(f) for f in differing[MOST_TOLD:]]
    return Changed(told, others, _of_its_text(older, newer))


def _diff(f: DocumentField, older: Any, newer: Any, shelf: Shelf) -> FieldDiff:
    before, after = (f.to_json(getattr(row, f.attribute)) for row in (older, newer))
    diff = FieldDiff(f.name, label_of(f), shown(f, before, shelf), shown(f, after, shelf))
    return replace(diff, difference=difference_of(f, before, after))


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
