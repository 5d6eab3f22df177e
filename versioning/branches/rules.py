"""What the models demand of documents, for the pure engine: constraints, references, hierarchies.

The engine decides; here stands what it decides by. Entities are named as it names them, by one
string each.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from versioning.branches.constraints import CheckRule, broken_checks, rules_of
from versioning.branches.documents import Entity, title_of
from versioning.entities.kinds import Document, DocumentField, Kind, kind_of
from versioning.merge import Document as MergedDocument
from versioning.merge import Fault, Key, Kinds, Link, Rules

NO_ENTITY = ""
"""What a reference leads to that is no entity's name: a row that has no versions."""


def name_of(entity: Entity) -> str:
    """An entity as the pure engine names it."""
    label, entity_id = entity
    return f"{label}:{entity_id}"


def entity_of(name: str) -> Entity:
    """The entity that a name stands for. Raises ValueError."""
    label, _, entity_id = name.rpartition(":")
    return label, UUID(entity_id)


def kinds_of(name: str) -> Kinds:
    """How the fields of a named entity are merged; what is none has none."""
    return {} if name == NO_ENTITY else kind_of(entity_of(name)[0]).merge_kinds


def hierarchies(kind: Kind) -> Iterator[DocumentField]:
    """The references by which an entity of a kind is a part of another: to its own kind.

    Not those that the model calls `circular`.
    """
    for f in kind.column_fields:
        if f.related is kind.model and f.name not in getattr(kind.model, "circular", ()):
            yield f


@dataclass(frozen=True)
class ModelRules(Rules):
    """The rules of the models, for documents that were looked at with all that they concern."""

    documents: Mapping[Entity, Document | None] = field(default_factory=dict)
    doubles: Mapping[Entity, Mapping[str, Hashable]] = field(default_factory=dict)
    """By entity and unique rule, what several have in common; nothing where one has it alone."""
    broken: Mapping[Entity, Sequence[CheckRule]] = field(default_factory=dict)
    """What PostgreSQL says of the results."""
    before: Mapping[Entity, Document | None] = field(default_factory=dict)
    """Those of which something is broken, as the sound side has them."""
    broken_before: Mapping[Entity, Sequence[CheckRule]] = field(default_factory=dict)
    unversioned: frozenset[tuple[str, str, str]] = frozenset()
    """References to rows of no versioned model that are gone: label, field, value."""
    holders: Mapping[Entity, str] = field(default_factory=dict)
    """What is gone, and what refers to it from outside: the name of a model without versions."""

    def keys(self, _kinds: Kinds, entity: str, _document: MergedDocument) -> Iterator[Key]:
        at = entity_of(entity)
        shared = self.doubles.get(at, {})
        for rule in rules_of(kind_of(at[0])).unique if shared else ():
            if (value := shared.get(rule.name)) is not None:
                paths = tuple((name,) for name in rule.fields)
                yield Key((at[0], rule.name), value, paths, rule.sentence(kind_of(at[0])))

    def links(self, _kinds: Kinds, entity: str, document: MergedDocument) -> Iterator[Link]:
        label, _ = entity_of(entity)
        kind = kind_of(label)
        above = {f.name for f in hierarchies(kind)}
        for f in kind.naming_fields:
            if f.name not in document:
                continue
            value = document[f.name]
            for target in dict.fromkeys(f.referred(value)):
                yield Link((f.name,), value, name_of(target), f.name in above)
            if (label, f.name, str(value)) in self.unversioned:
                yield Link((f.name,), value, NO_ENTITY)

    def faults(self, entity: str, document: MergedDocument) -> Iterator[Fault]:
        at = entity_of(entity)
        kind = kind_of(at[0])
        for rule in self._broken_checks(at, document):
            yield Fault(rule.sentence, tuple((name,) for name in rule.fields))
        for f in kind.column_fields:
            if f.name in document and document[f.name] is None and not f.model_field.null:
                yield Fault(_empty(kind, f), ((f.name,),))
        values = {
            f.attribute: f.to_python(document[f.name])
            for f in kind.column_fields
            if f.name in document
        }
        for names, sentence in kind.model(id=at[1], **values).contradictions():
            told = (names,) if isinstance(names, str) else tuple(names)
            yield Fault(sentence, tuple((name,) for name in told))

    def _broken_checks(self, at: Entity, document: MergedDocument) -> Sequence[CheckRule]:
        """What PostgreSQL was asked about: the results, and what stood before some of them."""
        if document == self.documents.get(at):
            return self.broken.get(at, ())
        return self.broken_before.get(at, ()) if document == self.before.get(at) else ()

    def held(self, entity: str) -> str:
        at = entity_of(entity)
        holder = self.holders.get(at)
        if holder is None:
            return ""
        name = kind_of(at[0]).model._meta.verbose_name
        return f"A {holder} still needs this {name}, so it cannot be deleted."

    def doubled(self, _entity: str, key: Key, others: Sequence[str]) -> str:
        titles = ", ".join(self._title(other) for other in others)
        return f"{key.shown}: {titles}."

    def lost(self, entity: str, link: Link) -> str:
        return lost(kind_of(entity_of(entity)[0]).fields[link.path[0]])

    def circular(self, entity: str, link: Link, _circle: Sequence[str]) -> str:
        kind = kind_of(entity_of(entity)[0])
        label = kind.fields[link.path[0]].label
        return f"By its {label}, a {kind.model._meta.verbose_name} would be part of itself."

    def _title(self, name: str) -> str:
        entity = entity_of(name)
        return title_of(entity, self.documents.get(entity))


def lost(f: DocumentField) -> str:
    """What is wrong where a field names what there is not."""
    what = f.unversioned._meta.verbose_name if f.unversioned else "page"
    owner = f.model_field.model._meta.verbose_name
    return f"The {f.label} of a {owner} refers to a {what} that does not exist."


def broken(documents: Mapping[Entity, Document | None]) -> dict[Entity, tuple[CheckRule, ...]]:
    """The checks that documents do not fulfil. Cost: a query for each kind that has any."""
    by_kind: dict[str, dict[UUID, Document]] = {}
    for (label, entity_id), document in documents.items():
        if document is not None and rules_of(kind_of(label)).fields <= document.keys():
            by_kind.setdefault(label, {})[entity_id] = document
    return {
        (label, entity_id): checks
        for label, some in by_kind.items()
        for entity_id, checks in broken_checks(kind_of(label), some).items()
    }


def doubles(pairs: Iterable[tuple[str, Entity, Entity]]) -> dict[Entity, dict[str, Entity]]:
    """Of pairs that share what a rule is about: by entity and rule, the first of all that do."""
    leaders: dict[tuple[str, Entity], Entity] = {}

    def leader_of(rule: str, entity: Entity) -> Entity:
        while (above := leaders.setdefault((rule, entity), entity)) != entity:
            entity = above
        return entity

    for rule, one, other in pairs:
        first, second = sorted([leader_of(rule, one), leader_of(rule, other)])
        leaders[rule, second] = first
    found: dict[Entity, dict[str, Entity]] = defaultdict(dict)
    for rule, entity in list(leaders):
        found[entity][rule] = leader_of(rule, entity)
    return found


def _empty(kind: Kind, f: DocumentField) -> str:
    return f"The {f.label} of a {kind.model._meta.verbose_name} may not be empty."
