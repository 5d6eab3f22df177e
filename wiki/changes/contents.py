"""What a changeset did: each entity of it, before and after."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from eventstore.models import Changeset
from eventstore.types import Position
from versioning.branches.documents import title_of
from versioning.entities.kinds import Document, Kind, kinds
from versioning.events import MAIN
from versioning.viewpoints.chain import resolve_number
from versioning.viewpoints.versions import EntityVersion, rows_in, to_version
from versioning.viewpoints.visibility import holding_on, nearest, written_within
from wiki.pages.models import Page
from wiki.pages.undoing import undo_field_href
from wiki.pages.values import FieldDiff, field_diffs, shelf_of

PAGE_SIZE = 50

type _VersionKey = tuple[UUID, Position]
"""An entity, and where a version of it begins."""


@dataclass(frozen=True)
class EntityDiff:
    """One entity that a changeset changed."""

    kind: Kind
    before: EntityVersion | None
    after: EntityVersion
    fields: Sequence[FieldDiff]
    undo_field: str
    """Where a field of it is undone, up to the field's name; nothing where none can be."""

    @property
    def title(self) -> str:
        return title_of((self.kind.label, self.after.entity_id), self.after.document)

    @property
    def what(self) -> str:
        """What happened to it, in a word."""
        if self.after.is_deleted:
            return "deleted"
        if self.before is None:
            return "created" if self.after.version == 1 else "changed"
        return "brought back" if self.before.is_deleted else "changed"

    @property
    def address(self) -> str:
        """The path of its page, without a viewpoint; nothing for what has no page."""
        model = self.kind.model
        if not issubclass(model, Page):
            return ""
        return f"{model.plural}/{self.after.document['slug']}/"


@dataclass(frozen=True)
class Contents:
    entities: list[EntityDiff]
    next: int | None
    """The position to go on from, where there is more."""


def contents_of(changeset: Changeset, after: int = 0) -> Contents:
    """The entities of a changeset in the order of its events, a page of them.

    Cost: a few queries per kind, whatever the size of the changeset.
    """
    first = Position(max(changeset.first_position, after + 1))
    last = Position(changeset.last_position)
    rows: list[tuple[Kind, Any]] = []
    for kind in kinds():
        found = rows_in(kind).filter(
            # A change of a branch itself stands on main, whatever branch it is of.
            written_within(changeset.branch, first, last) | written_within(MAIN, first, last)
        )
        rows += [(kind, row) for row in found.order_by("valid_from")[: PAGE_SIZE + 1]]
    rows.sort(key=lambda each: each[1].valid_from)
    following = rows[PAGE_SIZE - 1][1].valid_from if len(rows) > PAGE_SIZE else None
    shown = [(kind, to_version(kind, row)) for kind, row in rows[:PAGE_SIZE]]
    before = _versions_before(shown, changeset)
    documents: list[tuple[Kind, Document | None]] = [(kind, v.document) for kind, v in shown]
    documents += [(v.kind, v.document) for v in before.values()]
    shelf = shelf_of(documents)
    entities = []
    for kind, version in shown:
        earlier = before.get(_key(version))
        old = earlier.state if earlier else None
        fields = field_diffs(kind, old, version.state, shelf)
        undo = undo_field_href(changeset.pk, earlier, version)
        entities.append(EntityDiff(kind, earlier, version, fields, undo))
    return Contents(entities, following)


def _versions_before(
    shown: Sequence[tuple[Kind, EntityVersion]], changeset: Changeset
) -> dict[_VersionKey, EntityVersion]:
    """What the branch showed of each entity before each of its versions.

    Its number is no guide: what a sync released from the branch has the parent's numbers, and
    an edit of it goes on by the branch's own. Cost: a query per kind, and those of a chain.
    """
    before: dict[_VersionKey, EntityVersion] = {}
    groups: dict[tuple[int, str], list[EntityVersion]] = defaultdict(list)
    for kind, version in shown:
        if version.version > 1:
            groups[version.branch, kind.label].append(version)
    begun = Position(changeset.first_position - 1)
    branches = {branch for branch, _ in groups}
    chains = {branch: resolve_number(branch, begun).chain for branch in branches}
    for (branch, _), versions in groups.items():
        kind, chain = versions[0].kind, chains[branch]
        # An entity may change twice in a changeset: the one version ends where the other begins.
        ended_here = Q(branch_number=branch, valid_to__in=[v.position for v in versions])
        rows = rows_in(kind).filter(
            holding_on(chain) | ended_here, entity_id__in=[v.entity_id for v in versions]
        )
        own = {(row.entity_id, row.valid_to): row for row in rows if row.branch_number == branch}
        inherited = nearest((row for row in rows if row.valid_from <= begun), chain)
        for version in versions:
            row = own.get((version.entity_id, version.position)) or inherited.get(version.entity_id)
            if row is not None:
                before[_key(version)] = to_version(kind, row)
    return before


def _key(version: EntityVersion) -> _VersionKey:
    return version.entity_id, version.position
