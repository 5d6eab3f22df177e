"""The merges that took a branch in, and what people decided for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from eventstore.models import Changeset, ChangesetKind
from eventstore.types import Position
from versioning.branches.conflicts import place_of
from versioning.branches.documents import Entity, title_of
from versioning.branches.recorded import recorded_merge
from versioning.changesets import changesets_of
from versioning.entities.kinds import kind_of
from versioning.merge import split_path
from versioning.models import Branch
from versioning.viewpoints.chain import resolve_number
from versioning.viewpoints.versions import EntityVersion, rows_in, to_version
from versioning.viewpoints.visibility import holding_on, nearest
from wiki.accounts.names import names_of
from wiki.pages.values import Shelf, Shown, in_words, label_of, shelf_of, shown

MOST_READ: Final = 50
"""Versions of a branch itself, the newest, among which its merges are looked for."""

MOST_DECIDED: Final = 30
"""Decisions that a page tells of one merge."""


@dataclass(frozen=True)
class Decision:
    """What somebody answered for a merge, as it came out."""

    title: str
    label: str
    values: Sequence[Shown]
    by: str


def merges_of(branch: Branch) -> list[Changeset]:
    """The changesets that merged a branch into its parent, the newest first.

    Each moved how far the parent has taken the branch in. Cost: three queries.
    """
    rows = rows_in(kind_of(Branch)).filter(entity_id=branch.pk).order_by("-valid_from")
    read = list(rows.values_list("valid_from", "merged_position")[: MOST_READ + 1])
    moved = [at for (at, now), (_, before) in pairwise(read) if now != before]
    found = changesets_of(moved)
    return [
        found[position]
        for position in moved
        if position in found and found[position].kind == ChangesetKind.MERGE
    ]


def decisions_of(merge: Changeset) -> list[Decision]:
    """What was answered for a merge, as its result has it.

    It is read off the pages, so that what was hidden since is not told here. Cost: a query for
    each kind that was asked about, one for names, and those of the pages that values name.
    """
    recorded = None if merge.is_suppressed else recorded_merge(merge)
    answers = [] if recorded is None else list(recorded.answers)[:MOST_DECIDED]
    if not answers:
        return []
    places = [(place_of(key), answer) for key, answer in answers]
    versions = _versions(merge, [entity for (entity, _), _ in places])
    names = names_of(answer.get("by") for _, answer in places)
    shelf = shelf_of((each.kind, each.state) for each in versions.values())
    return [
        Decision(
            title_of(entity, versions[entity].document),
            *_told(versions[entity], path, shelf),
            names.get(answer.get("by"), ""),
        )
        for (entity, path), answer in places
        if entity in versions
    ]


def _versions(merge: Changeset, entities: Sequence[Entity]) -> dict[Entity, EntityVersion]:
    """Entities as a merge left them, but for what is hidden."""
    chain = resolve_number(merge.branch, Position(merge.last_position)).chain
    versions: dict[Entity, EntityVersion] = {}
    for label in sorted({label for label, _ in entities}):
        kind = kind_of(label)
        ids = [entity_id for other, entity_id in entities if other == label]
        rows = rows_in(kind).filter(holding_on(chain), entity_id__in=ids)
        for entity_id, row in nearest(rows, chain).items():
            versions[label, entity_id] = to_version(kind, row)
    return versions


def _told(version: EntityVersion, path: str, shelf: Shelf) -> tuple[str, Sequence[Shown]]:
    """What was asked about, and what it is: of a text, that it was settled."""
    if version.is_deleted:
        return "The whole page", [in_words("the page is deleted")]
    names = split_path(path)
    if not names:
        return "The whole page", [in_words("the page stays")]
    f = version.kind.fields[names[0]]
    if f.merge_kind == "text":
        return label_of(f), [in_words("settled, passage by passage or as a whole")]
    return label_of(f), shown(f, version.document[f.name], shelf)
