"""What a merge, a sync or a revert would do: computed first, recorded later.

A plan is three documents for each entity and what came of them: a merged
document, or conflicts. Nothing is written until every conflict has a
resolution; the same plan serves the preview and the act.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from eventstore.types import Version
from versioning.branches.documents import Entity, state, title_of, versions_at
from versioning.branches.results import check_result
from versioning.entities.kinds import Document, Kind, kind_of
from versioning.entities.versions import EntityVersion
from versioning.merge import Conflict, Unsettled, merge_document, split_path
from versioning.viewpoints.chain import Link, Viewpoint
from versioning.writing import Change, Operation

type Base = Document | Unsettled | None
"""What both sides grew from; unsettled where several merge bases disagree."""

Resolutions = Mapping[str, Mapping[str, Any]]
"""By conflict key: the value that was chosen, and the sides it was chosen between."""


class UnresolvedConflicts(Exception):
    """Some conflicts of a plan wait for a decision; nothing was written."""

    def __init__(self, conflicts: Sequence["EntityConflict"]) -> None:
        self.conflicts = tuple(conflicts)
        super().__init__(f"{len(self.conflicts)} conflict(s) must be resolved first.")


@dataclass(frozen=True)
class EntityConflict:
    """A conflict, and where it is. `key` names it in forms and resolutions."""

    entity: Entity
    title: str
    conflict: Conflict

    @property
    def key(self) -> str:
        label, entity_id = self.entity
        return f"{label}:{entity_id}:{self.conflict.path}"

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

    def resolution(self, value: Any, account_id: int | None) -> dict[str, Any]:
        """An answer, in the form that `Resolutions` holds."""
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
    """What would change on `target`, and what must be decided first."""

    target: Viewpoint
    entities: tuple[EntityPlan, ...]
    beside: tuple[Link, ...] = ()
    """What the result stands beside: the target's chain, or what a sync makes of it."""
    checked: tuple[EntityConflict, ...] = field(default=())

    @property
    def chain(self) -> tuple[Link, ...]:
        return self.beside or self.target.chain

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

    def resolved(self, resolutions: Resolutions) -> "Plan":
        """The plan with answers applied, where they answer these very sides."""
        entities = {e.entity: _resolve(e, resolutions) for e in self.entities}
        plan = check(replace(self, entities=tuple(entities.values()), checked=()))
        answered = [c for c in plan.checked if _answers(resolutions, c)]
        if not answered:
            return plan
        present = versions_at(self.chain, [c.entity for c in answered if c.entity not in entities])
        for asked in answered:
            entity = entities.get(asked.entity) or plan_entity(
                asked.entity, None, present[asked.entity], present[asked.entity]
            )
            merged = set_path(
                entity.kind,
                entity.merged or {},
                asked.conflict.path,
                resolutions[asked.key]["value"],
            )
            entities[asked.entity] = replace(entity, merged=merged)
        return check(replace(self, entities=tuple(entities.values()), checked=()))


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


def check(plan: Plan) -> Plan:
    """Check the result as the wiki would be: unique values, references."""
    results = {entity.entity: entity.merged for entity in plan.entities if not entity.conflicts}
    titles = {entity.entity: entity.title for entity in plan.entities}
    found = list(check_result(plan.chain, results))
    beside = versions_at(plan.chain, {entity for entity, _ in found} - titles.keys())
    titles |= {entity: title_of(entity, version.document) for entity, version in beside.items()}
    asked = [
        EntityConflict(entity, titles.get(entity, str(entity[1])), conflict)
        for entity, conflict in found
    ]
    return replace(plan, checked=tuple(asked))


def _resolve(entity: EntityPlan, resolutions: Resolutions) -> EntityPlan:
    merged, open_conflicts = entity.merged, []
    for conflict in entity.conflicts:
        asked = EntityConflict(entity.entity, entity.title, conflict)
        if not _answers(resolutions, asked):
            open_conflicts.append(conflict)
            continue
        value = resolutions[asked.key]["value"]
        path = conflict.path
        merged = set_path(entity.kind, merged or {}, path, value) if path else value
    return replace(entity, merged=merged, conflicts=tuple(open_conflicts))


def _answers(resolutions: Resolutions, asked: EntityConflict) -> bool:
    answer = resolutions.get(asked.key)
    return answer is not None and answer["signature"] == asked.signature


def set_path(kind: Kind, document: Document, path: str, value: Any) -> Document:
    """A document with the value at a conflict's path replaced: `name`, `extra.k`, `names.ID.since`.

    None in an item's place takes it out of its list.
    """
    name, *rest = split_path(path)
    merge_kind = kind.merge_kinds.get(name)
    if rest and isinstance(merge_kind, Mapping):
        items = _set_in_list(document[name] or [], merge_kind["identity"], rest, value)
        return {**document, name: items}
    return _set(document, [name, *rest], value)


def _set(document: Document, names: Sequence[str], value: Any) -> Document:
    name, *rest = names
    if not rest:
        return {**document, name: value}
    inner = document.get(name)
    return {**document, name: _set(inner if isinstance(inner, dict) else {}, rest, value)}


def _set_in_list(
    items: Sequence[Document], identity: str, names: Sequence[str], value: Any
) -> list[Document]:
    key, *rest = names
    if rest:
        return [_set(i, rest, value) if str(i[identity]) == key else i for i in items]
    others = [item for item in items if str(item[identity]) != key]
    if value is None:
        return others
    if len(others) == len(items):
        return [*items, value]
    return [value if str(item[identity]) == key else item for item in items]
