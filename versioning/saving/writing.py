"""The one way in: changes of entities become events, rows and a changeset.

Whatever edits (a save, a batch, a merge, an import) ends here with a list of
`Change`s. Rows are written by the projector that `projections` registers, in
the append's own statement.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import replace
from functools import partial
from typing import Any, Protocol
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Model

from eventstore import log, reading
from eventstore.connection import server_cursor
from eventstore.errors import Refusal
from eventstore.events import Event
from eventstore.pipeline import Pipeline, Sent
from eventstore.types import Position
from eventstore.unfit import ValueRefused, fault_of, saying_what_is_unfit
from versioning.entities import deltas
from versioning.entities.changes import Change, Operation
from versioning.entities.kinds import Document
from versioning.events import (
    MAIN,
    EntityChanged,
    EntityCreated,
    EntityDeleted,
    EntityEvent,
    EntityReleased,
    EntityRestored,
    stream_id,
)
from versioning.saving import signals, unversioned
from versioning.schema.lens import Lens
from versioning.viewpoints.versions import visible_versions

SNAPSHOT_EVERY = 32
"""A version whose number divides by this is stored whole as well."""


class OnlyOnMain(Refusal):
    """What holds for all branches was to be written on one of them."""

    code = "only-on-main"
    status = 500
    hint = "Write it outside of branch_context, or on main."


class InlineProjector(Protocol):
    """Writes head and version rows inside the append's statement."""

    def calls(self, changes: Sequence[Change]) -> Sequence[log.ProjectionCall]: ...

    def suppression_call(
        self, entity_id: UUID, branch: int, spans: Sequence[Sequence[int]]
    ) -> log.ProjectionCall: ...

    def changeset_suppression_call(
        self, changeset: int, *, is_suppressed: bool
    ) -> log.ProjectionCall: ...


class BranchGuard(Protocol):
    """Names what must still hold of a branch when something is appended to it."""

    def __call__(self, branch: int) -> Sequence[log.Guard]: ...


_projector: list[InlineProjector] = []
actor: ContextVar[int | None] = ContextVar("actor", default=None)
"""Who acts: the key of an account; a changeset without one is the system's."""


def register_projector(projector: InlineProjector) -> None:
    """The projections room brings its inline projector; there is one."""
    _projector[:] = [projector]


def suppression_call(
    entity_id: UUID, branch: int, spans: Sequence[Sequence[int]]
) -> log.ProjectionCall:
    """What an append that hides an entity's versions on a branch has to call."""
    return _projector[0].suppression_call(entity_id, branch, spans)


def changeset_suppression_call(changeset: int, *, is_suppressed: bool) -> log.ProjectionCall:
    """What an append that hides what a changeset says of itself has to call."""
    return _projector[0].changeset_suppression_call(changeset, is_suppressed=is_suppressed)


def record(
    changes: Sequence[Change],
    header: log.Header,
    *,
    guards: Sequence[log.Guard] = (),
    recording: log.Recording | None = None,
    beside: Sequence[Event] = (),
) -> log.Sealed | None:
    """Append changes as one changeset, or to a `recording` that stays open.

    `beside` are events that are of no entity. Each entity at most once. Raises
    StaleStreams, ValueRefused and UnfitValue with nothing appended.
    """
    gone = _gone_from_main(changes)
    if not gone:
        return _append(changes, header, guards, recording, beside)
    if connection.in_atomic_block:
        # A lock that is taken inside of a savepoint would be given back with it.
        log.lock()
    with transaction.atomic():
        sealed = _append(changes, header, guards, recording, beside)
        # What their rules lead on to (entities that refer to rows without versions) is gone by
        # now, if it went along.
        unversioned.let_go(gone)
        return sealed


def _gone_from_main(changes: Sequence[Change]) -> dict[type[Model], list[UUID]]:
    """What is deleted on main, and may be referred to by rows without versions."""
    gone: dict[type[Model], list[UUID]] = defaultdict(list)
    for change in changes:
        if change.operation is Operation.DELETE and change.branch == MAIN:
            gone[change.kind.model].append(change.entity_id)
    return {model: ids for model, ids in gone.items() if unversioned.refer_to(model)}


def _append(
    changes: Sequence[Change],
    header: log.Header,
    guards: Sequence[log.Guard],
    recording: log.Recording | None,
    beside: Sequence[Event],
) -> log.Sealed | None:
    events, parts = _parts(changes)
    with saying_what_is_unfit(_models(changes)):
        if recording is not None:
            recording.append(events, guards=guards, **parts)
            return None
        sealed = log.append([*events, *beside], header, guards=guards, **parts)
    signals.tell_on_commit(sealed, header, changes)
    return sealed


def continued(changes: Sequence[Change]) -> list[Change]:
    """The same changes; those of entities that their branch had released go on in its streams.

    Such an entity is inherited again, and yet not new to the branch. Who writes first does not
    ask: the append refuses, and only then this is worth its query.
    """
    streams = {stream_id(c.branch, c.entity_id) for c in changes if c.base_branch != c.branch}
    released = {
        newest.stream_id: newest.version
        for newest in (reading.newest(streams) if streams else ())
        if newest.topic == EntityReleased.topic
    }
    return [
        replace(change, stream_version=released.get(stream_id(change.branch, change.entity_id)))
        if change.base_branch != change.branch
        else change
        for change in changes
    ]


def send(pipeline: Pipeline, changes: Sequence[Change], header: log.Header) -> Sent:
    """The same as one of many changesets, without waiting for it."""
    events, parts = _parts(changes)
    tell = partial(signals.tell_on_commit, header=header, changes=changes)
    sent = pipeline.append(
        events, header, **parts, on_sealed=tell if signals.is_listened_to() else None
    )
    if gone := _gone_from_main(changes):
        unversioned.let_go(gone)
    return sent


def _parts(changes: Sequence[Change]) -> tuple[list[EntityEvent], dict[str, Any]]:
    """The events that changes become, and what goes along with them."""
    entities = {(change.branch, change.entity_id) for change in changes}
    if len(entities) != len(changes):
        raise ValueError("Each entity changes at most once in one append.")
    _require_values(changes)
    _require_main(changes)
    return [to_event(change) for change in changes], {
        "projections": _projector[0].calls(changes),
        "snapshots": list(_snapshots(changes)),
    }


def _require_values(changes: Sequence[Change]) -> None:
    """Refuse values of which no event can be made, before anything is sent. Raises ValueRefused."""
    for change in changes:
        for name, value in change.values.items():
            if fault := fault_of(value):
                raise ValueRefused(f"{change.kind.fields[name].description} holds {fault}.")


def _require_main(changes: Sequence[Change]) -> None:
    """Refuse on a branch what holds for all of them. Raises OnlyOnMain."""
    for change in changes:
        if change.branch != MAIN and change.kind.model.only_on_main:
            name = change.kind.model._meta.verbose_name
            raise OnlyOnMain(f"A {name} holds for all branches, and so is written on main alone.")


def _models(changes: Sequence[Change]) -> list[str]:
    return sorted({change.kind.model._meta.label for change in changes})


def show(changes: Sequence[Change], first: Position) -> None:
    """Write the rows of changes that never were, for a preview whose transaction is rolled back."""
    with saying_what_is_unfit(_models(changes)), server_cursor() as cursor:
        for call in _projector[0].calls(changes):
            sql = call.sql.replace("a.first_position", "%(first)s::bigint")
            cursor.execute(f"SELECT {sql}", {**call.parameters, "first": first})


def to_event(change: Change) -> EntityEvent:
    """The event that a change becomes."""
    common: dict[str, Any] = {
        "stream_id": stream_id(change.branch, change.entity_id),
        "version": change.version,
        "kind": change.kind.label,
        "entity_id": change.entity_id,
        "branch": change.branch,
        "base_branch": change.base_branch if change.is_inherited else None,
        "base_version": None if change.stream_version is None else change.base_version,
    }
    match change.operation:
        case Operation.CREATE:
            return EntityCreated(**common, document=change.kind.compact(change.values))
        case Operation.CHANGE:
            return EntityChanged(**common, **_differences(change))
        case Operation.RESTORE:
            return EntityRestored(**common, **_differences(change))
        case Operation.DELETE:
            return EntityDeleted(**common)
        case Operation.RELEASE:
            return EntityReleased(**common)


def _differences(change: Change) -> dict[str, Any]:
    """Changed values, long texts as deltas to the version before."""
    whole, encoded = {}, {}
    for name, value in change.values.items():
        before = change.base.get(name)
        delta = None
        if isinstance(before, str) and isinstance(value, str):
            delta = deltas.encode(before, value)
        if delta is None:
            whole[name] = value
        else:
            encoded[name] = delta
    return {"changes": whole, "deltas": encoded}


def apply_event(lens: Lens, event: EntityEvent, before: Document | None) -> Document:
    """The document after an event: see `apply_content`."""
    return apply_content(lens, type(event), event.__dict__, before)


def apply_content(
    lens: Lens, event_type: type[Event], content: Mapping[str, Any], before: Document | None
) -> Document:
    """The document after an event, by today's fields; the content of a tombstone is kept.

    The inverse of `to_event`: what replay, rebuild and audit fold with.
    """
    if event_type is EntityCreated:
        return lens.created(content["document"])
    assert before is not None
    return before | lens.changed(content, before)


def _snapshots(changes: Sequence[Change]) -> list[log.Snapshot]:
    due = [
        change
        for change in changes
        if change.version % SNAPSHOT_EVERY == 0 and change.operation is Operation.CHANGE
    ]
    snapshots = []
    for change in due:
        before = visible_versions(
            change.kind, [change.entity_id], [(change.base_branch or change.branch, None)]
        )[change.entity_id]
        if before.version == change.base_version:
            snapshots.append(
                log.Snapshot(
                    stream_id(change.branch, change.entity_id),
                    change.version,
                    {"document": {**before.document, **change.values}},
                )
            )
    return snapshots
