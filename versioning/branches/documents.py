"""The documents that merges compare: many entities at any node of the graph."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import CharField, Q, Value

from eventstore.types import Position
from versioning.branches.bases import Node
from versioning.entities.kinds import Document, Kind, kind_of, kinds
from versioning.models import Branch, Comment, Proposal
from versioning.viewpoints.chain import resolve_number
from versioning.viewpoints.versions import (
    EntityVersion,
    unsuppressed_rows_in,
    versions_on,
    visible_versions,
)
from versioning.viewpoints.visibility import Link, holding, lying_behind

Entity = tuple[str, UUID]
"""A kind's label and an entity's id."""

OF_BRANCHES = (Branch, Proposal, Comment)
"""Kinds that are about branches: what forks, merges, syncs and talk write of themselves."""


def title_of(entity: Entity, document: Document | None) -> str:
    """What people call an entity: its name, title or number, or else its id."""
    shown = document or {}
    if name := shown.get("name") or shown.get("title"):
        return str(name)
    if number := shown.get("number"):
        return f"{kind_of(entity[0]).noun} {number}".capitalize()
    return str(entity[1])


def edited_kinds() -> list[Kind]:
    """The kinds that people edit, and whose edits can be undone."""
    return [kind for kind in kinds() if kind.model not in OF_BRANCHES]


def branch_kinds() -> list[Kind]:
    """Those of them that branches hold versions of."""
    return [kind for kind in edited_kinds() if not kind.model.only_on_main]


def chain_at(node: Node) -> Sequence[Link]:
    """What a node of the graph reads."""
    return resolve_number(*node).chain


def entities_where(condition: Q) -> set[Entity]:
    """The entities with a version row for which a condition holds. Cost: one query."""
    rows = [
        unsuppressed_rows_in(kind)
        .filter(condition)
        .values_list(Value(kind.label, CharField()), "entity_id")
        .order_by()
        for kind in edited_kinds()
    ]
    return set(rows[0].union(*rows[1:]))


def touched(branch: int, position: Position | None = None) -> dict[Entity, EntityVersion]:
    """What has a version of its own on a branch.

    Cost: that; a query, and one for each kind that it touched.
    """
    labels = {label for label, _ in entities_where(holding(branch, position))}
    return {
        (label, version.entity_id): version
        for label in sorted(labels)
        for version in versions_on(kind_of(label), branch, position)
    }


def ever_touched(branch: int, upto: Position) -> set[Entity]:
    """What ever had a version of its own on a branch, up to a position. Cost: one query."""
    return entities_where(lying_behind([(branch, upto)]))


def versions_at(chain: Sequence[Link], entities: Iterable[Entity]) -> dict[Entity, EntityVersion]:
    """Entities as a chain shows them, tombstones included. Cost: a query per kind."""
    by_kind: dict[str, list[UUID]] = defaultdict(list)
    for label, entity_id in entities:
        by_kind[label].append(entity_id)
    return {
        (kind.label, entity_id): version
        for kind in edited_kinds()
        if kind.label in by_kind
        for entity_id, version in visible_versions(kind, by_kind[kind.label], chain).items()
    }


def state(version: EntityVersion | None) -> Document | None:
    """The document, or None where there is no such entity."""
    return version.state if version else None
