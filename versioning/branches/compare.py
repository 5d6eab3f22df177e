"""Compare any two viewpoints: what differs, and by how much one is ahead."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q

from eventstore.models import OF_NO_BRANCH, Changeset
from eventstore.types import Position
from versioning.branches.documents import (
    Entity,
    chain_at,
    entities_where,
    state,
    title_of,
    versions_at,
)
from versioning.entities.kinds import Document, Kind, kind_of
from versioning.entities.tables import LATEST
from versioning.models import Branch
from versioning.viewpoints.chain import Viewpoint, resolve_number
from versioning.viewpoints.versions import EntityVersion
from versioning.viewpoints.visibility import Link


@dataclass(frozen=True)
class Difference:
    """One entity that two viewpoints show differently; None where it is absent."""

    kind: Kind
    entity: Entity
    before: EntityVersion | None
    after: EntityVersion | None
    left_out: frozenset[str] = frozenset()
    """Fields that differ as well, but are not what is asked for."""

    @property
    def documents(self) -> tuple[Document | None, Document | None]:
        return state(self.before), state(self.after)

    @property
    def fields(self) -> list[str]:
        """The fields that differ; all, where the entity is on one side only."""
        before, after = self.documents
        if before is None or after is None:
            return list(self.kind.fields)
        return [
            name
            for name in self.kind.fields
            if before[name] != after[name] and name not in self.left_out
        ]

    @property
    def changes(self) -> dict[str, tuple[Any, Any]]:
        """The fields that differ, each with its value before and after; None where it is absent."""
        before, after = ({} if state is None else state for state in self.documents)
        return {name: (before.get(name), after.get(name)) for name in self.fields}

    @property
    def labels(self) -> list[str]:
        """What differs, as people call it: its fields, or all of it."""
        before, after = self.documents
        if before is None or after is None:
            return ["deleted" if after is None else "deleted there" if self.before else "new"]
        return [self.kind.fields[name].label for name in self.fields]

    @property
    def title(self) -> str:
        return title_of(self.entity, next((d for d in reversed(self.documents) if d), None))


def compare(before: Viewpoint, after: Viewpoint) -> list[Difference]:
    """Every entity that differs. Cost: what was touched between the two."""
    candidates = _touched_between(before.chain, after.chain)
    old, new = versions_at(before.chain, candidates), versions_at(after.chain, candidates)
    differences = [
        Difference(kind_of(entity[0]), entity, old.get(entity), new.get(entity))
        for entity in sorted(candidates, key=str)
    ]
    return [d for d in differences if d.documents[0] != d.documents[1]]


def changed_on(branch: Branch) -> list[Difference]:
    """What a branch has otherwise than its parent because of what was done on the branch.

    What the parent alone changed since the fork or the last sync is none of it. Cost: that of
    compare(), and a query for each kind that differs.
    """
    assert branch.parent is not None
    found = compare(resolve_number(branch.parent.number), resolve_number(branch.number))
    base = chain_at((branch.parent.number, Position(branch.base_position or 0)))
    began = versions_at(base, [difference.entity for difference in found])
    own = ((each, state(began.get(each.entity)), each.documents[1]) for each in found)
    return [
        replace(each, left_out=_unchanged(before, after))
        for each, before, after in own
        if before != after
    ]


def _unchanged(before: Document | None, after: Document | None) -> frozenset[str]:
    if before is None or after is None:
        return frozenset()
    return frozenset(name for name, value in after.items() if before.get(name) == value)


def _touched_between(before: Sequence[Link], after: Sequence[Link]) -> set[Entity]:
    """Entities with versions that one chain reaches and the other does not. Cost: one query."""
    old, new = dict(before), dict(after)
    apart = Q()
    for branch in old.keys() | new.keys():
        low, high = sorted([old.get(branch, Position(0)), new.get(branch, Position(0))])
        if low < high:
            between = (low, min(high, LATEST))
            # A released version leaves no row of its own, only its end.
            for bound in ("valid_from", "valid_to"):
                began_or_ended = {f"{bound}__gt": between[0], f"{bound}__lte": between[1]}
                apart |= Q(branch_number=branch, **began_or_ended)
    return entities_where(apart) if apart else set()


@dataclass(frozen=True)
class Distance:
    """How many changesets a branch and its parent do not share."""

    ahead: int
    behind: int


def distance(branch: Branch) -> Distance:
    """How far a branch and its parent are apart, in changesets."""
    ahead = Changeset.every.filter(
        branch=branch.number, last_position__gt=branch.merged_position or 0
    ).exclude(kind__in=["fork", "branch", "sync", *OF_NO_BRANCH])
    behind = Changeset.every.filter(
        branch=branch.parent_id or 0, last_position__gt=branch.base_position or 0
    ).exclude(kind__in=OF_NO_BRANCH)
    return Distance(ahead.count(), behind.count())


def changes_between(branch: int, after: Position, upto: Position) -> bool:
    """Whether anything was recorded on a branch after one position, up to another.

    What fields mean is no branch's own: to say that moves none.
    """
    recorded = Changeset.every.filter(
        branch=branch, last_position__gt=after, last_position__lte=upto
    )
    return recorded.exclude(kind__in=OF_NO_BRANCH).exists()
