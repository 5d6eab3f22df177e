"""Who last wrote a field, passage by passage, and who merged it.

Authors stay authors: what came by a merge is traced, line by line, to the versions
on the merged branch that wrote it; the merge is named beside them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from django.db.models import QuerySet

from eventstore.models import Changeset, ChangesetKind
from eventstore.types import Position
from versioning.changesets import changesets_of
from versioning.entities.kinds import DocumentField, Kind
from versioning.entities.versions import rows_in
from versioning.merge import diff_lines, split_lines
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
    """The field's passages in order; one, for whatever is no text.

    `versions` are the entity's versions as a viewpoint has them. Cost: all of
    them are read. Raises KeyError for a field that the kind does not have.
    """
    f = kind.fields[name]
    return _blamed(kind, entity_id, [f], versions)[name]


def blame_document(
    kind: Kind, entity_id: Any, versions: "QuerySet[Any]"
) -> dict[str, list[Blamed]]:
    """Every field that has a value, by name, each as `blame` tells it. Reads the versions once."""
    blamed = _blamed(kind, entity_id, kind.fields.values(), versions)
    return {
        name: passages
        for name, passages in blamed.items()
        if any(passage.value not in (None, "", [], {}) for passage in passages)
    }


def _blamed(
    kind: Kind, entity_id: Any, fields: Iterable[DocumentField], versions: "QuerySet[Any]"
) -> dict[str, list[Blamed]]:
    rows = [row for row in reversed(list(versions)) if not row.deleted]
    passages = {f.name: _passages(f, rows) if rows else [] for f in fields}
    written = {row.valid_from for found in passages.values() for _, row in found}
    changesets = changesets_of(written)
    sources = cache(partial(_sources_of, kind, entity_id))
    return {
        name: [
            blamed
            for value, row in found
            if (changeset := changesets.get(row.valid_from)) is not None
            for blamed in _traced(kind.fields[name], value, row, changeset, sources(changeset))
        ]
        for name, found in passages.items()
    }


def _passages(f: DocumentField, rows: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Each passage of the newest version with the version that brought it."""
    values = [f.to_json(getattr(row, f.attribute)) for row in rows]
    if f.merge_kind != "text":
        newest = values[-1]
        since = len(values) - 1
        while since and values[since - 1] == newest:
            since -= 1
        return [(newest, rows[since])]
    lines = [(line, rows[0]) for line in split_lines(values[0])]
    for before, after, row in zip(values, values[1:], rows[1:], strict=False):
        if before != after:
            lines = _rewritten(lines, before, after, row)
    return _joined(lines)


type _Lines = list[tuple[str, Any]]
"""Each line of a text with whatever brought it."""


def _rewritten(lines: _Lines, before: str, after: str, brought_by: Any) -> _Lines:
    """The lines of a text after what was before: what is new is told of whatever brought that."""
    kept = iter(lines)
    following: _Lines = []
    for hunk in diff_lines(before, after):
        old = [next(kept) for _ in split_lines(hunk.old)]
        if hunk.type == "equal":
            following += old
        else:
            following += [(line, brought_by) for line in split_lines(hunk.new)]
    return following


def _joined(lines: _Lines) -> list[tuple[Any, Any]]:
    """Neighbouring lines of one version as one passage."""
    passages: _Lines = []
    for line, row in lines:
        if passages and passages[-1][1] is row:
            passages[-1] = (passages[-1][0] + line, row)
        else:
            passages.append((line, row))
    return passages


class _Source:
    """The versions of an entity on a branch that a merge took in, the oldest first."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self.rows = rows
        self.changesets = changesets_of(row.valid_from for row in rows)
        self.passages = cache(partial(_passages, rows=rows))


def _sources_of(kind: Kind, entity_id: Any, changeset: Changeset) -> list[_Source]:
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
            sources.append(_Source(rows))
    return sources


def _traced(
    f: DocumentField, value: Any, row: Any, changeset: Changeset, sources: Sequence[_Source]
) -> list[Blamed]:
    """Follow a merge to the versions on the merged branch that wrote what it brought."""
    for source in sources:
        passages = _brought(f, value, row, source)
        if any(wrote is not row for _, wrote in passages):
            return [
                Blamed(passage, row, changeset)
                if wrote is row
                else Blamed(passage, wrote, source.changesets[wrote.valid_from], changeset)
                for passage, wrote in passages
            ]
    return [Blamed(value, row, changeset)]


def _brought(f: DocumentField, value: Any, row: Any, source: _Source) -> list[tuple[Any, Any]]:
    """The passages of a value that a merge's `row` has, each with the row that wrote it.

    What the branch never had, the merge itself wrote.
    """
    if f.merge_kind != "text":
        having = (each for each in source.rows if f.to_json(getattr(each, f.attribute)) == value)
        return [(value, next(having, row))]
    lines = [(line, by) for passage, by in source.passages(f) for line in split_lines(passage)]
    newest = f.to_json(getattr(source.rows[-1], f.attribute))
    return _joined(_rewritten(lines, newest, value, row))
