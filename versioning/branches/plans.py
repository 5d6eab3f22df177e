"""What a merge, a sync or a revert would do: computed first, recorded later.

A plan is three documents for each entity and what came of them: a merged
document, or conflicts. Nothing is written until every conflict has a
resolution; the same plan serves the preview and the act.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast
from uuid import UUID

from django.db import transaction

from eventstore import log, reading
from eventstore.errors import Refusal
from eventstore.types import Position, Version
from versioning import writing
from versioning.branches.answers import Whole, put_answer
from versioning.branches.compare import changes_between
from versioning.branches.documents import Entity, state, title_of, versions_at
from versioning.branches.results import Base, Outcome, Question, ThreeSides, questions
from versioning.branches.rules import name_of
from versioning.entities.kinds import Document, Kind, kind_of
from versioning.entities.versions import EntityVersion
from versioning.merge import Conflict, Side, Unsettled, merge_document, settled_part
from versioning.viewpoints.chain import Link, Viewpoint
from versioning.writing import Change, Operation

Resolutions = Mapping[str, Mapping[str, Any]]
"""By conflict key: the value that was chosen, and the sides it was chosen between."""

type SidesOf = Callable[[Collection[Entity]], Mapping[Entity, ThreeSides]]
"""What the sides of an operation have of entities that none of its changes touches."""


class UnresolvedConflicts(Refusal):
    """Some conflicts of a plan wait for a decision; nothing was written."""

    code = "unresolved-conflicts"
    status = 409
    hint = "Answer them, or open a proposal where they wait."

    def __init__(self, conflicts: Sequence["EntityConflict"]) -> None:
        self.conflicts = tuple(conflicts)
        super().__init__(f"{len(self.conflicts)} conflict(s) must be resolved first.")


@dataclass(frozen=True)
class EntityConflict:
    """A conflict, and where it is. `key` names it in forms and resolutions.

    `ways_out` are answers of another sort, about whole entities: to keep one that would be
    missing, or to have this one as the side has it beside which the result stands. Whoever goes
    on answering by the last of them comes to an end, for that side is sound as it is.
    """

    entity: Entity
    title: str
    conflict: Conflict
    ways_out: tuple[Whole, ...] = ()

    @property
    def key(self) -> str:
        return f"{name_of(self.entity)}:{self.conflict.path}"

    @property
    def signature(self) -> str:
        """The sides, in short: an answer to other sides is no answer to these."""
        sides = [self.conflict.base, self.conflict.ours, self.conflict.theirs]
        return hashlib.sha256(json.dumps(sides, default=repr, sort_keys=True).encode()).hexdigest()

    def as_dict(self) -> dict[str, Any]:
        label, entity_id = self.entity
        return {
            "key": self.key,
            "kind": label,
            "entity_id": str(entity_id),
            "title": self.title,
            "signature": self.signature,
            **self.conflict.as_dict(),
        }

    def resolution(self, value: Any, account_id: int | None = None) -> dict[str, Any]:
        """An answer, in the form that `Resolutions` holds: what `answer_of` made, or a value."""
        return {"value": value, "signature": self.signature, "by": account_id}


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


@dataclass(frozen=True)
class Plan:
    """What would change on `target`, and what must be decided first.

    It was made at a `position` of the log. The result stands `beside` the target's chain, or
    what a sync makes of it. `sides_of` tells what the sides have of other entities.
    """

    target: Viewpoint
    entities: tuple[EntityPlan, ...]
    position: Position
    beside: tuple[Link, ...] = ()
    sides_of: SidesOf | None = None
    settled_by_hand: frozenset[Entity] = frozenset()
    """Entities of which something was answered."""
    answers: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    """The answers that were applied, by conflict key, in their order."""
    checked: tuple[EntityConflict, ...] = field(default=())

    @property
    def chain(self) -> tuple[Link, ...]:
        return self.beside or self.target.chain

    @property
    def sound_side(self) -> Side:
        """Whose entities the result stands beside: a sync's are the parent's."""
        return "theirs" if self.beside else "ours"

    @property
    def conflicts(self) -> list[EntityConflict]:
        """Fields that cannot be reconciled, then results that the wiki would refuse."""
        own = [
            EntityConflict(entity.entity, entity.title, conflict)
            for entity in self.entities
            for conflict in entity.conflicts
        ]
        return [*own, *self.checked]

    @property
    def changing(self) -> list[EntityPlan]:
        return [entity for entity in self.entities if entity.changes_ours]

    def changes(self) -> list[Change]:
        """What to record. Raises UnresolvedConflicts."""
        if self.conflicts:
            raise UnresolvedConflicts(self.conflicts)
        changes = (entity.change(self.target.branch) for entity in self.entities)
        return [change for change in changes if change is not None]

    def checked_again(self) -> "Plan":
        """The plan with what the wiki would refuse of its result: values, references, rules."""
        outcome = Outcome(
            self.chain,
            {e.entity: e.settled for e in self.entities if not e.is_waiting},
            {e.entity: e.sides for e in self.entities},
            frozenset(e.entity for e in self.entities if e.is_waiting),
            frozenset(e.entity for e in self.entities if e.conflicts),
            self.settled_by_hand,
            self.sides_of,
        )
        asked = (
            EntityConflict(each.entity, each.title, each.conflict, self._ways_out(each))
            for each in questions(outcome)
        )
        return replace(self, checked=tuple(asked))

    def _ways_out(self, question: Question) -> tuple[Whole, ...]:
        """What is kept as the sound side has it comes last; then the entity itself, if need be."""
        ways = sorted(question.keeping, key=lambda whole: whole.side == self.sound_side)
        own = next((e for e in self.entities if e.entity == question.entity), None)
        if own is not None and own.settled != own.on(self.sound_side):
            ways.append(Whole(question.entity, self.sound_side))
        return tuple(ways)

    def resolved(self, resolutions: Resolutions) -> "Plan":
        """The plan with answers applied, where they answer these very sides.

        An answer may lead to another question, whose answer is applied in its turn. What was
        checked is not checked again before something was answered: that is most of a merge's
        cost. (`record` does, if the target moved since.)
        """
        plan = self.reconciled(resolutions)
        if plan.answers != self.answers:
            plan = plan.checked_again()
        applied = {key for key, _ in plan.answers}
        while answered := [
            c for c in plan.checked if c.key not in applied and _answers(resolutions, c)
        ]:
            applied |= {asked.key for asked in answered}
            told = [(asked.key, resolutions[asked.key]) for asked in answered]
            plan = plan.answered(told).checked_again()
        return plan

    def reconciled(self, resolutions: Resolutions) -> "Plan":
        """The plan with the answers to what its entities' own sides left open."""
        own = (asked for asked in self.conflicts if asked not in self.checked)
        told = [(c.key, resolutions[c.key]) for c in own if _answers(resolutions, c)]
        entities = tuple(_resolve(entity, resolutions) for entity in self.entities)
        return replace(self, entities=entities, answers=(*self.answers, *told))

    def answered(self, told: Sequence[tuple[str, Mapping[str, Any]]]) -> "Plan":
        """The plan with answers about its result, each by the key of its question."""
        entities = {entity.entity: entity for entity in self.entities}
        about_them = set[Entity]()
        for key, resolution in told:
            label, entity_id, path = key.split(":", 2)
            value = resolution["value"]
            whole = Whole.of(value)
            about = whole.entity if whole else (label, UUID(entity_id))
            about_them.add(about)
            plan = entities.get(about) or self._untouched(about)
            if whole is not None:
                entities[about] = plan.taking(whole.side)
            elif plan.merged is not None:
                merged = put_answer(plan.kind, plan.merged, path, value)
                entities[about] = replace(plan, merged=merged)
        return replace(
            self,
            entities=tuple(entities.values()),
            settled_by_hand=self.settled_by_hand | about_them,
            answers=(*self.answers, *told),
        )

    def _untouched(self, entity: Entity) -> EntityPlan:
        """The plan of an entity that none of the changes touches: nothing."""
        present = versions_at(self.chain, [entity]).get(entity)
        untouched = plan_entity(entity, state(present), present, present)
        if self.sides_of is None:
            return untouched
        return replace(untouched, known_sides=self.sides_of([entity])[entity])


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


def record(
    plan: Plan,
    changes: Sequence[Change],
    header: log.Header,
    *,
    guards: Sequence[log.Guard] = (),
) -> log.Sealed:
    """Record what a plan came to, under the log's lock, if it still holds there.

    Raises UnresolvedConflicts (what came meanwhile does not go with it) and StaleStreams.
    """
    with transaction.atomic():
        log.lock()
        if changes_between(plan.target.branch, plan.position, reading.last_position()):
            met = plan.checked_again()
            if met.conflicts:
                raise UnresolvedConflicts(met.conflicts)
        sealed = writing.record(writing.continued(changes), header, guards=guards)
    assert sealed is not None
    return sealed


def _resolve(entity: EntityPlan, resolutions: Resolutions) -> EntityPlan:
    """An entity with the answers to its own conflicts."""
    merged, open_conflicts = entity.merged, []
    for conflict in entity.conflicts:
        asked = EntityConflict(entity.entity, entity.title, conflict)
        if not _answers(resolutions, asked):
            open_conflicts.append(conflict)
            continue
        value = resolutions[asked.key]["value"]
        if (whole := Whole.of(value)) is not None:
            return entity.taking(whole.side)
        merged = put_answer(entity.kind, merged or {}, conflict.path, value)
    return replace(entity, merged=merged, conflicts=tuple(open_conflicts))


def _answers(resolutions: Resolutions, asked: EntityConflict) -> bool:
    answer = resolutions.get(asked.key)
    return answer is not None and answer["signature"] == asked.signature
