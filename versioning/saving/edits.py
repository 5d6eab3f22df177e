"""How an instance's save becomes a change: what differs, against which version.

If the entity moved on since the instance was read, the edit is merged field
by field with what happened meanwhile, by the same rules as branches.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db import transaction

from eventstore import log
from eventstore.log import StaleStreams
from eventstore.types import Version
from versioning.entities.changes import Change, Operation
from versioning.entities.conflicts import AlreadyExists, EditConflict
from versioning.entities.historical import HistoricalModel
from versioning.entities.kinds import Document, Kind, kinds
from versioning.merge import MISSING, merge_document
from versioning.saving import context
from versioning.saving.writing import continued
from versioning.viewpoints.versions import (
    EntityVersion,
    unsuppressed_rows_in,
    version_on,
    visible_versions,
)
from versioning.viewpoints.visibility import Link

ATTEMPTS = 5
"""How often an edit is merged again because somebody was faster, before it waits its turn."""


def values_of(instance: HistoricalModel, kind: Kind) -> Document:
    """The fields of an instance that are loaded, in JSON form; references where assigned."""
    held = instance.__dict__
    fields = kind.fields.values()
    return {f.name: f.to_json(held[f.attribute]) for f in fields if f.attribute in held}


class HeldDocument(Mapping[str, Any]):
    """The fields that a mapping holds by attribute, in JSON form; each is converted when asked for.

    An edit asks for those that it changes, and only a conflict for all of them.
    """

    def __init__(self, kind: Kind, held: Mapping[str, Any]) -> None:
        self._fields = kind.fields
        self._held = held

    def __getitem__(self, name: str) -> Any:
        f = self._fields[name]
        return f.to_json(self._held[f.attribute])

    def __iter__(self) -> Iterator[str]:
        return (f.name for f in self._fields.values() if f.attribute in self._held)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def record_creation(kind: Kind, entity_id: UUID, document: Document) -> Version:
    """Record an entity's first version where saves go now. Raises AlreadyExists."""
    branch = context.writing_to().branch
    change = Change(
        kind, entity_id, Operation.CREATE, Version(0), branch, values=kind.full(document)
    )
    try:
        context.record([change])
    except StaleStreams:
        (change,) = continued([change])
        if change.stream_version is None:
            raise already_exists(kind, entity_id) from None
        # The branch had it once and let go of it, and the parent has none either.
        context.record([change])
    return change.version


def record_loaded(kind: Kind, entity_id: UUID, values: Document) -> tuple[Version, int, bool]:
    """Give an entity the values that a fixture has, whether it stands, is deleted or is new.

    Returns its version, the branch that is of, and whether anything stood there. Raises
    StaleStreams.
    """
    at = context.writing_to()
    now = visible_versions(kind, [entity_id], at.chain).get(entity_id)
    if now is None:
        return record_creation(kind, entity_id, values), at.branch, False
    differing = {name: value for name, value in values.items() if value != now.document[name]}
    if not differing and not now.is_deleted:
        return now.version, now.branch, True
    operation = Operation.RESTORE if now.is_deleted else Operation.CHANGE
    change = Change(
        kind, entity_id, operation, now.version, at.branch, now.branch, differing, now.document
    )
    (change,) = continued([change])
    context.record([change])
    return change.version, change.branch, not now.is_deleted


def already_exists(kind: Kind, entity_id: UUID) -> AlreadyExists:
    """The refusal of a creation whose identity is taken, by whatever has it."""
    if (other := other_holder(kind, entity_id)) is not None:
        return AlreadyExists(
            f"A {other.model._meta.verbose_name} has the id {entity_id}, so that no "
            f"{kind.model._meta.verbose_name} can have it.",
            "Give another id: one is of one entity, whatever its model.",
        )
    return AlreadyExists(
        f"Another {kind.model._meta.verbose_name} has the id {entity_id}.",
        "Give another id; if it was deleted, restore it instead.",
    )


def other_holder(kind: Kind, entity_id: UUID) -> Kind | None:
    """The other kind of which an entity has an id, on whatever branch. Cost: a query a kind."""
    others = (other for other in kinds() if other is not kind)
    return next(
        (o for o in others if unsuppressed_rows_in(o).filter(entity_id=entity_id).exists()), None
    )


def record_restoration(kind: Kind, entity_id: UUID) -> Version:
    """Bring a deleted entity back as it was. One that is there already is left as it is.

    Raises DoesNotExist.
    """

    def restored(now: EntityVersion) -> Change | None:
        if not now.is_deleted:
            return None
        branch = context.writing_to().branch
        return Change(
            kind, entity_id, Operation.RESTORE, now.version, branch, now.branch, base=now.document
        )

    now, change = record_current(kind, entity_id, restored)
    return change.version if change else now.version


def record_edit(
    kind: Kind,
    entity_id: UUID,
    base: Mapping[str, Any],
    values: Document,
    *,
    base_version: Version | None,
    base_branch: int,
) -> tuple[Version, int, Document]:
    """Record new values of some fields against the version they were made from.

    Where that is not known they are merged with what stands now. Returns the entity's version
    afterwards, the branch that is of, and the values that were recorded, which hold what others
    changed meanwhile. Raises EditConflict.
    """
    # What was set without having been read may differ from what stands there.
    mine = {name: value for name, value in values.items() if value != base.get(name, MISSING)}
    if base_version is None:
        return _merge_and_record(kind, entity_id, base, mine)
    if not mine:
        return base_version, base_branch, {}
    change = Change(
        kind,
        entity_id,
        Operation.CHANGE,
        base_version,
        context.writing_to().branch,
        base_branch,
        mine,
        base,
    )
    try:
        context.record([change])
    except StaleStreams:
        return _merge_and_record(kind, entity_id, base, mine)
    return change.version, change.branch, change.values


def _merge_and_record(
    kind: Kind,
    entity_id: UUID,
    base: Mapping[str, Any],
    mine: Document,
) -> tuple[Version, int, Document]:
    """Somebody was faster: merge with what stands now, until nobody is."""

    def merged(now: EntityVersion) -> Change | None:
        return merged_change(kind, now, base, mine, context.writing_to().branch)

    now, change = record_current(kind, entity_id, merged)
    if change is None:
        return now.version, now.branch, now.document
    return change.version, change.branch, {**now.document, **change.values}


def merged_change(
    kind: Kind, now: EntityVersion, base: Mapping[str, Any], mine: Document, branch: int
) -> Change | None:
    """An edit of some fields on top of what stands now; None where that has it already.

    Raises EditConflict.
    """
    values = reconcile(kind, now, base, mine)
    differing = {n: v for n, v in values.items() if v != now.document[n]}
    if not differing:
        return None
    return Change(
        kind,
        now.entity_id,
        Operation.CHANGE,
        now.version,
        branch,
        now.branch,
        differing,
        now.document,
    )


def merged_deletion(deletion: Change, now: EntityVersion) -> Change | None:
    """A deletion of what stands now; None where it is gone already.

    Raises EditConflict where others changed the entity since it was read, as of two branches.
    """
    began_from = version_on(
        deletion.kind,
        deletion.entity_id,
        deletion.base_branch or deletion.branch,
        deletion.base_version,
    )
    base = began_from.document if began_from else dict(deletion.base)
    return deletion_of(now, base, deletion.branch)


def deletion_of(now: EntityVersion, base: Document, branch: int) -> Change | None:
    """A deletion of what was read as `base`; None where it is gone already.

    Raises EditConflict where something else stands there now.
    """
    kind = now.kind
    merge = merge_document(kind.merge_kinds, base, now.state, None)
    if not merge.is_clean or merge.document is not None:
        raise EditConflict(
            kind,
            now.entity_id,
            base=base,
            theirs=now.state,
            mine=None,
            theirs_version=now.version,
            conflicts=merge.conflicts,
            merged=merge.document,
        )
    if now.is_deleted:
        return None
    return Change(
        kind,
        now.entity_id,
        Operation.DELETE,
        now.version,
        branch,
        now.branch,
        base=now.document,
    )


def record_current(
    kind: Kind, entity_id: UUID, decide: Callable[[EntityVersion], Change | None]
) -> tuple[EntityVersion, Change | None]:
    """Decide a change from the entity as it stands, and again whenever it moved."""
    for _ in range(ATTEMPTS):
        with suppress(StaleStreams):
            return _decided(kind, entity_id, decide)
    with transaction.atomic():
        log.lock()
        return _decided(kind, entity_id, decide)


def _decided(
    kind: Kind, entity_id: UUID, decide: Callable[[EntityVersion], Change | None]
) -> tuple[EntityVersion, Change | None]:
    now = current_version(kind, entity_id)
    change = decide(now)
    if change is not None:
        (change,) = continued([change])
        context.record([change])
    return now, change


def current_version(
    kind: Kind, entity_id: UUID, chain: Sequence[Link] | None = None
) -> EntityVersion:
    """The entity as a chain, or the branch that saves go to, has it. Raises DoesNotExist."""
    found = visible_versions(kind, [entity_id], chain or context.writing_to().chain)
    if entity_id not in found:
        raise kind.model.DoesNotExist(f"There is no {kind.model._meta.verbose_name} {entity_id}.")
    return found[entity_id]


def reconcile(kind: Kind, now: EntityVersion, base: Mapping[str, Any], mine: Document) -> Document:
    """Merge an edit of some fields into the present document. Raises EditConflict."""
    kinds = {name: kind.merge_kinds[name] for name in mine}
    # Who set a value without having read any saw nothing that others could have changed.
    before = {name: base.get(name, now.document[name]) for name in mine}
    theirs: dict[str, Any] | None = None
    if now.state is not None:
        theirs = {name: now.document[name] for name in mine}
    merge = merge_document(kinds, before, theirs, mine)
    if not merge.is_clean or merge.document is None:
        raise EditConflict(
            kind,
            now.entity_id,
            base=dict(base),
            theirs=now.state,
            mine={**base, **mine},
            theirs_version=now.version,
            conflicts=merge.conflicts,
            merged=merge.document,
        )
    return merge.document
