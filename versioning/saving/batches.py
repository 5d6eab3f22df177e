"""Many changes as one changeset: bulk writes, imports, renames of a whole wiki.

Everything that needs no lock (validation, finding what differs) is done
before the first append; the appends themselves follow chunk by chunk in one
transaction, one round trip each.
"""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from eventstore import log
from eventstore.models import ChangesetKind
from eventstore.types import Version
from versioning.entities.changes import Change, Operation
from versioning.entities.expressions import refuse_expressions
from versioning.entities.kinds import Document, kind_of
from versioning.events import stream_id
from versioning.merge import MISSING
from versioning.saving import context
from versioning.saving.cascades import cascading
from versioning.saving.edits import already_exists, current_version, merged_change, merged_deletion
from versioning.saving.recorded import RecordedModel
from versioning.saving.writing import continued
from versioning.viewpoints.chain import resolve
from versioning.viewpoints.threads import require_here
from versioning.viewpoints.versions import EntityVersion

CHUNK = 2_000
"""Entities that one statement appends at most."""

CHUNK_CHARACTERS = 20_000_000
"""Text that one statement carries at most, but for a single entity's."""


class BatchOperation:
    """One changeset of many changes, on the branch that saves go to, or `branch`.

    Changes are collected inside the block and appended at its end; an
    exception keeps nothing. An edit or a deletion of what moved on meanwhile
    is merged as a save is. `changed` is the number of changes that were appended.
    """

    def __init__(
        self,
        message: str = "",
        *,
        branch: str | None = None,
        kind: ChangesetKind = ChangesetKind.EDIT,
        details: dict[str, Any] | None = None,
    ) -> None:
        self._message = message
        self._branch = branch
        self._kind = kind
        self._details = details or {}
        self._changes: dict[tuple[str, Any], Change] = {}
        self._instances: dict[tuple[str, Any], tuple[RecordedModel, Sequence[str] | None]] = {}
        self._merged: dict[tuple[str, Any], EntityVersion] = {}
        self.sealed: log.Sealed | None = None
        self.changed = 0

    def __enter__(self) -> Self:
        context.require_writable()
        if self._branch is None:
            require_here(to_write=True)
        self._context = context.open_context()
        if self._branch is None or (self._context and self._context.at.name == self._branch):
            self._at = context.writing_to()
        elif self._context is None:
            self._at = resolve(self._branch)
        else:
            raise context.ContextsDoNotNest("A batch inside a branch_context is of its branch.")
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if exc_type is None:
            self._append()

    @property
    def deleted(self) -> dict[str, int]:
        """How many entities of each model were deleted, by the model's label."""
        changes = self._changes.values()
        gone = (each for each in changes if each.operation is Operation.DELETE)
        return dict(Counter(each.kind.model._meta.label for each in gone))

    def process_changes(
        self, changes: Iterable[RecordedModel], *, fields: Sequence[str] | None = None
    ) -> None:
        """Add new and changed instances; those that do not differ add nothing.

        Raises ExpressionRefused.
        """
        for instance in changes:
            change = self._change_of(instance, fields)
            if change is not None:
                self.add(change)
                self._instances[_key(change)] = (instance, fields)

    def delete(self, instances: Iterable[RecordedModel]) -> None:
        """Add deletions, with what cascades from them.

        Raises ProtectedError, WrittenElsewhere, EditConflict.
        """
        told = list(instances)
        for instance in told:
            instance.check_belongs_to(self._at)
        with self._reading_there():
            changes = cascading(told).changes(self._at)
        for change in changes:
            self.add(change)

    def _reading_there(self) -> AbstractContextManager[object]:
        """Inside the block one reads what the batch writes to; nothing is recorded there."""
        if self._context is not None or self._at.is_head_of_main:
            return nullcontext()
        return context.branch_context(self._at.name)

    def add(self, change: Change) -> None:
        """Add a prepared change. Each entity may change once in a batch."""
        key = _key(change)
        if key in self._changes:
            raise ValueError(f"{change.kind.label} {change.entity_id} changes twice in one batch.")
        self._changes[key] = change

    def _change_of(self, instance: RecordedModel, fields: Sequence[str] | None) -> Change | None:
        kind = kind_of(type(instance))
        refuse_expressions(instance, kind)
        if instance.is_new():
            instance.begin_entity()
            instance.settle_fields()
            return Change(
                kind,
                instance.pk,
                Operation.CREATE,
                Version(0),
                self._at.branch,
                values=kind.full(instance.values_to_save(fields)),
            )
        instance.check_belongs_to(self._at)
        base = instance.loaded_values()
        differing = self._differing(instance, fields)
        if differing and fields is None and kind.fields_set_on_save:
            instance.settle_fields()
            differing = self._differing(instance, fields)
        if not differing:
            return None
        version = instance.version_read()
        if version is None:
            now = current_version(kind, instance.pk, self._at.chain)
            return merged_change(kind, now, base, differing, self._at.branch)
        return Change(
            kind,
            instance.pk,
            Operation.CHANGE,
            version,
            self._at.branch,
            instance.branch_read(),
            differing,
            base,
        )

    def _differing(self, instance: RecordedModel, fields: Sequence[str] | None) -> Document:
        base = instance.loaded_values()
        values = instance.touched_values(fields)
        return {name: value for name, value in values.items() if value != base.get(name, MISSING)}

    def _append(self) -> None:
        if not self._changes:
            return
        if self._context is not None:
            self._append_to(self._context)
        else:
            self._append_alone()
        self.changed = len(self._changes)
        for key, (instance, fields) in self._instances.items():
            now, change = self._merged.get(key), self._changes.get(key)
            values = {**(now.document if now else {}), **(change.values if now and change else {})}
            if change is not None:
                instance.mark_saved(change.version, change.branch, values, fields)
            elif now is not None:
                instance.mark_saved(now.version, now.branch, values, fields)

    def _append_alone(self) -> None:
        with context.branch_context(
            self._at.name,
            message=self._message,
            kind=self._kind,
            details=self._details,
            longest_seconds=math.inf,
        ) as alone:
            self._append_to(alone)
        self.sealed = alone.sealed

    def _append_to(self, recording: context.Context) -> None:
        for chunk in list(chunks(self._changes.values())):
            try:
                recording.record(chunk)
            except log.StaleStreams as stale:
                # What was refused took the log's lock all the same: nobody is faster again.
                if merged := self._merge(chunk, stale.streams):
                    recording.record(merged)

    def _merge(self, chunk: Iterable[Change], stale: Collection[UUID]) -> list[Change]:
        """The changes, those of streams that moved on merged with what stands there now.

        Raises AlreadyExists, EditConflict, and StaleStreams for what no merge can settle.
        """
        merged: list[Change] = []
        for change in continued(list(chunk)):
            self._changes[_key(change)] = change
            if change.stream_version is not None or not _is_in(change, stale):
                merged.append(change)
                continue
            if change.operation is Operation.CREATE:
                raise already_exists(change.kind, change.entity_id)
            if change.operation not in (Operation.CHANGE, Operation.DELETE):
                raise log.StaleStreams(stale)
            key = _key(change)
            now = current_version(change.kind, change.entity_id, self._at.chain)
            if change.operation is Operation.DELETE:
                again = merged_deletion(change, now)
            else:
                again = merged_change(change.kind, now, change.base, change.values, change.branch)
            self._merged[key] = now
            if again is None:
                del self._changes[key]
            else:
                self._changes[key] = again
                merged.append(again)
        return merged


def _is_in(change: Change, streams: Collection[UUID]) -> bool:
    return stream_id(change.branch, change.entity_id) in streams


def _key(change: Change) -> tuple[str, Any]:
    return (change.kind.label, change.entity_id)


def chunks(changes: Iterable[Change]) -> Iterator[list[Change]]:
    """Changes as statements take them: so many, or so much text."""
    chunk: list[Change] = []
    characters = 0
    for change in changes:
        size = sum(len(value) for value in change.values.values() if isinstance(value, str))
        if chunk and (len(chunk) == CHUNK or characters + size > CHUNK_CHARACTERS):
            yield chunk
            chunk, characters = [], 0
        chunk.append(change)
        characters += size
    if chunk:
        yield chunk
