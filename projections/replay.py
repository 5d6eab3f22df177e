"""Replay the log into the versions that it should have led to.

By the very rules that an edit follows: fold the event into its entity's
document, close the version before, open the next. Where the versions go, and
what is done with them, is decided beside: see `shadow`, `shares`.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from eventstore import reading
from eventstore.types import Position
from eventstore.types import Version as VersionNumber
from versioning.entities.kinds import Document, Kind, kind_of
from versioning.entities.replaying import document_at, first_event
from versioning.entities.tables import OPEN
from versioning.events import EntityDeleted, EntityEvent, EntityReleased
from versioning.writing import apply_event

Key = tuple[int, int]
"""A branch and an entity, by the number of its id: UUIDs take their time to hash."""


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


@dataclass(frozen=True)
class Replay:
    """What the log leads to, up to a position; in numbers."""

    events: int
    entities: int
    versions: int

    def __add__(self, other: "Replay") -> "Replay":
        """Two replays of different entities, together."""
        return Replay(
            self.events + other.events,
            self.entities + other.entities,
            self.versions + other.versions,
        )


@dataclass(frozen=True)
class Share:
    """Some of the entities, by their ids: number `number` of `of` shares."""

    number: int = 0
    of: int = 1

    def has(self, state: bytes) -> bool:
        """Whether a stored event is of the share: told without reading all of it.

        Events that are of no entity go to the first share.
        """
        if self.of == 1:
            return True
        at = state.find(_ENTITY)
        if at < 0:
            return self.number == 0
        end = at + len(_ENTITY) + _UUID_LENGTH
        # The end of an id is random, whatever version of UUID it is.
        return int(state[end - 4 : end], 16) % self.of == self.number


EVERYTHING = Share()

_ENTITY = b'"entity_id":"'
_UUID_LENGTH = 36


def replay(
    upto: Position,
    keep: Callable[[Version], None],
    *,
    share: Share = EVERYTHING,
    progress: Callable[[int], None] = lambda _: None,
) -> Replay:
    """Fold the log, handing over each version once its end is known.

    Memory: the newest version of every entity on every branch, and the last
    few that were followed by another. An older one, from which a branch
    starts, is folded from its stream. Raises CannotReplay.
    """
    events = versions = 0
    entities: set[int] = set()
    newest: dict[Key, Version] = {}
    followed: OrderedDict[tuple[Key, int], Document] = OrderedDict()
    for recorded in reading.forward(upto=upto, page=PAGE, only=share.has):
        event = recorded.event
        events += 1
        if events % PAGE == 0:
            progress(recorded.position)
        if not isinstance(event, EntityEvent):
            continue
        entity = event.entity_id.int
        key = (event.branch, entity)
        document = apply_event(event, _before(event, newest, followed, recorded.position))
        if event.version == 1:
            entities.add(entity)
        if (previous := newest.pop(key, None)) is not None:
            previous.valid_to = recorded.position
            keep(previous)
            followed[key, previous.version] = previous.document
            if len(followed) > FOLLOWED:
                followed.popitem(last=False)
        # By type, not isinstance: pydantic's is a function of Python's, and this a hot loop.
        if type(event) is not EntityReleased:
            newest[key] = Version(
                kind_of(event.kind),
                event.entity_id,
                event.branch,
                event.version,
                recorded.position,
                type(event) is EntityDeleted,
                document,
            )
            versions += 1
    for version in newest.values():
        keep(version)
    return Replay(events, len(entities), versions)


PAGE = 2_000
"""Events that are read at once."""

FOLLOWED = 10_000
"""Documents that are kept although a newer one follows: a branch may start from them."""


def _before(
    event: EntityEvent,
    newest: dict[Key, Version],
    followed: Mapping[tuple[Key, int], Document],
    at: Position,
) -> Document | None:
    """The document that an event applies to; None for a creation. Raises CannotReplay."""
    if event.version == 1:
        return None
    base_branch = event.base_branch or event.branch
    base_version = event.version - 1
    key = (base_branch, event.entity_id.int)
    known = newest.get(key)
    if known is not None and known.version == base_version:
        return known.document
    document = followed.get((key, base_version)) or document_at(
        base_branch, event.entity_id, VersionNumber(base_version), start=first_event
    )
    if document is None:
        raise CannotReplay(
            f"The event at position {at} goes on from version {base_version} of "
            f"{event.kind} {event.entity_id}, which is not in the log."
        )
    return document
