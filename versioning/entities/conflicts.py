"""What an edit meets when its entity moved on meanwhile."""

from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError

from eventstore.errors import Refusal
from eventstore.types import Version
from versioning.entities.kinds import Document, Kind
from versioning.merge import Conflict


class EditConflict(Refusal):
    """Two edits of one entity that no rule can reconcile; nothing was saved.

    `base` is the document that mine began from, `theirs` what stands now,
    `mine` what was to be saved (None for a deletion); `conflicts` names the
    fields, and `merged` holds what is reconciled already.
    """

    code = "edit-conflict"
    status = 409
    hint = "Compare both and save again."

    def __init__(
        self,
        kind: Kind,
        entity_id: UUID,
        *,
        base: Document | None,
        theirs: Document | None,
        mine: Document | None,
        theirs_version: Version,
        conflicts: Sequence[Conflict],
        merged: Document | None,
    ) -> None:
        self.kind = kind
        self.entity_id = entity_id
        self.base = base
        self.theirs = theirs
        self.mine = mine
        self.theirs_version = theirs_version
        self.conflicts = tuple(conflicts)
        self.merged = merged
        name = f"{kind.model._meta.verbose_name} {entity_id}"
        fields = ", ".join(conflict.path or "the whole" for conflict in self.conflicts)
        super().__init__(
            f"{name} changed while it was being deleted, and stays."
            if mine is None
            else f"{name} changed while it was being edited: {fields} cannot be reconciled.",
            "Look at it again before you delete it." if mine is None else "",
        )


class AlreadyExists(Refusal, IntegrityError):
    """An entity with this identity is there already."""

    code = "already-exists"
    status = 409
    hint = "Give it another id."
