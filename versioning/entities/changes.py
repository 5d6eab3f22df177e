"""A change of an entity: what becomes an event, and its next version."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from uuid import UUID

from eventstore.types import Version
from versioning.entities.kinds import Document, Kind
from versioning.events import MAIN


class Operation(Enum):
    CREATE = "create"
    CHANGE = "change"
    DELETE = "delete"
    RESTORE = "restore"
    RELEASE = "release"


@dataclass(frozen=True)
class Change:
    """One entity's next version on a branch.

    `values` are the fields that differ (all of them for CREATE). `base` is
    the document that they apply to, as far as it is known: long texts become
    deltas to it. `base_branch` is the branch that this version is of.
    `stream_version` is told where the branch had an entity, released it, and takes it up again:
    the version at which its stream stands (see `continued`).
    """

    kind: Kind
    entity_id: UUID
    operation: Operation
    base_version: Version
    branch: int = MAIN
    base_branch: int | None = None
    values: Document = field(default_factory=dict)
    base: Mapping[str, Any] = field(default_factory=dict)
    stream_version: Version | None = None

    @property
    def version(self) -> Version:
        before = self.base_version if self.stream_version is None else self.stream_version
        return Version(before + 1)

    @property
    def is_inherited(self) -> bool:
        """The first version on its branch, of an entity that came from another."""
        return self.base_branch not in (None, self.branch)
