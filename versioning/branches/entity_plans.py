"""What a merge, a sync or a revert makes of one entity: its three sides, and what came of them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from eventstore.types import Version
from versioning.branches.answers import Whole, put_answer
from versioning.branches.conflicts import EntityConflict, Resolutions, is_answered, place_of
from versioning.branches.documents import Entity, state, title_of
from versioning.branches.results import Base, ThreeSides
from versioning.entities.changes import Change, Operation
from versioning.entities.kinds import Document, Kind, kind_of
from versioning.merge import Conflict, Side, Unsettled, merge_document, settled_part, split_path
from versioning.viewpoints.versions import EntityVersion

type Counts = Callable[[Resolutions, EntityConflict], bool]
"""Whether there is an answer to a conflict, and it counts."""


@dataclass(frozen=True)
class EntityPlan:
    """One entity's three sides and their merge."""

    kind: Kind
    entity: Entity
    base: Base
    ours: EntityVersion | None
    theirs: EntityVersion | None
    merged: Document | None
    conflicts: tuple[Conflict, ...] = ()
    known_sides: ThreeSides | None = None
    """What the sides have, where `ours` and `theirs` both are what the result stands beside."""

    @property
    def title(self) -> str:
        shown = next(
            (
                document
                for document in (self.merged, state(self.ours), state(self.theirs), self.base)
                if document and not isinstance(document, Unsettled)
            ),
            None,
        )
        return title_of(self.entity, shown)

    @property
    def is_waiting(self) -> bool:
        """Whether it is still asked if the entity will be there at all."""
        return self.merged is None and bool(self.conflicts)

    @property
    def settled(self) -> Document | None:
        """What is merged already, without the values in conflict."""
        if self.merged is None or not self.conflicts:
            return self.merged
        return cast(Document, settled_part(self.kind.merge_kinds, self.merged, self.conflicts))

    @property
    def sides(self) -> ThreeSides:
        """The entity in the base, on our side and on theirs."""
        return self.known_sides or (self.base, state(self.ours), state(self.theirs))

    def on(self, side: Side) -> Document | None:
        """The entity as one side has it."""
        return self.sides[1] if side == "ours" else self.sides[2]

    def taking(self, side: Side) -> "EntityPlan":
        """The same, settled: the entity is as one side has it."""
        return replace(self, merged=self.on(side), conflicts=())

    def keeping(self, paths: Collection[str]) -> "EntityPlan":
        """The same with the fields of some paths as our side has them; what is new stays out."""
        ours = state(self.ours)
        if not paths or self.merged is None or ours is None:
            return replace(self, merged=None if paths else self.merged)
        names = (split_path(path)[0] for path in paths)
        return replace(self, merged=self.merged | {name: ours[name] for name in names})

    def reconciled(self, resolutions: Resolutions, counts: Counts = is_answered) -> "EntityPlan":
        """The same with the answers to its own conflicts, as far as they count."""
        merged, open_conflicts = self.merged, []
        for conflict in self.conflicts:
            asked = EntityConflict(self.entity, self.title, conflict)
            if not counts(resolutions, asked):
                open_conflicts.append(conflict)
                continue
            value = resolutions[asked.key]["value"]
            if (whole := Whole.of(value)) is not None:
                return self.taking(whole.side)
            merged = put_answer(self.kind, merged or {}, conflict.path, value)
        return replace(self, merged=merged, conflicts=tuple(open_conflicts))

    @property
    def changes_ours(self) -> bool:
        return bool(self.conflicts) or self.merged != state(self.ours)

    @property
    def differing(self) -> dict[str, tuple[Any, Any]]:
        """Each field that changes on the target, before and after."""
        before, after = state(self.ours) or {}, self.merged or {}
        return {
            name: (before.get(name), after.get(name))
            for name in self.kind.fields
            if before.get(name) != after.get(name)
        }

    def change(self, branch: int) -> Change | None:
        """What to record on the target; None where nothing changes."""
        if self.merged == state(self.ours):
            return None
        entity_id = self.entity[1]
        if self.ours is None:
            assert self.merged is not None
            return Change(
                self.kind, entity_id, Operation.CREATE, Version(0), branch, values=self.merged
            )
        if self.merged is None:
            operation, values = Operation.DELETE, {}
        else:
            operation = Operation.RESTORE if self.ours.is_deleted else Operation.CHANGE
            values = {n: v for n, v in self.merged.items() if v != self.ours.document[n]}
        return Change(
            self.kind,
            entity_id,
            operation,
            self.ours.version,
            branch,
            self.ours.branch,
            values,
            self.ours.document,
        )


def plan_entity(
    entity: Entity, base: Base, ours: EntityVersion | None, theirs: EntityVersion | None
) -> EntityPlan:
    """Merge one entity's three states."""
    kind = kind_of(entity[0])
    mine, other = state(ours), state(theirs)
    if mine == other or other == base:
        return EntityPlan(kind, entity, base, ours, theirs, mine)
    if mine == base:
        return EntityPlan(kind, entity, base, ours, theirs, other)
    merge = merge_document(kind.merge_kinds, base, mine, other)
    merged = merge.document
    if merged is not None:
        # What is in conflict keeps our value until it is decided.
        merged = {name: merged.get(name, (mine or kind.full({}))[name]) for name in kind.fields}
    return EntityPlan(kind, entity, base, ours, theirs, merged, merge.conflicts)


def with_answers(
    plans: Mapping[Entity, EntityPlan],
    told: Sequence[tuple[str, Mapping[str, Any]]],
    untouched: Callable[[Entity], EntityPlan],
) -> tuple[dict[Entity, EntityPlan], set[Entity]]:
    """Plans with answers about their result, each by the key of its question; whom they are about.

    `untouched` makes the plan of an entity that is in none of them.
    """
    answered, about_them = dict(plans), set[Entity]()
    for key, resolution in told:
        asked, path = place_of(key)
        value = resolution["value"]
        whole = Whole.of(value)
        about = whole.entity if whole else asked
        about_them.add(about)
        plan = answered.get(about) or untouched(about)
        if whole is not None:
            answered[about] = plan.taking(whole.side)
        elif plan.merged is not None or not path:
            merged = put_answer(plan.kind, plan.merged or {}, path, value)
            answered[about] = replace(plan, merged=merged)
    return answered, about_them
