"""Snapshots must hold what the log leads to: a read that starts from one believes it."""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import connection

from eventstore.integrity import Finding
from eventstore.mapper import to_event
from eventstore.sqlfiles import statement
from projections.shadow import ShadowTables
from versioning.entities.kinds import Document, Kind, kind_of
from versioning.events import EntityEvent
from versioning.schema.lens import without_history
from versioning.schema.reading import Lenses
from versioning.viewpoints.versions import to_version

_SNAPSHOTS = statement(__file__, "snapshots")

Key = tuple[UUID, int, int]
"""An entity, a branch, a version."""


def verify_snapshots(upto: int, replayed: ShadowTables) -> Iterator[Finding]:
    """Every snapshot against the replayed version. Cost: a row each, a query per kind."""
    by_kind: dict[str, dict[Key, Document]] = defaultdict(dict)
    lenses = Lenses()
    with connection.cursor() as cursor:
        cursor.execute(_SNAPSHOTS, [upto])
        for stream_id, version, position, topic, state, document in cursor.fetchall():
            event = None if topic is None else to_event(stream_id, version, topic, bytes(state))
            if not isinstance(event, EntityEvent):
                yield Finding(f"snapshot of {stream_id} at version {version}", "is of no event.")
                continue
            lens = lenses.at(event.kind, position)
            if lens is not None:
                key = event.entity_id, event.branch, version
                read = without_history(lens.created(json.loads(document)))
                by_kind[lens.kind.label][key] = read
    for label, snapshots in by_kind.items():
        kind = kind_of(label)
        replayed_documents = _documents(kind, replayed, snapshots)
        for key, document in snapshots.items():
            if document != replayed_documents.get(key):
                entity_id, branch, version = key
                yield Finding(
                    f"snapshot of {label} {entity_id}, version {version} on branch {branch}",
                    "is not what the log leads to.",
                )


def _documents(
    kind: Kind, replayed: ShadowTables, keys: dict[Key, Document]
) -> dict[Key, Document]:
    entity_ids, branches, versions = (list(column) for column in zip(*keys, strict=True))
    rows: Any = kind.version_model._base_manager.raw(
        f"SELECT v.* FROM {replayed.name(kind)} AS v"
        "  JOIN unnest(%s::uuid[], %s::int[], %s::int[]) AS k(entity_id, branch_number, version)"
        " USING (entity_id, branch_number, version)",
        [entity_ids, branches, versions],
    )
    return {
        (row.entity_id, row.branch_number, row.version): to_version(kind, row).document
        for row in rows
    }
