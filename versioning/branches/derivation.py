"""A merge or a sync made again: its parents' documents, merged by the rules, and the answers.

By what the log alone says of that time: documents, names of kinds and fields, kinds of merging.
What the models demand today is not asked: the answers to what was demanded then are on record.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import cast

from django.db.models import Q

from eventstore.models import Changeset, ChangesetKind
from eventstore.types import Position
from versioning.branches.answers import Whole
from versioning.branches.bases import Node, ancestry
from versioning.branches.conflicts import EntityConflict, Resolutions, place_of
from versioning.branches.documents import Entity, chain_at, state
from versioning.branches.entity_plans import EntityPlan, plan_entity, with_answers
from versioning.branches.merge import documents_of
from versioning.branches.past_documents import PastDocuments
from versioning.branches.recorded import Recorded
from versioning.branches.results import Base
from versioning.entities.kinds import Document, kind_of
from versioning.merge import Conflict, split_path, value_at
from versioning.viewpoints.versions import EntityVersion


@dataclass(frozen=True)
class _Graph:
    """Where the documents of a merge come from."""

    ours: Node
    theirs: Node
    bases: tuple[Node, ...]


class Derivation:
    """A merge or a sync of the log, made again. Asked inside the `read_as` of its schema.

    Raises what reading a log raises that was tampered with: a Refusal, ValueError, LookupError,
    ObjectDoesNotExist.
    """

    def __init__(self, changeset: Changeset, recorded: Recorded, documents: PastDocuments) -> None:
        self._documents = documents
        self._recorded = recorded
        self._is_sync = changeset.kind == ChangesetKind.SYNC
        self._graph = self._graph_of(changeset)
        self.misplaced: dict[Entity, str] = {}
        """Entities with an answer that was given to other sides, and where."""
        self._answered_names: dict[Entity, set[str]] = defaultdict(set)
        """Of entities the fields of which something was answered; "" is all of an entity."""
        self.plans = self._answered({plan.entity: plan for plan in self._planned()})

    def is_expected(self, entity: Entity) -> bool:
        """Whether the merge had to do with an entity at all."""
        plan = self.plans.get(entity)
        return plan is not None and (self._is_sync or plan.changes_ours)

    def is_overtaken(self, entity: Entity, before: EntityVersion | None) -> bool:
        """Whether an entity moved on after the plan; `before` is how it stood before the record."""
        plan = self.plans.get(entity)
        if plan is None:
            return False
        return _place(plan.ours) != _place(before)

    def is_told(self, entity: Entity, found: Document | None) -> bool:
        """Whether an entity that came out otherwise is wrong, however its fields were merged.

        A merge of before that was recorded says nothing of it. Whatever one side alone changed
        comes out as that side has it, by any rule, unless somebody answered otherwise.
        """
        plan = self.plans.get(entity)
        if plan is None or entity[0] in self._recorded.kinds:
            return True
        if plan.sides[1] == plan.sides[2]:
            return not self._answered_names[entity]
        if len(self._graph.bases) > 1 or "" in self._answered_names[entity]:
            return False
        documents = (found, plan.merged, *plan.sides)
        if not all(isinstance(each, dict) for each in documents):
            return _is_one_sided(*plan.sides) and not self._answered_names[entity]
        after, merged, base, ours, theirs = cast("tuple[Document, ...]", documents)
        return any(
            after.get(name) != merged[name] and _is_one_sided(base[name], ours[name], theirs[name])
            for name in merged.keys() - self._answered_names[entity]
        )

    def _graph_of(self, changeset: Changeset) -> _Graph:
        at = self._recorded.at or Position(changeset.first_position - 1)
        if at >= changeset.first_position:
            raise ValueError(f"It was planned at {at}, which came after it.")
        ours: Node = (changeset.branch, at)
        merged = Changeset.every.get(Q(id__in=changeset.parents) & ~Q(branch=changeset.branch))
        theirs: Node = (merged.branch, Position(merged.last_position))
        one, other = (ours, theirs) if self._is_sync else (theirs, ours)
        return _Graph(ours, theirs, ancestry(one, other).bases)

    def _planned(self) -> Iterator[EntityPlan]:
        if self._is_sync:
            candidates = self._documents.touched(*self._graph.ours)
        else:
            candidates = self._documents.ever_touched(*self._graph.theirs)
        yield from self._merged(candidates)

    def _merged(self, entities: Collection[Entity]) -> Iterator[EntityPlan]:
        bases = documents_of(self._graph.bases, set(entities), self._states_at)
        ours = self._documents.versions_at(chain_at(self._graph.ours), entities)
        theirs = self._documents.versions_at(chain_at(self._graph.theirs), entities)
        for each in sorted(entities, key=str):
            yield plan_entity(each, bases.get(each), ours.get(each), theirs.get(each))

    def _states_at(self, node: Node, entities: set[Entity]) -> dict[Entity, Base]:
        versions = self._documents.versions_at(chain_at(node), entities)
        return {entity: state(versions.get(entity)) for entity in entities}

    def _answered(self, plans: dict[Entity, EntityPlan]) -> dict[Entity, EntityPlan]:
        """First what the sides left open, then what was wrong with the result, as at that time."""
        told = dict(self._recorded.answers)
        own = {
            asked.key
            for plan in plans.values()
            for asked in _open_conflicts(plan)
            if _is_about(told, asked)
        }
        plans = {entity: plan.reconciled(told, _is_about) for entity, plan in plans.items()}
        later = [each for each in self._recorded.answers if each[0] not in own]
        for key, resolution in later:
            entity, path = place_of(key)
            plan = plans.get(entity) or self._untouched(entity)
            if resolution["signature"] != _signature(plan, path):
                self.misplaced[entity] = path
        for key, resolution in self._recorded.answers:
            entity, path = place_of(key)
            whole = Whole.of(resolution["value"])
            self._answered_names[entity].add(split_path(path)[0] if path and not whole else "")
            if whole is not None:
                self._answered_names[whole.entity].add("")
        return with_answers(plans, later, self._untouched)[0]

    def _untouched(self, entity: Entity) -> EntityPlan:
        """The plan of an entity that none of the changes touches: what the result stands beside."""
        (plan,) = self._merged([entity])
        return plan.taking("theirs" if self._is_sync else "ours")


def _place(version: EntityVersion | None) -> tuple[int, int] | None:
    return None if version is None else (version.branch, version.version)


def _is_one_sided(base: object, ours: object, theirs: object) -> bool:
    return base in (ours, theirs)


def _open_conflicts(plan: EntityPlan) -> Iterator[EntityConflict]:
    for conflict in plan.conflicts:
        yield EntityConflict(plan.entity, plan.title, conflict)


def _is_about(answers: Resolutions, asked: EntityConflict) -> bool:
    """Whether there is an answer to these very sides. What a field would keep is long decided."""
    answer = answers.get(asked.key)
    return answer is not None and answer["signature"] == asked.signature


def _signature(plan: EntityPlan, path: str) -> str:
    """That of a question about what an entity's sides have at a path."""
    kinds = kind_of(plan.entity[0]).merge_kinds
    base, ours, theirs = (value_at(kinds, side, split_path(path)) for side in plan.sides)
    return EntityConflict(plan.entity, "", Conflict(path, "invalid", base, ours, theirs)).signature
