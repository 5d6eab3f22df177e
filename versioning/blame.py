"""Who last wrote a field, passage by passage, and who merged it.

Authors stay authors: what came by a merge is traced to the versions on the merged
branch that wrote it; the merge is named beside them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

from django.db.models import QuerySet

from eventstore.models import Changeset, ChangesetKind
from eventstore.types import Position
from versioning.authorship import Authorship, Comparison, Stretch, by_words
from versioning.changesets import changesets_of
from versioning.entities.kinds import DocumentField, Kind
from versioning.merge import diff_lines
from versioning.viewpoints.versions import rows_in
from versioning.viewpoints.visibility import lying_behind

TRACED_VERSIONS = 200
"""Of a merged branch, the newest that are read; what is older is told as that old."""


@dataclass(frozen=True)
class Blamed:
    """A passage (or a whole value), the changeset that wrote it, and the merge it came by."""

    value: Any
    version: Any
    changeset: Changeset
    merged_by: Changeset | None = None


def blame(kind: Kind, entity_id: Any, name: str, versions: "QuerySet[Any]") -> list[Blamed]:
    """The field's passages in order, line by line; one, for whatever is no text.

    `versions` are the entity's versions as a viewpoint has them. Cost: all of
    them are read. Raises KeyError for a field that the kind does not have.
    """
    f = kind.fields[name]
    return _blamed(kind, entity_id, [f], versions, diff_lines)[name]


def blame_document(
    kind: Kind, entity_id: Any, versions: "QuerySet[Any]"
) -> dict[str, list[Blamed]]:
    """Every field that has a value, by name; texts word by word. Reads the versions once."""
    blamed = _blamed(kind, entity_id, kind.fields.values(), versions, by_words())
    return {
        name: passages
        for name, passages in blamed.items()
        if any(passage.value not in (None, "", [], {}) for passage in passages)
    }


def _blamed(
    kind: Kind,
    entity_id: Any,
    fields: Iterable[DocumentField],
    versions: "QuerySet[Any]",
    compare: Comparison,
) -> dict[str, list[Blamed]]:
    rows = [row for row in reversed(list(versions)) if not row.deleted]
    stretches = {f.name: _stretches(f, rows, compare) if rows else [] for f in fields}
    written = {each.by.valid_from for found in stretches.values() for each in found}
    changesets = changesets_of(written)
    sources = cache(partial(_sources_of, kind, entity_id, compare))
    return {
        name: list(
            _joined(
                blamed
                for each in found
                if (changeset := changesets.get(each.by.valid_from)) is not None
                for blamed in _traced(kind.fields[name], each, changeset, sources(changeset))
            )
        )
        for name, found in stretches.items()
    }


def _stretches(f: DocumentField, rows: Sequence[Any], compare: Comparison) -> list[Stretch]:
    """Each passage of the newest version with the version that brought it."""
    if f.merge_kind == "text":
        return _authorship(f, rows, compare).stretches
    values = [f.to_json(getattr(row, f.attribute)) for row in rows]
    newest = values[-1]
    since = len(values) - 1
    while since and values[since - 1] == newest:
        since -= 1
    return [Stretch(newest, rows[since])]


def _authorship(f: DocumentField, rows: Sequence[Any], compare: Comparison) -> Authorship:
    """Whose version brought what of the newest text."""
    before: str = f.to_json(getattr(rows[0], f.attribute))
    text = Authorship([Stretch(before, rows[0])])
    for row in rows[1:]:
        after = f.to_json(getattr(row, f.attribute))
        if before != after:
            text = text.rewritten(compare(before, after), row)
        before = after
    return text


def _joined(passages: Iterable[Blamed]) -> Iterator[Blamed]:
    """Neighbouring passages of one changeset as one."""
    last: Blamed | None = None
    for each in passages:
        if last and (last.changeset, last.merged_by) == (each.changeset, each.merged_by):
            last = replace(last, value=last.value + each.value)
            continue
        if last:
            yield last
        last = each
    if last:
        yield last


class _Source:
    """The versions of an entity on a branch that a merge took in, the oldest first."""

    def __init__(self, rows: Sequence[Any], compare: Comparison) -> None:
        self.changesets = changesets_of(row.valid_from for row in rows)
        self._rows = rows
        self._compare = compare
        self._text_after = cache(self._find_text_after)

    def brought(self, f: DocumentField, merged: Stretch) -> list[Stretch]:
        """What a merge has brought, by the versions that wrote it.

        What the branch never had, the merge itself wrote.
        """
        if f.merge_kind == "text":
            text = self._text_after(f, merged.by)
            return list(text.part(merged.at, merged.at + len(merged.value)))
        values = ((row, f.to_json(getattr(row, f.attribute))) for row in self._rows)
        by = next((row for row, value in values if value == merged.value), merged.by)
        return [replace(merged, by=by)]

    def _find_text_after(self, f: DocumentField, merge: Any) -> Authorship:
        """The whole text as the merge left it."""
        before, after = (f.to_json(getattr(row, f.attribute)) for row in (self._rows[-1], merge))
        written = _authorship(f, self._rows, self._compare)
        return written.rewritten(self._compare(before, after), merge)


def _sources_of(
    kind: Kind, entity_id: Any, compare: Comparison, changeset: Changeset
) -> list[_Source]:
    """What a changeset merged; nothing, where it is no merge. Cost: four queries a merge."""
    if changeset.kind not in (ChangesetKind.MERGE, ChangesetKind.SYNC):
        return []
    merged = Changeset.objects.filter(id__in=changeset.parents).exclude(branch=changeset.branch)
    sources = []
    for each in merged:
        behind = lying_behind([(each.branch, Position(each.last_position))])
        written = rows_in(kind).filter(behind, entity_id=entity_id).order_by("-valid_from")
        rows = [row for row in reversed(list(written[:TRACED_VERSIONS])) if not row.deleted]
        if rows:
            sources.append(_Source(rows, compare))
    return sources


def _traced(
    f: DocumentField, stretch: Stretch, changeset: Changeset, sources: Sequence[_Source]
) -> list[Blamed]:
    """Follow a merge to the versions on the merged branch that wrote what it brought."""
    for source in sources:
        found = source.brought(f, stretch)
        if any(each.by is not stretch.by for each in found):
            return [
                Blamed(each.value, each.by, changeset)
                if each.by is stretch.by
                else Blamed(each.value, each.by, source.changesets[each.by.valid_from], changeset)
                for each in found
            ]
    return [Blamed(stretch.value, stretch.by, changeset)]
