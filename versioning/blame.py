"""Who last wrote a field, passage by passage, and who merged it.

Authors stay authors: a passage that came by a merge is traced to the version
on the merged branch that wrote it; the merge is named beside it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from eventstore.models import Changeset, ChangesetKind
from eventstore.types import Position
from versioning.changesets import changesets_of
from versioning.entities.kinds import DocumentField, Kind
from versioning.entities.versions import rows_in
from versioning.merge import diff_lines, split_lines
from versioning.viewpoints.visibility import lying_behind


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
    return {
        name: [
            _traced(kind.fields[name], kind, entity_id, value, row, changesets[row.valid_from])
            for value, row in found
            if row.valid_from in changesets
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
    lines: list[tuple[str, Any]] = [(line, rows[0]) for line in split_lines(values[0])]
    for before, after, row in zip(values, values[1:], rows[1:], strict=False):
        if before == after:
            continue
        kept, following = iter(lines), []
        for hunk in diff_lines(before, after):
            old = [next(kept) for _ in split_lines(hunk.old)]
            if hunk.type == "equal":
                following += old
            else:
                following += [(line, row) for line in split_lines(hunk.new)]
        lines = following
    return _joined(lines)


def _joined(lines: Sequence[tuple[str, Any]]) -> list[tuple[Any, Any]]:
    """Neighbouring lines of one version as one passage."""
    passages: list[tuple[str, Any]] = []
    for line, row in lines:
        if passages and passages[-1][1] is row:
            passages[-1] = (passages[-1][0] + line, row)
        else:
            passages.append((line, row))
    return passages


def _traced(
    f: DocumentField, kind: Kind, entity_id: Any, value: Any, row: Any, changeset: Changeset
) -> Blamed:
    """Follow a merge to the version on the merged branch that has the passage first."""
    if changeset.kind not in (ChangesetKind.MERGE, ChangesetKind.SYNC):
        return Blamed(value, row, changeset)
    sources = Changeset.objects.filter(id__in=changeset.parents).exclude(branch=changeset.branch)
    for source in sources:
        behind = lying_behind([(source.branch, Position(source.last_position))])
        written = rows_in(kind).filter(behind, entity_id=entity_id)
        for candidate in written.order_by("valid_from"):
            held = f.to_json(getattr(candidate, f.attribute))
            if held == value or (f.merge_kind == "text" and value in held):
                author = changesets_of([candidate.valid_from])[candidate.valid_from]
                return Blamed(value, candidate, author, merged_by=changeset)
    return Blamed(value, row, changeset)
