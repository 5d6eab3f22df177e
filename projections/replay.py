"""Replay the log into the rows that it should have led to.

The rows are built beside the live ones, in tables of the session's own, by
the very rules that an edit follows: fold the event into its entity's
document, close the version before, open the next. Audit compares them with
the live tables; rebuild applies the differences.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from eventstore import reading
from eventstore.types import Position
from projections.expected import quoted, version_columns
from versioning.entities.kinds import Document, Kind, kind_of, kinds
from versioning.entities.tables import OPEN
from versioning.events import EntityDeleted, EntityEvent, EntityReleased
from versioning.writing import apply_event

Key = tuple[int, UUID]
"""A branch and an entity."""


class CannotReplay(Exception):
    """An event does not fit what the log said before it."""


@dataclass
class Version:
    """One row of a version table as the log tells it."""

    kind: Kind
    entity_id: UUID
    branch: int
    version: int
    valid_from: int
    deleted: bool
    document: Document
    valid_to: int = OPEN


@dataclass
class Replay:
    """What the log leads to, up to a position."""

    versions: int = 0
    events: int = 0
    entities: set[UUID] = field(default_factory=set)


def replay(
    upto: Position,
    keep: Callable[[Version], None],
    *,
    progress: Callable[[int], None] = lambda _: None,
) -> Replay:
    """Fold the log, handing over each version once its end is known.

    Memory: the newest version of every entity on every branch, and older ones
    that a branch still starts from. Raises CannotReplay.
    """
    result = Replay()
    newest: dict[Key, Version] = {}
    documents: dict[tuple[int, UUID, int], Document] = {}
    for recorded in reading.forward(upto=upto):
        event = recorded.event
        result.events += 1
        if result.events % 1_000 == 0:
            progress(recorded.position)
        if not isinstance(event, EntityEvent):
            continue
        key = (event.branch, event.entity_id)
        base_branch = event.base_branch or event.branch
        before = documents.get((base_branch, event.entity_id, event.version - 1))
        if before is None and event.version > 1:
            raise CannotReplay(
                f"The event at position {recorded.position} goes on from version "
                f"{event.version - 1} of {event.kind} {event.entity_id}, which is not in the log."
            )
        document = apply_event(event, before)
        documents[event.branch, event.entity_id, event.version] = document
        result.entities.add(event.entity_id)
        if (previous := newest.pop(key, None)) is not None:
            previous.valid_to = recorded.position
            keep(previous)
        if not isinstance(event, EntityReleased):
            newest[key] = Version(
                kind_of(event.kind),
                event.entity_id,
                event.branch,
                event.version,
                recorded.position,
                isinstance(event, EntityDeleted),
                document,
            )
            result.versions += 1
    for version in newest.values():
        keep(version)
    return result


class ShadowTables:
    """Version tables of the session's own, filled by a replay."""

    CHUNK = 5_000

    def __init__(self) -> None:
        self._waiting: dict[str, list[dict[str, Any]]] = {kind.label: [] for kind in kinds()}
        with connection.cursor() as cursor:
            for kind in kinds():
                cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{kind.version_table}_replayed")
                cursor.execute(
                    f"CREATE TEMPORARY TABLE {kind.version_table}_replayed"
                    f" (LIKE public.{kind.version_table})"
                )

    def keep(self, version: Version) -> None:
        """Add a version; written in chunks."""
        rows = self._waiting[version.kind.label]
        rows.append(
            {
                "entity_id": str(version.entity_id),
                "branch_number": version.branch,
                "valid_from": version.valid_from,
                "valid_to": version.valid_to,
                "version": version.version,
                "deleted": version.deleted,
                **version.kind.row(version.document),
            }
        )
        if len(rows) >= self.CHUNK:
            self._write(version.kind)

    def finish(self) -> None:
        """Write what waits."""
        for kind in kinds():
            self._write(kind)

    def _write(self, kind: Kind) -> None:
        rows = self._waiting[kind.label]
        if not rows:
            return
        table = f"{kind.version_table}_replayed"
        columns = quoted(version_columns(kind))
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO pg_temp.{table} ({columns}) SELECT {columns}"
                f" FROM jsonb_populate_recordset(NULL::public.{kind.version_table}, %s::jsonb)",
                [json.dumps(rows)],
            )
        rows.clear()
