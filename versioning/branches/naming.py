"""What items name is there: asked of main's head, where no foreign key of the database does."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import CharField, QuerySet, Value

from versioning.branches.documents import title_of
from versioning.branches.results import ResultRefused
from versioning.branches.rules import lost
from versioning.entities.kinds import Document, DocumentField, Kind, kind_of, kinds
from versioning.merge import Conflict
from versioning.saving.mentions import Entity, Mentions
from versioning.saving.queryset import VersionedQuerySet


@dataclass(frozen=True)
class Dangling:
    """A field of an entity that names what is not there."""

    entity: Entity
    field: DocumentField
    document: Document
    target: Entity


def require_named(mentions: Mentions) -> None:
    """Check that main has what a changeset's items name, and nothing names what it deletes.

    Cost: a query for what is named, one for what names what is gone or lacking; where anything
    does, one more and its rows. Raises ResultRefused.
    """
    lacking = mentions.named - _present(mentions.named)
    naming = list(_naming(lacking | mentions.gone))
    there = _present({each.target for each in naming} - lacking)
    if dangling := [each for each in naming if each.target not in there]:
        raise ResultRefused(
            [(each.entity, _conflict(each.field)) for each in dangling],
            # Who saves something knows what: whoever deletes it is told who names it.
            {
                each.entity: title_of(each.entity, each.document)
                for each in dangling
                if each.target in mentions.gone
            },
        )


def _conflict(f: DocumentField) -> Conflict:
    return Conflict(f.name, "dangling_reference", detail=lost(f))


def _present(entities: set[Entity]) -> set[Entity]:
    """Those that main's head has. Cost: a query."""
    by_label = _ids_by_label(entities)
    return set(
        _rows(
            _heads(kind_of(label)).filter(pk__in=ids).values_list(Value(label, CharField()), "pk")
            for label, ids in by_label.items()
        )
    )


def _naming(entities: set[Entity]) -> Iterator[Dangling]:
    """What on main's head names any of some entities. Cost: a query, and one a field that does."""
    by_label = _ids_by_label(entities)
    fields = [(kind, f) for kind in kinds() for f in kind.within_fields] if by_label else []
    asked: dict[tuple[str, str], Any] = {}
    for kind, f in fields:
        for label, ids in by_label.items():
            if (naming := f.naming(label, ids)) is not None:
                at = (kind.label, f.name)
                asked[at] = asked[at] | naming if at in asked else naming
    found = _rows(
        _heads(kind_of(label))
        .filter(naming)
        .values_list(Value(label, CharField()), Value(name, CharField()), "pk")
        for (label, name), naming in asked.items()
    )
    for label, name, entity_id in found:
        kind = kind_of(label)
        instance: Any = _heads(kind).get(pk=entity_id)
        document = instance.values_to_save()
        for target in kind.fields[name].referred(document[name]):
            if target in entities:
                yield Dangling((label, entity_id), kind.fields[name], document, target)


def _ids_by_label(entities: set[Entity]) -> dict[str, list[UUID]]:
    ids: dict[str, list[UUID]] = {}
    for label, entity_id in sorted(entities):
        ids.setdefault(label, []).append(entity_id)
    return ids


def _heads(kind: Kind) -> Any:
    """All of a kind, whatever its own managers leave out."""
    return VersionedQuerySet(kind.model).order_by()


def _rows(querysets: Iterator["QuerySet[Any]"]) -> list[Any]:
    asked = list(querysets)
    return list(asked[0].union(*asked[1:], all=True).order_by()) if asked else []
