"""The documents that merges compare: many entities at any node of the graph."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from eventstore.types import Position
from versioning.branches.bases import Node
from versioning.entities.kinds import Document, Kind, kinds
from versioning.entities.versions import EntityVersion, rows_in, versions_on, visible_versions
from versioning.models import Branch, Proposal
from versioning.viewpoints.chain import Link, resolve_number

Entity = tuple[str, UUID]
"""A kind's label and an entity's id."""

ALWAYS_ON_MAIN = (Branch, Proposal)
"""Kinds that describe branches and so never differ from one to another."""


def branch_kinds() -> list[Kind]:
    """The kinds that branches hold versions of."""
    return [kind for kind in kinds() if kind.model not in ALWAYS_ON_MAIN]


def chain_at(node: Node) -> Sequence[Link]:
    """What a node of the graph reads."""
    return resolve_number(*node).chain


def touched(branch: int, position: Position | None = None) -> dict[Entity, EntityVersion]:
    """What has a version of its own on a branch. Cost: that, a query per kind."""
    return {
        (kind.label, version.entity_id): version
        for kind in branch_kinds()
        for version in versions_on(kind, branch, position)
    }


def ever_touched(branch: int, upto: Position) -> set[Entity]:
    """What ever had a version of its own on a branch, up to a position."""
    return {
        (kind.label, entity_id)
        for kind in branch_kinds()
        for entity_id in rows_in(kind)
        .filter(branch_number=branch, valid_from__lte=upto)
        .values_list("entity_id", flat=True)
        .distinct()
    }


def versions_at(chain: Sequence[Link], entities: Iterable[Entity]) -> dict[Entity, EntityVersion]:
    """Entities as a chain shows them, tombstones included. Cost: a query per kind."""
    by_kind: dict[str, list[UUID]] = defaultdict(list)
    for label, entity_id in entities:
        by_kind[label].append(entity_id)
    return {
        (kind.label, entity_id): version
        for kind in branch_kinds()
        if kind.label in by_kind
        for entity_id, version in visible_versions(kind, by_kind[kind.label], chain).items()
    }


def state(version: EntityVersion | None) -> Document | None:
    """The document, or None where there is no such entity."""
    return version.state if version else None
