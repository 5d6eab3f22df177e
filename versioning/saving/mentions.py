"""What a changeset on main names from within, as items do, and what it takes away.

No foreign key of the database holds items to what they name. On a branch the check of its result
asks, with all other rules; on main a changeset is asked once, behind its last change and under the
log's lock (`versioning.branches.naming`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from eventstore.rollbacks import on_rollback
from versioning.entities.changes import Change, Operation
from versioning.entities.kinds import Kind, kinds
from versioning.events import MAIN

Entity = tuple[str, UUID]

_NOBODY = UUID(int=0)


@dataclass
class Mentions:
    """What the changes of a changeset name anew, and what they take away that can be named."""

    named: set[Entity] = field(default_factory=set)
    gone: set[Entity] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.named or self.gone)

    def take(self, changes: Sequence[Change]) -> None:
        """Look at changes too, unless they are rolled back. They cost nothing that name nothing."""
        for change in changes:
            if change.branch != MAIN:
                continue
            if change.operation is Operation.DELETE:
                if can_be_named(change.kind):
                    self._add(self.gone, {(change.kind.label, change.entity_id)})
            elif change.kind.within_fields:
                self._add(self.named, set(_named(change)))

    def _add(self, mentions: set[Entity], entities: set[Entity]) -> None:
        if new := entities - mentions:
            mentions |= new
            on_rollback(partial(mentions.difference_update, new))


def can_be_named(kind: Kind) -> bool:
    """Whether values of any field can name entities of a kind from within."""
    return any(
        f.naming(kind.label, [_NOBODY]) is not None
        for other in kinds()
        for f in other.within_fields
    )


def _named(change: Change) -> Iterator[Entity]:
    """What a change names that was not named before; of what comes back, all that it names."""
    is_back = change.operation is Operation.RESTORE
    for f in change.kind.within_fields:
        if f.name in change.values or is_back:
            before = change.base.get(f.name)
            yield from (
                set(f.referred(change.values.get(f.name, before)))
                - (set() if is_back else set(f.referred(before)))
            )
