"""What a changeset did: each entity of it, before and after."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from eventstore.models import Changeset
from versioning.branches.documents import title_of
from versioning.entities.kinds import Document, Kind, kinds
from versioning.entities.versions import EntityVersion, rows_in, to_version
from wiki.pages.models import Page
from wiki.pages.values import FieldDiff, field_diffs, shelf_of

PAGE_SIZE = 50


@dataclass(frozen=True)
class EntityDiff:
    """One entity that a changeset changed."""

    kind: Kind
    before: EntityVersion | None
    after: EntityVersion
    fields: Sequence[FieldDiff]

    @property
    def title(self) -> str:
        return title_of((self.kind.label, self.after.entity_id), self.after.document)

    @property
    def what(self) -> str:
        """What happened to it, in a word."""
        if self.after.is_deleted:
            return "deleted"
        if self.before is None:
            return "created"
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
    rows: list[tuple[Kind, Any]] = []
    for kind in kinds():
        found = rows_in(kind).filter(
            # A change of a branch itself stands on main, whatever branch it is of.
            branch_number__in=(changeset.branch, 1),
            valid_from__gte=max(changeset.first_position, after + 1),
            valid_from__lte=changeset.last_position,
        )
        rows += [(kind, row) for row in found.order_by("valid_from")[: PAGE_SIZE + 1]]
    rows.sort(key=lambda each: each[1].valid_from)
    following = rows[PAGE_SIZE - 1][1].valid_from if len(rows) > PAGE_SIZE else None
    shown = [(kind, to_version(kind, row)) for kind, row in rows[:PAGE_SIZE]]
    before = _versions_before(shown)
    documents: list[tuple[Kind, Document | None]] = [(kind, v.document) for kind, v in shown]
    documents += [(v.kind, v.document) for v in before.values()]
    shelf = shelf_of(documents)
    entities = []
    for kind, version in shown:
        earlier = before.get((kind.label, version.entity_id))
        old = earlier.state if earlier else None
        fields = field_diffs(kind, old, version.state, shelf)
        entities.append(EntityDiff(kind, earlier, version, fields))
    return Contents(entities, following)


def _versions_before(
    shown: Sequence[tuple[Kind, EntityVersion]],
) -> dict[tuple[str, Any], EntityVersion]:
    """Each entity's version before, wherever the branch had it from. Cost: a query per kind."""
    before: dict[tuple[str, Any], EntityVersion] = {}
    by_kind: dict[str, list[EntityVersion]] = {}
    for kind, version in shown:
        if version.version > 1:
            by_kind.setdefault(kind.label, []).append(version)
    for versions in by_kind.values():
        kind = versions[0].kind
        rows = rows_in(kind).filter(
            entity_id__in=[v.entity_id for v in versions],
            version__in={v.version - 1 for v in versions},
            valid_from__lt=max(v.position for v in versions),
        )
        wanted = {v.entity_id: v for v in versions}
        for row in rows.order_by("valid_from"):
            after = wanted[row.entity_id]
            if row.version != after.version - 1 or row.valid_from >= after.position:
                continue
            known = before.get((kind.label, row.entity_id))
            # Of versions with one number, the branch's own comes before what it inherited.
            if known is None or known.branch != after.branch:
                before[kind.label, row.entity_id] = to_version(kind, row)
    return before
