"""Documents as they stand in the version tables: what edits and merges start from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from eventstore.types import Position, Version
from versioning.entities.kinds import Document, Kind
from versioning.viewpoints.readers import without_hidden
from versioning.viewpoints.visibility import AnyLink, IsSuppressed, holding, holding_on, nearest


@dataclass(frozen=True)
class EntityVersion:
    """One version of one entity; `document` is kept in a tombstone too."""

    kind: Kind
    entity_id: UUID
    branch: int
    version: Version
    position: Position
    is_deleted: bool
    document: Document

    @property
    def state(self) -> Document | None:
        """The document, or None where the entity does not exist."""
        return None if self.is_deleted else self.document


def to_version(kind: Kind, row: Any) -> EntityVersion:
    """A row of a version table, with its values in JSON form."""
    document = {name: f.to_json(getattr(row, f.attribute)) for name, f in kind.fields.items()}
    return EntityVersion(
        kind,
        row.entity_id,
        row.branch_number,
        Version(row.version),
        Position(row.valid_from),
        row.deleted,
        document,
    )


def rows_in(kind: Kind) -> Any:
    """The rows of a kind's version table that whoever reads may, past any viewpoint's view."""
    rows = without_hidden(unsuppressed_rows_in(kind), "branch_number", "number")
    of_branch = getattr(kind.model, "of_branch", None)
    return rows if of_branch is None else without_hidden(rows, *of_branch)


def unsuppressed_rows_in(kind: Kind) -> Any:
    """The same with those of branches that are hidden, for what decides or follows."""
    return every_row_in(kind).filter(~IsSuppressed())


def every_row_in(kind: Kind) -> Any:
    """Those that are suppressed as well, for whoever hides, replays or compares them."""
    return kind.version_model._base_manager.all()


def visible_versions(
    kind: Kind, entity_ids: Iterable[UUID], chain: Sequence[AnyLink]
) -> dict[UUID, EntityVersion]:
    """Each entity as a chain shows it, tombstones included; unknown and suppressed ones left out.

    Cost: one query per kind, whatever the number of entities.
    """
    rows = every_row_in(kind).filter(holding_on(chain), entity_id__in=list(entity_ids))
    shown = nearest(rows.annotate(is_suppressed=IsSuppressed()), chain).values()
    return {row.entity_id: to_version(kind, row) for row in shown if not row.is_suppressed}


def version_on(kind: Kind, entity_id: UUID, branch: int, version: Version) -> EntityVersion | None:
    """The version with a number in an entity's stream on a branch, if there is one."""
    rows = rows_in(kind).filter(entity_id=entity_id, branch_number=branch, version=version)
    row = rows.first()
    return None if row is None else to_version(kind, row)


def versions_on(kind: Kind, branch: int, position: Position | None = None) -> list[EntityVersion]:
    """Every entity that has a version of its own on a branch at a position.

    Cost: what the branch touched, by the index on branch.
    """
    rows = unsuppressed_rows_in(kind).filter(holding(branch, position))
    return [to_version(kind, row) for row in rows]
