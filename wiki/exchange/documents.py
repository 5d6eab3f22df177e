"""Rows as records, a chunk at a time: an id, and the engine's JSON form of every field.

Whatever is read is read at the viewpoint in which the iterator is used up.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import batched
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from versioning.entities.kinds import Document, DocumentField, Kind

CHUNK = 1_000
"""Rows that are in memory at a time."""

Record = dict[str, Any]
"""A document with its `id` first."""

Names = Mapping[str, str]
"""The addresses (slugs) of some entities, by id."""


def records_of(kind: Kind, rows: "QuerySet[Any]") -> Iterator[list[Record]]:
    """The records of a query, in its order, a chunk at a time.

    Cost: one query, read by a server-side cursor, and for each chunk one for each field that is
    a list of references.
    """
    names = [f.attribute for f in kind.column_fields]
    found = rows.values_list("pk", *names).iterator(chunk_size=CHUNK)
    for chunk in batched(found, CHUNK, strict=False):
        ids = [row[0] for row in chunk]
        lists = {f.name: _references(f, ids) for f in kind.reference_fields}
        yield [_record(kind, row, lists) for row in chunk]


def slugs_of(kind: Kind, records: Sequence[Document]) -> Names:
    """The slugs of all that some records refer to. Cost: a query for each kind referred to."""
    wanted: dict[Any, set[str]] = defaultdict(set)
    for f in slugged_fields(kind):
        for record in records:
            wanted[f.model_field.related_model].update(ids_in(record[f.name]))
    slugs: dict[str, str] = {}
    for model, ids in wanted.items():
        found = model._default_manager.filter(pk__in=ids).values_list("pk", "slug")
        slugs |= {str(pk): slug for pk, slug in found}
    return slugs


def slugged_fields(kind: Kind) -> list[DocumentField]:
    """The fields that refer to entities which have an address."""
    return [f for f in kind.fields.values() if _has_slug(f.model_field.related_model)]


def ids_in(value: Any) -> list[str]:
    """The ids that a reference, or a list of them, holds."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _has_slug(model: Any) -> bool:
    return model is not None and any(f.name == "slug" for f in model._meta.concrete_fields)


def _record(
    kind: Kind, row: Sequence[Any], lists: Mapping[str, Mapping[UUID, list[str]]]
) -> Record:
    entity_id, *values = row
    record: Record = {"id": str(entity_id)}
    for f, value in zip(kind.column_fields, values, strict=True):
        record[f.name] = f.to_json(value)
    for f in kind.reference_fields:
        record[f.name] = lists[f.name].get(entity_id, [])
    return record


def _references(f: DocumentField, ids: Sequence[UUID]) -> Mapping[UUID, list[str]]:
    """A list of references for each of some owners, each in its order."""
    relation: Any = f.model_field.remote_field
    links = relation.through._default_manager.filter(owner_id__in=ids)
    found: dict[UUID, list[str]] = defaultdict(list)
    for owner, target in links.order_by("owner_id", "ordinal").values_list("owner_id", "target_id"):
        found[owner].append(str(target))
    return found
