"""The events of versioned entities: what an edit of anything becomes.

An entity has a stream on each branch where it was changed; its versions go on
from those that the branch inherited. `base_branch` is told only where an
event applies to an inherited version: the branch that this version is of.
`base_version` is told only where the stream had been released and goes on: its
numbers follow its own, and not those of what it inherits.
"""

from typing import Any, ClassVar
from uuid import UUID, uuid5

from pydantic import Field

from eventstore.events import Event

MAIN = 1
"""The number of the branch that every other one descends from."""

FieldName = str
Delta = list[tuple[int, int, str]]
"""Replacements in a text: from character, to character, by what; in order."""


def stream_id(branch: int, entity_id: UUID) -> UUID:
    """The stream that holds an entity's events on a branch."""
    return entity_id if branch == MAIN else uuid5(entity_id, str(branch))


class EntityEvent(Event):
    """Something happened to one entity on one branch."""

    kind: str
    entity_id: UUID
    branch: int = MAIN
    base_branch: int | None = None
    base_version: int | None = None


class EntityCreated(EntityEvent):
    """A first version. Fields without a value are left out."""

    topic: ClassVar[str] = "entity.created"
    document: dict[FieldName, Any]


class EntityChanged(EntityEvent):
    """New values of the fields that differ; long texts as deltas to the version before."""

    topic: ClassVar[str] = "entity.changed"
    changes: dict[FieldName, Any] = Field(default_factory=dict)
    deltas: dict[FieldName, Delta] = Field(default_factory=dict)


class EntityDeleted(EntityEvent):
    """A tombstone: hidden from here on, content kept for the history."""

    topic: ClassVar[str] = "entity.deleted"


class EntityRestored(EntityEvent):
    """Back from a tombstone, as it was, save for what `changes` names."""

    topic: ClassVar[str] = "entity.restored"
    changes: dict[FieldName, Any] = Field(default_factory=dict)
    deltas: dict[FieldName, Delta] = Field(default_factory=dict)


class VersionsSuppressed(Event):
    """Which versions of an entity's stream on a branch are hidden from here on: all that are.

    A span reaches from the position where the first of its versions begins up to the one where the
    last of them ends. It stands in a stream of its own beside the entity's, whose versions go on.
    """

    topic: ClassVar[str] = "versions.suppressed"

    kind: str
    entity_id: UUID
    branch: int = MAIN
    spans: list[tuple[int, int]]


class ChangesetSuppressed(Event):
    """What a changeset says of itself (its message and details) is hidden, or shown again."""

    topic: ClassVar[str] = "changeset.suppressed"

    changeset: int
    is_suppressed: bool


def changeset_suppression_stream_id(changeset: int) -> UUID:
    """The stream that tells whether what a changeset says of itself is hidden."""
    return uuid5(_CHANGESETS, str(changeset))


_CHANGESETS = UUID("6d3f4b0e-5c1a-4a57-9c0d-0a6f0a3c7f11")


def suppression_stream_id(branch: int, entity_id: UUID) -> UUID:
    """The stream that tells which versions of an entity on a branch are hidden."""
    return uuid5(stream_id(branch, entity_id), "suppressed")


class EntityReleased(EntityEvent):
    """The branch has no version of its own any more and shows what it inherits."""

    topic: ClassVar[str] = "entity.released"
