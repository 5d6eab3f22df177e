"""What a merge, a sync or a revert would do: computed first, recorded later.

A plan is three documents for each entity and what came of them: a merged
document, or conflicts. Nothing is written until every conflict has a
resolution; the same plan serves the preview and the act.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction

from eventstore import log, reading
from eventstore.types import Position
from versioning.branches.answers import Whole
from versioning.branches.compare import changes_between
from versioning.branches.conflicts import (
    EntityConflict,
    Resolutions,
    UnresolvedConflicts,
    is_answered,
    place_of,
)
from versioning.branches.documents import Entity, state, versions_at
from versioning.branches.entity_plans import EntityPlan, plan_entity, with_answers
from versioning.branches.results import (
    Outcome,
    Question,
    ThreeSides,
    held_by_unversioned,
    lost_unversioned,
    questions,
)
from versioning.branches.rules import name_of
from versioning.entities.changes import Change, Operation
from versioning.merge import Side
from versioning.saving import writing
from versioning.saving.edits import already_exists, other_holder
from versioning.viewpoints.chain import Viewpoint
from versioning.viewpoints.visibility import Link

type SidesOf = Callable[[Collection[Entity]], Mapping[Entity, ThreeSides]]
"""What the sides of an operation have of entities that none of its changes touches."""


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
    def signature(self) -> str:
        """What it would do and what it asks, in short: the same where nothing of that changed."""
        done = sorted(
            (name_of(each.entity), each.title, each.differing) for each in self.entities
            if each.merged != state(each.ours)
        )  # fmt: skip
        asked = sorted((each.key, each.signature) for each in self.conflicts)
        told = json.dumps([done, asked], default=repr, sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()

    @property
    def changing(self) -> list[EntityPlan]:
        return [entity for entity in self.entities if entity.changes_ours]

    def without_conflicts(self) -> list[EntityPlan]:
        """What would change if everything in conflict stayed as our side has it."""
        asked: dict[Entity, list[str]] = {}
        for each in self.conflicts:
            asked.setdefault(each.entity, []).append(each.conflict.path)
        return [
            entity.keeping(asked.get(entity.entity, []))
            for entity in self.changing
            if "" not in asked.get(entity.entity, [])
        ]

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
            self.sound_side,
        )
        asked = (
            EntityConflict(each.entity, each.title, each.conflict, self._ways_out(each))
            for each in questions(outcome)
        )
        return replace(self, checked=tuple(asked))

    def is_overtaken(self) -> bool:
        """Whether the target moved since, or rows without versions came or went that count."""
        moved = changes_between(self.target.branch, self.position, reading.last_position())
        results = {e.entity: e.settled for e in self.entities}
        return moved or bool(lost_unversioned(results) or held_by_unversioned(self.chain, results))

    def require_answers_hold(self) -> None:
        """Refuse what was answered of sides that are no more these. Raises StaleStreams."""
        answered = {place_of(key)[0] for key, _ in self.answers} | self.settled_by_hand
        planned = [each for each in self.entities if each.entity in answered]
        now = versions_at(self.target.chain, answered)
        moved = [e.entity[1] for e in planned if state(now.get(e.entity)) != state(e.ours)]
        if moved:
            raise log.StaleStreams(moved)

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
            c for c in plan.checked if c.key not in applied and is_answered(resolutions, c)
        ]:
            applied |= {asked.key for asked in answered}
            told = [(asked.key, resolutions[asked.key]) for asked in answered]
            plan = plan.answered(told).checked_again()
        return plan

    def reconciled(self, resolutions: Resolutions) -> "Plan":
        """The plan with the answers to what its entities' own sides left open."""
        own = (asked for asked in self.conflicts if asked not in self.checked)
        told = [(c.key, resolutions[c.key]) for c in own if is_answered(resolutions, c)]
        entities = tuple(entity.reconciled(resolutions) for entity in self.entities)
        return replace(self, entities=entities, answers=(*self.answers, *told))

    def answered(self, told: Sequence[tuple[str, Mapping[str, Any]]]) -> "Plan":
        """The plan with answers about its result, each by the key of its question."""
        plans = {entity.entity: entity for entity in self.entities}
        entities, about_them = with_answers(plans, told, self._untouched)
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


def record(
    plan: Plan,
    changes: Sequence[Change],
    header: log.Header,
    *,
    guards: Sequence[log.Guard] = (),
) -> log.Sealed:
    """Record what a plan came to, under the log's lock, if it still holds there.

    Raises UnresolvedConflicts (what came meanwhile does not go with it), StaleStreams, and
    AlreadyExists where an entity of another kind has an identity.
    """
    with transaction.atomic():
        log.lock()
        if plan.is_overtaken():
            plan.require_answers_hold()
            met = plan.checked_again()
            if met.conflicts:
                raise UnresolvedConflicts(met.conflicts)
        try:
            sealed = writing.record(writing.continued(changes), header, guards=guards)
        except log.StaleStreams:
            _require_identities(changes)
            raise
    assert sealed is not None
    return sealed


def _require_identities(changes: Sequence[Change]) -> None:
    """Tell an identity that two kinds have from what only moved on. Raises AlreadyExists."""
    for change in changes:
        if change.operation is Operation.CREATE and other_holder(change.kind, change.entity_id):
            raise already_exists(change.kind, change.entity_id)
