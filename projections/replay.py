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
from eventstore.connection import server_cursor
from eventstore.types import Position
from eventstore.types import Version as VersionNumber
from projections.expected import quoted, version_columns
from versioning.entities.kinds import Document, DocumentField, Kind, kind_of, kinds
from versioning.entities.tables import OPEN
from versioning.events import EntityDeleted, EntityEvent, EntityReleased, stream_id
from versioning.writing import apply_event

Key = tuple[int, UUID]
"""A branch and an entity."""


class CannotReplay(Exception):
    """An event does not fit what the log said before it."""


@dataclass(slots=True)
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

    Memory: the newest version of every entity on every branch. An older one,
    from which a branch starts, is folded from its stream. Raises CannotReplay.
    """
    result = Replay()
    newest: dict[Key, Version] = {}
    for recorded in reading.forward(upto=upto, page=PAGE):
        event = recorded.event
        result.events += 1
        if result.events % PAGE == 0:
            progress(recorded.position)
        if not isinstance(event, EntityEvent):
            continue
        key = (event.branch, event.entity_id)
        document = apply_event(event, _before(event, newest, recorded.position))
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


PAGE = 2_000
"""Events that are read at once."""


def _before(event: EntityEvent, newest: dict[Key, Version], at: Position) -> Document | None:
    """The document that an event applies to; None for a creation. Raises CannotReplay."""
    if event.version == 1:
        return None
    base_branch = event.base_branch or event.branch
    known = newest.get((base_branch, event.entity_id))
    if known is not None and known.version == event.version - 1:
        return known.document
    document = document_of(base_branch, event.entity_id, event.version - 1)
    if document is None:
        raise CannotReplay(
            f"The event at position {at} goes on from version {event.version - 1} of "
            f"{event.kind} {event.entity_id}, which is not in the log."
        )
    return document


def document_of(branch: int, entity_id: UUID, version: int) -> Document | None:
    """A version's document, folded from its stream; None where the log has no such version."""
    events = [
        event
        for event in reading.stream(stream_id(branch, entity_id), upto=VersionNumber(version))
        if isinstance(event, EntityEvent)
    ]
    if not events or events[-1].version != version:
        return None
    document: Document | None = None
    for event in events:
        if event.base_branch is not None:
            document = document_of(event.base_branch, entity_id, event.version - 1)
        if document is None and event.version > 1:
            return None
        document = apply_event(event, document)
    return document


class ShadowTables:
    """Version tables of the session's own, filled by a replay."""

    CHUNK = 5_000

    def __init__(self) -> None:
        self._waiting: dict[str, list[Version]] = {kind.label: [] for kind in kinds()}
        with connection.cursor() as cursor:
            for kind in kinds():
                cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{kind.version_table}_replayed")
                cursor.execute(
                    f"CREATE TEMPORARY TABLE {kind.version_table}_replayed"
                    f" (LIKE public.{kind.version_table})"
                )

    def keep(self, version: Version) -> None:
        """Add a version; written in chunks."""
        waiting = self._waiting[version.kind.label]
        waiting.append(version)
        if len(waiting) >= self.CHUNK:
            self._write(version.kind)

    def finish(self) -> None:
        """Write what waits, and let the planner know how much there is."""
        for kind in kinds():
            self._write(kind)
            with connection.cursor() as cursor:
                cursor.execute(f"ANALYZE pg_temp.{kind.version_table}_replayed")

    def _write(self, kind: Kind) -> None:
        waiting = self._waiting[kind.label]
        if not waiting:
            return
        fields = [(f.name, _copied_as(f)) for f in kind.fields.values()]
        columns = quoted(version_columns(kind))
        statement = f"COPY pg_temp.{kind.version_table}_replayed ({columns}) FROM STDIN"
        with server_cursor() as cursor, cursor.copy(statement) as copy:
            for v in waiting:
                held = v.document
                copy.write_row(
                    (
                        *(v.entity_id, v.branch, v.valid_from, v.valid_to, v.version, v.deleted),
                        *(convert(held[n]) if convert else held[n] for n, convert in fields),
                    )
                )
        waiting.clear()


def _copied_as(f: DocumentField) -> Callable[[Any], Any] | None:
    """How a document's value is handed to COPY; None: as it is, for PostgreSQL reads it."""
    if f.model_field.get_internal_type() == "JSONField":
        return _json
    return None


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)
