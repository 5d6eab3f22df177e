"""Check what a merge would make of the wiki, before it is made.

Each side may be right alone and both together wrong: two entities with one
slug, a reference to what the other side deleted. Such a result is a conflict
like any other, on the field where it can be settled.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import models

from versioning.branches.documents import Entity, branch_kinds, state, title_of, versions_at
from versioning.entities.kinds import Document, DocumentField, Kind, kind_of
from versioning.entities.versions import holding, rows_in
from versioning.merge import Conflict
from versioning.viewpoints.chain import Link

Results = Mapping[Entity, Document | None]


class ResultRefused(Exception):
    """What was to be written would break a rule of the wiki; nothing was kept."""

    def __init__(
        self, found: Sequence[tuple[Entity, Conflict]], titles: Mapping[Entity, str]
    ) -> None:
        """`titles` say of which entity a sentence is, where it could be of several."""
        self.found = tuple(found)
        said = (
            f"{titles[entity]}: {_sentence(entity, conflict)}"
            if entity in titles
            else _sentence(entity, conflict)
            for entity, conflict in found
        )
        super().__init__(" ".join(dict.fromkeys(said)))


def require_sound(chain: Sequence[Link], entities: Iterable[Entity]) -> None:
    """Check entities as they stand now on a branch. Raises ResultRefused."""
    present = {entity: state(version) for entity, version in versions_at(chain, entities).items()}
    found = check_result(chain, present)
    if found:
        are_several = len(present) > 1
        raise ResultRefused(
            found, {e: title_of(e, present.get(e)) for e, _ in found} if are_several else {}
        )


def _sentence(entity: Entity, conflict: Conflict) -> str:
    model = kind_of(entity[0]).model
    name = model._meta.get_field(conflict.path)
    label = getattr(name, "verbose_name", conflict.path)
    if conflict.type == "unique":
        return f"Another {model._meta.verbose_name} has this {label} already. Choose another one."
    if conflict.type == "cycle":
        return f"By its {label}, a {model._meta.verbose_name} would be part of itself."
    if conflict.type == "invalid":
        return conflict.detail
    return f"The {label} of a {model._meta.verbose_name} leads to a page that is deleted here."


def check_result(chain: Sequence[Link], results: Results) -> list[tuple[Entity, Conflict]]:
    """What the wiki would refuse once `results` replace the entities that a chain shows."""
    return [
        *_doubled_values(chain, results),
        *_lost_references(chain, results),
        *_orphans(chain, results),
        *_contradictions(results),
        *_cycles(chain, results),
    ]


def _contradictions(results: Results) -> Iterator[tuple[Entity, Conflict]]:
    """What the models themselves refuse."""
    for entity, document in results.items():
        if document is not None:
            kind = kind_of(entity[0])
            values = {
                f.attribute: f.to_python(document[f.name])
                for f in kind.column_fields
                if f.name in document
            }
            for name, sentence in kind.model(id=entity[1], **values).contradictions():
                yield entity, Conflict(name, "invalid", theirs=document[name], detail=sentence)


def _cycles(chain: Sequence[Link], results: Results) -> Iterator[tuple[Entity, Conflict]]:
    """Entities of a hierarchy that would be above themselves.

    Cost: a query for each step up, for all entities of a kind together.
    """
    for label in sorted({label for label, _ in results}):
        kind = kind_of(label)
        for f in kind.column_fields:
            if f.refers and f.model_field.related_model is kind.model:
                above = _hierarchy(chain, results, label, f)
                for entity in results.keys() & above.keys():
                    if _leads_back(above, entity):
                        yield entity, Conflict(f.name, "cycle", theirs=str(above[entity][1]))


def _hierarchy(
    chain: Sequence[Link], results: Results, label: str, f: DocumentField
) -> dict[Entity, Entity]:
    """What each of the results, and whatever is above them, is a part of."""
    above: dict[Entity, Entity] = {}
    known: dict[Entity, Document | None] = {e: d for e, d in results.items() if e[0] == label}
    wave = dict(known)
    while wave:
        for entity, document in wave.items():
            if document is not None and document[f.name]:
                above[entity] = (label, UUID(document[f.name]))
        missing = {above[entity] for entity in wave if entity in above} - known.keys()
        present = versions_at(chain, missing)
        wave = {entity: state(present.get(entity)) for entity in missing}
        known |= wave
    return above


def _leads_back(above: Mapping[Entity, Entity], entity: Entity) -> bool:
    seen: set[Entity] = set()
    at = above.get(entity)
    while at is not None and at not in seen:
        if at == entity:
            return True
        seen.add(at)
        at = above.get(at)
    return False


def unique_fields(kind: Kind) -> list[str]:
    """Fields that no two entities of a kind may share."""
    constraints = (
        c.fields[0]
        for c in kind.model._meta.constraints
        if isinstance(c, models.UniqueConstraint) and len(c.fields) == 1 and c.condition is None
    )
    own = (f.name for f in kind.column_fields if f.model_field.unique)
    return list(dict.fromkeys([*constraints, *own]))


def _doubled_values(chain: Sequence[Link], results: Results) -> Iterator[tuple[Entity, Conflict]]:
    for kind in branch_kinds():
        mine = {e: d for e, d in results.items() if e[0] == kind.label and d is not None}
        for name in unique_fields(kind) if mine else ():
            holders: dict[Any, list[Entity]] = defaultdict(list)
            for entity, document in mine.items():
                if document[name] is not None:
                    holders[document[name]].append(entity)
            for entity, value in _present_holders(chain, kind, name, list(holders)):
                if entity not in results:
                    holders[value].append(entity)
            for value, entities in holders.items():
                if len(entities) > 1:
                    ours = next((e for e in entities if e not in mine), entities[0])
                    for entity in entities:
                        if entity != ours:
                            yield entity, Conflict(name, "unique", ours=str(ours[1]), theirs=value)


def _present_holders(
    chain: Sequence[Link], kind: Kind, name: str, values: list[Any]
) -> Iterator[tuple[Entity, Any]]:
    """Entities of the chain that have one of the values now."""
    f = kind.fields[name]
    condition = models.Q()
    for branch, position in chain:
        condition |= holding(branch, position)
    candidates = (
        rows_in(kind)
        .filter(condition, **{f"{f.name}__in": [f.to_python(v) for v in values]})
        .values_list("entity_id", flat=True)
    )
    entities = [(kind.label, entity_id) for entity_id in candidates]
    for entity, version in versions_at(chain, entities).items():
        if version.state is not None and version.state[name] in values:
            yield entity, version.state[name]


def _lost_references(chain: Sequence[Link], results: Results) -> Iterator[tuple[Entity, Conflict]]:
    """References of the result to what will not be there."""
    wanted: list[tuple[Entity, DocumentField, Entity]] = [
        (entity, f, referred)
        for entity, document in results.items()
        if document is not None
        for f in kind_of(entity[0]).fields.values()
        for referred in f.referred(document[f.name])
    ]
    present = versions_at(chain, {r for _, _, r in wanted if r not in results})
    asked: set[tuple[Entity, str]] = set()
    for entity, f, referred in wanted:
        there = (
            results[referred] is not None
            if referred in results
            else referred in present and not present[referred].is_deleted
        )
        if not there and (entity, f.name) not in asked:
            asked.add((entity, f.name))
            document = results[entity]
            assert document is not None
            yield entity, Conflict(f.name, "dangling_reference", theirs=document[f.name])


def _orphans(chain: Sequence[Link], results: Results) -> Iterator[tuple[Entity, Conflict]]:
    """Entities of the chain that refer to what the result deletes."""
    gone = {entity for entity, document in results.items() if document is None}
    for entity, f, value in referring(chain, gone):
        if entity not in results:
            yield entity, Conflict(f.name, "dangling_reference", ours=value)


def referring(
    chain: Sequence[Link], entities: Collection[Entity]
) -> Iterator[tuple[Entity, DocumentField, Any]]:
    """What refers to any of some entities, by which field, and that field's whole value.

    Cost: a query for each field of any kind that may, and one for each where some do.
    """
    by_label: dict[str, list[UUID]] = defaultdict(list)
    for label, entity_id in entities:
        by_label[label].append(entity_id)
    on_chain = models.Q()
    for branch, position in chain:
        on_chain |= holding(branch, position)
    for kind in branch_kinds() if by_label else ():
        for f in kind.fields.values():
            naming = models.Q()
            for label, ids in by_label.items():
                naming |= f.naming(label, ids) or models.Q()
            if not naming:
                continue
            candidates = rows_in(kind).filter(on_chain & naming).values_list("entity_id", flat=True)
            found = versions_at(chain, [(kind.label, entity_id) for entity_id in candidates])
            for entity, version in found.items():
                if version.state is not None and not set(entities).isdisjoint(
                    f.referred(version.state[f.name])
                ):
                    yield entity, f, version.state[f.name]
