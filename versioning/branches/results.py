"""Check what a merge, a sync, a revert or a save would make of a branch, before it is made.

Each side may be right alone and both together wrong: two entities with one slug, a reference to
what the other side deleted. The pure engine decides what is wrong (`versioning.merge`), by the
models' rules; here it gets the documents to decide by: the results, and all that they concern.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import connection, models

from eventstore.errors import Refusal
from eventstore.sqlfiles import statement
from versioning.branches.answers import Whole
from versioning.branches.constraints import Clash, clashes, rules_of
from versioning.branches.documents import Entity, branch_kinds, state, title_of, versions_at
from versioning.branches.rules import (
    NO_ENTITY,
    ModelRules,
    broken,
    doubles,
    entity_of,
    hierarchies,
    kinds_of,
    name_of,
)
from versioning.entities.kinds import Document, DocumentField, Kind, kind_of
from versioning.events import MAIN
from versioning.merge import (
    Conflict,
    Finding,
    Side,
    Sides,
    Unsettled,
    check_site,
    join_path,
    question_of,
)
from versioning.saving import unversioned
from versioning.viewpoints.versions import EntityVersion, unsuppressed_rows_in
from versioning.viewpoints.visibility import Link, SqlNumbers, holding_on

Results = Mapping[Entity, Document | None]

type Base = Document | Unsettled | None
"""What both sides grew from; unsettled where several merge bases disagree."""

type ThreeSides = tuple[Base, Document | None, Document | None]
"""An entity in the base, on our side and on theirs."""


class ResultRefused(Refusal):
    """What was to be written would break a rule of the wiki; nothing was kept."""

    code = "result-refused"
    status = 409
    hint = "Change what it names, and try again."

    def __init__(self, broken: Sequence[tuple[Entity, Conflict]], titles: Mapping[Entity, str]):
        """`titles` say of which entity a sentence is, where it could be of several."""
        self.broken = tuple(broken)
        said = (
            f"{titles[entity]}: {conflict.detail}" if entity in titles else conflict.detail
            for entity, conflict in broken
        )
        super().__init__(" ".join(dict.fromkeys(said)))


@dataclass(frozen=True)
class Outcome:
    """What an operation would leave on a chain, entity by entity, and what it came from.

    `waiting` are entities of which it is still asked whether they will be there; of
    `open_entities` something is asked. `answered` are entities as somebody wants them to be,
    whatever the sides have. `sides_of` tells the sides of what is touched by none of
    the changes: alike on all, unless said otherwise. What is wrong with the `sound` side by itself
    is not asked about.
    """

    chain: Sequence[Link]
    results: Results
    sides: Mapping[Entity, ThreeSides]
    waiting: frozenset[Entity] = frozenset()
    open_entities: frozenset[Entity] = frozenset()
    answered: frozenset[Entity] = frozenset()
    sides_of: Callable[[Collection[Entity]], Mapping[Entity, ThreeSides]] | None = None
    sound: Side = "ours"

    def before(self, entity: Entity) -> Document | None:
        """An entity as the sound side has it by itself."""
        three = self.sides.get(entity)
        document = None if three is None else three[1 if self.sound == "ours" else 2]
        return document if isinstance(document, dict) else None


@dataclass(frozen=True)
class Question:
    """What is wrong with a result, as a conflict at the value where it can be settled.

    `keeping` are other answers: to keep an entity that the result would not have.
    """

    entity: Entity
    title: str
    conflict: Conflict
    keeping: tuple[Whole, ...] = ()


def require_sound(
    chain: Sequence[Link], before: Sequence[Link], entities: Collection[Entity]
) -> None:
    """Check entities as they stand now on a branch, beside what they were. Raises ResultRefused."""
    now, earlier = versions_at(chain, entities), versions_at(before, entities)
    results = {entity: state(now.get(entity)) for entity in entities}
    sides: dict[Entity, ThreeSides] = {
        entity: (state(earlier.get(entity)), state(earlier.get(entity)), results[entity])
        for entity in entities
    }
    found = questions(Outcome(chain, results, sides))
    if found:
        are_several = len(results) > 1
        raise ResultRefused(
            [(each.entity, each.conflict) for each in found],
            {each.entity: each.title for each in found} if are_several else {},
        )


def questions(outcome: Outcome) -> list[Question]:
    """What the wiki would refuse, of what the sides made.

    Cost: queries whose number depends on the kinds among the results and on their constraints,
    not on how many entities there are.
    """
    clashing = list(_clashes(outcome))
    present = _concerned(outcome, {holder for _, holder, _ in clashing})
    documents: dict[Entity, Document | None] = {
        **{entity: version.state for entity, version in present.items() if version.state},
        **outcome.results,
    }
    sought = {name_of(entity) for entity in _referred(outcome.results)} | {NO_ENTITY}
    broken_now = broken(outcome.results)
    before = {entity: outcome.before(entity) for entity in broken_now}
    rules = ModelRules(
        # What the others refer to was not looked for: what is not met may well be there.
        exists=lambda name: name not in sought,
        documents=documents,
        doubles=doubles(_real(clashing, present)),
        broken=broken_now,
        before=before,
        broken_before=broken(before),
        unversioned=lost_unversioned(outcome.results),
        holders=held_by_unversioned(outcome.chain, outcome.results),
    )
    alike: dict[Entity, ThreeSides] = {e: (d, d, d) for e, d in documents.items()}
    sides = {**alike, **outcome.sides}
    found = _findings(outcome, documents, sides, rules)
    if found and outcome.sides_of is not None:
        names = {name for each in found for name in (each.entity, *each.others)} - {NO_ENTITY}
        named = {entity_of(name) for name in names}
        sides |= outcome.sides_of(named - outcome.sides.keys())
        found = _findings(outcome, documents, sides, rules)
    return [_question(finding, sides, documents) for finding in found]


def _findings(
    outcome: Outcome, documents: Results, sides: Mapping[Entity, ThreeSides], rules: ModelRules
) -> list[Finding]:
    site = {name_of(entity): document for entity, document in documents.items()}
    return list(
        check_site(
            kinds_of,
            site,
            replace(_named(sides), sound=outcome.sound),
            rules,
            map(name_of, outcome.waiting),
            map(name_of, outcome.open_entities),
            map(name_of, outcome.answered),
        )
    )


def _question(finding: Finding, sides: Mapping[Entity, ThreeSides], documents: Results) -> Question:
    entity = entity_of(finding.entity)
    conflict = question_of(kinds_of, finding, _named({entity: sides[entity]}))
    shown = next((d for d in (documents.get(entity), *sides[entity]) if isinstance(d, dict)), None)
    others = [entity_of(name) for name in finding.others if name != NO_ENTITY]
    return Question(
        entity,
        title_of(entity, shown),
        replace(conflict, path=join_path(finding.path)),
        tuple(
            whole
            for other in others
            if documents.get(other) is None
            for whole in _ways_to_keep(other, sides.get(other, (None, None, None)))
        ),
    )


def _ways_to_keep(entity: Entity, three: ThreeSides) -> Iterator[Whole]:
    _, ours, theirs = three
    if ours is not None:
        yield Whole(entity, "ours")
    if theirs is not None:
        yield Whole(entity, "theirs")


def _concerned(outcome: Outcome, holders: set[Entity]) -> dict[Entity, EntityVersion]:
    """What the results stand beside, as far as a rule of theirs could speak of it."""
    wanted = {*holders, *_referred(outcome.results), *_referring(outcome), *_above(outcome)}
    return versions_at(outcome.chain, wanted - outcome.results.keys() - outcome.waiting)


def _clashes(outcome: Outcome) -> Iterator[tuple[Entity, Entity, Clash]]:
    """Where a result has what it must have to itself, and another entity too."""
    for kind, documents in _by_kind(outcome.results):
        for rule in rules_of(kind).unique:
            some = {e: d for e, d in documents.items() if d.keys() >= set(rule.fields)}
            for clash in clashes(kind, rule, some, outcome.chain) if some else ():
                yield (kind.label, clash.entity_id), (kind.label, clash.other_id), clash


def _real(
    clashing: Iterable[tuple[Entity, Entity, Clash]], present: Mapping[Entity, EntityVersion]
) -> Iterator[tuple[str, Entity, Entity]]:
    """Those that the chain shows: no nearer branch says otherwise of the other entity."""
    for one, other, clash in clashing:
        version = present.get(other)
        shown = None if version is None else (version.branch, version.position)
        if clash.row is None or clash.row == shown:
            yield clash.rule, one, other


def _referred(results: Results) -> Iterator[Entity]:
    """What the results refer to."""
    for kind, documents in _by_kind(results):
        for document in documents.values():
            for f in kind.naming_fields:
                if f.name in document:
                    yield from f.referred(document[f.name])


def _referring(outcome: Outcome) -> Iterator[Entity]:
    """What refers to anything that the result takes away."""
    gone = {entity for entity, document in outcome.results.items() if document is None}
    for entity, _, _ in referring(outcome.chain, gone - outcome.waiting):
        yield entity


_ABOVE = statement(__file__, "above")


def _above(outcome: Outcome) -> Iterator[Entity]:
    """Of a hierarchy, whatever stands above a result. Cost: a query for each that there is.

    Also by what a nearer branch says otherwise: who looks at it sees that.
    """
    on_chain = SqlNumbers(outcome.chain).holds("v")
    for kind, documents in _by_kind(outcome.results):
        for f in hierarchies(kind):
            starts = [document[f.name] for document in documents.values() if document.get(f.name)]
            if not starts:
                continue
            query = _ABOVE.format(column=f'"{f.column}"', versions=kind.versions, on_chain=on_chain)
            with connection.cursor() as cursor:
                cursor.execute(query, [starts])
                yield from ((kind.label, entity_id) for (entity_id,) in cursor.fetchall())


def lost_unversioned(results: Results) -> frozenset[tuple[str, str, str]]:
    """References to rows of models that have no versions, and that are gone."""
    lost: set[tuple[str, str, str]] = set()
    for kind, documents in _by_kind(results):
        for f in kind.column_fields:
            related = f.unversioned
            if related is None:
                continue
            values = {d[f.name] for d in documents.values() if d.get(f.name) is not None}
            foreign: Any = f.model_field
            key = foreign.target_field.attname
            there = related._base_manager.filter(**{f"{key}__in": values})
            known = {f.to_json(value) for value in there.values_list(key, flat=True)}
            lost |= {(kind.label, f.name, str(value)) for value in values - known}
    return frozenset(lost)


def held_by_unversioned(chain: Sequence[Link], results: Results) -> dict[Entity, str]:
    """What is gone from main, and what rows without versions refer to all the same: by what."""
    if chain[0][0] != MAIN:
        return {}
    gone: dict[str, list[UUID]] = defaultdict(list)
    for (label, entity_id), document in results.items():
        if document is None:
            gone[label].append(entity_id)
    return {
        (label, entity_id): holder
        for label, ids in gone.items()
        for entity_id, holder in unversioned.holding(kind_of(label).model, ids)
    }


def _by_kind(results: Results) -> list[tuple[Kind, dict[UUID, Document]]]:
    """The entities that are there, by kind."""
    found: dict[str, dict[UUID, Document]] = defaultdict(dict)
    for (label, entity_id), document in results.items():
        if document is not None:
            found[label][entity_id] = document
    return [(kind_of(label), found[label]) for label in sorted(found)]


def _named(sides: Mapping[Entity, ThreeSides]) -> Sides:
    base, ours, theirs = (
        {name_of(entity): three[place] for entity, three in sides.items()} for place in range(3)
    )
    return Sides(base, ours, theirs)  # type: ignore[arg-type]  # ours and theirs are settled


def referring(
    chain: Sequence[Link], entities: Collection[Entity]
) -> Iterator[tuple[Entity, DocumentField, Any]]:
    """What refers to any of some entities, by which field, and that field's whole value.

    Cost: a query for each field of any kind that may, and one for each where some do.
    """
    by_label: dict[str, list[UUID]] = defaultdict(list)
    for label, entity_id in entities:
        by_label[label].append(entity_id)
    on_chain = holding_on(chain)
    for kind in branch_kinds() if by_label else ():
        for f in kind.fields.values():
            naming = models.Q()
            for label, ids in by_label.items():
                naming |= f.naming(label, ids) or models.Q()
            if not naming:
                continue
            candidates = (
                unsuppressed_rows_in(kind)
                .filter(on_chain & naming)
                .values_list("entity_id", flat=True)
            )
            found = versions_at(chain, [(kind.label, entity_id) for entity_id in candidates])
            for entity, version in found.items():
                if version.state is not None and not set(entities).isdisjoint(
                    f.referred(version.state[f.name])
                ):
                    yield entity, f, version.state[f.name]
