"""Replay the log into the versions that it should have led to.

By the very rules that an edit follows: fold the event into its entity's
document, close the version before, open the next. Where the versions go, and
what is done with them, is decided beside: see `shadow`, `shares`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from eventstore import reading
from eventstore.events import event_types
from eventstore.reading import RecordedContent
from eventstore.types import Position
from eventstore.types import Version as VersionNumber
from versioning.entities.kinds import Document, Kind, kind_of
from versioning.entities.replaying import document_at, first_event
from versioning.entities.tables import OPEN
from versioning.events import MAIN, EntityDeleted, EntityEvent, EntityReleased
from versioning.writing import apply_content

Key = tuple[int, str]
"""A branch and an entity, by its id as the log writes it: UUIDs take their time to make."""


class CannotReplay(Exception):
    """An event does not fit what the log said before it."""


@dataclass(slots=True)
class Version:
    """One row of a version table as the log tells it."""

    kind: Kind
    entity_id: str
    branch: int
    version: int
    valid_from: int
    deleted: bool
    document: Document
    valid_to: int = OPEN
    follows: "Version | None" = None
    """The version before it on its branch, until this one is kept."""
    cells: list[bytes] | None = None
    """What whoever keeps it made of its document; what follows it shares most of that."""


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

    Memory: the newest version of every entity on every branch with the one that it follows, and
    the last few that were followed by another. An older one, from which a branch starts, is
    folded from its stream. Raises CannotReplay.
    """
    events = 0
    folding = _Folding(keep)
    # Looked up, for to ask a class of pydantic whether it is another's takes long.
    of_entities = {each for each in event_types().values() if issubclass(each, EntityEvent)}
    for recorded in reading.contents(upto=upto, page=PAGE, only=share.has):
        events += 1
        if events % PAGE == 0:
            progress(recorded.position)
        if recorded.type in of_entities:
            try:
                folding.take(recorded)
            except _NONSENSE as error:
                raise CannotReplay(
                    f"The event at position {recorded.position} says nothing that can follow: "
                    f"{error!r}"
                ) from error
    folding.finish()
    return Replay(events, len(folding.entities), folding.versions)


PAGE = 2_000
"""Events that are read at once."""

FOLLOWED = 10_000
"""Documents that are kept although a newer one follows: a branch may start from them."""

_NONSENSE = (AssertionError, AttributeError, LookupError, TypeError, ValueError)
"""What folding may raise where the log was tampered with: what it holds is not validated."""


class _Folding:
    """The versions that are not kept yet, and how many there were."""

    def __init__(self, keep: Callable[[Version], None]) -> None:
        self.versions = 0
        self.entities: set[str] = set()
        self._keep = keep
        self._newest: dict[Key, Version] = {}
        self._followed: dict[tuple[Key, int], Document] = {}
        self._followed_before: dict[tuple[Key, int], Document] = {}

    def take(self, recorded: RecordedContent) -> None:
        """Close the version before an event, and open the one that it leads to."""
        position, number, event_type, content = recorded
        kind, entity = kind_of(content["kind"]), content["entity_id"]
        branch: int = content.get("branch", MAIN)
        key = (branch, entity)
        before = None
        if number == 1:
            self.entities.add(entity)
        else:
            before = self._document((content.get("base_branch") or branch, entity), number - 1)
            if before is None:
                raise CannotReplay(
                    f"The event at position {position} goes on from version {number - 1} of "
                    f"{kind.label} {entity}, which is not in the log."
                )
        document = apply_content(event_type, kind, content, before)
        previous = self._newest.pop(key, None)
        if previous is not None:
            previous.valid_to = position
            self._keep(previous)
            self._remember((key, previous.version), previous.document)
        if event_type is not EntityReleased:
            is_deleted = event_type is EntityDeleted
            self._newest[key] = Version(
                kind, entity, branch, number, position, is_deleted, document, follows=previous
            )
            self.versions += 1

    def finish(self) -> None:
        """Keep what nothing follows."""
        for version in self._newest.values():
            self._keep(version)

    def _document(self, key: Key, version: int) -> Document | None:
        """The document at a version of an entity on a branch; None where the log has none."""
        known = self._newest.get(key)
        if known is not None and known.version == version:
            return known.document
        followed = (key, version)
        if (document := self._followed.get(followed)) is not None:
            return document
        if (document := self._followed_before.get(followed)) is not None:
            return document
        branch, entity = key
        return document_at(branch, UUID(entity), VersionNumber(version), start=first_event)

    def _remember(self, followed: tuple[Key, int], document: Document) -> None:
        """Keep a document for branches that start from it; the oldest half goes at once."""
        self._followed[followed] = document
        if len(self._followed) == FOLLOWED // 2:
            self._followed, self._followed_before = {}, self._followed
