"""Replay the log into the versions that it should have led to.

By the very rules that an edit follows: fold the event into its entity's
document, close the version before, open the next. Where the versions go, and
what is done with them, is decided beside: see `shadow`, `shares`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import batched
from typing import Any, Protocol
from uuid import UUID

from eventstore import reading
from eventstore.errors import Refusal
from eventstore.events import event_types
from eventstore.reading import RecordedContent
from eventstore.types import Position
from eventstore.types import Version as VersionNumber
from versioning.entities.kinds import Document, Kind
from versioning.entities.tables import OPEN
from versioning.events import MAIN, EntityCreated, EntityDeleted, EntityEvent, EntityReleased
from versioning.saving.replaying import document_at, first_event
from versioning.saving.writing import apply_content
from versioning.schema.carrying import UncarriedValue
from versioning.schema.lens import Lens
from versioning.schema.reading import Lenses
from versioning.schema.upcasters import NoSuchUpcaster

Key = tuple[int, str]
"""A branch and an entity, by its id as the log writes it: UUIDs take their time to make."""


class CannotReplay(Refusal):
    """An event does not fit what the log said before it."""

    code = "cannot-replay"
    status = 500
    hint = "Run `manage.py audit`, which names what the log lacks."


@dataclass(slots=True)
class Version:
    """One row of a version table as the log tells it; the next of its entity takes its place."""

    kind: Kind
    entity_id: str
    branch: int
    version: int
    valid_from: int
    deleted: bool
    document: Document
    valid_to: int = OPEN
    cells: list[bytes] = field(default_factory=list)
    """What whoever keeps it makes of its document."""


class Keeper(Protocol):
    """Told of each version when it begins, and when its end is known."""

    def begin(self, version: Version) -> None:
        """One that follows none on its branch."""

    def go_on(self, version: Version, changed: Iterable[str]) -> None:
        """The next, in the place of the one before it: only these fields changed."""

    def keep(self, version: Version) -> None:
        """It is whole; the very object may become the next version then."""


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


@dataclass(frozen=True)
class OneEntity(Share):
    """The events of one entity, on all branches."""

    entity_id: str = ""

    def has(self, state: bytes) -> bool:
        at = state.find(_ENTITY)
        return at >= 0 and state.startswith(self.entity_id.encode(), at + len(_ENTITY))


EVERYTHING = Share()

_ENTITY = b'"entity_id":"'
_UUID_LENGTH = 36


def replay(
    upto: Position,
    keeper: Keeper,
    *,
    share: Share = EVERYTHING,
    progress: Callable[[int], None] = lambda _: None,
) -> Replay:
    """Fold the log, handing over each version once its end is known.

    Memory: the newest version of every entity on every branch, and what the last few thousand
    events changed. An older version, from which a branch starts, is folded from its stream.
    Raises CannotReplay.
    """
    events = 0
    folding = _Folding(keeper, Lenses())
    # Looked up, for to ask a class of pydantic whether it is another's takes long.
    of_entities = {each for each in event_types().values() if issubclass(each, EntityEvent)}
    for page in batched(reading.contents(upto=upto, page=PAGE, only=share.has), PAGE, strict=False):
        events += len(page)
        some = [recorded for recorded in page if recorded.type in of_entities]
        folding.prepare(some)
        for recorded in some:
            try:
                folding.take(recorded)
            except (NoSuchUpcaster, UncarriedValue) as error:
                raise CannotReplay(
                    f"The event at position {recorded.position} cannot be read: {error.sentence}",
                    error.hint,
                ) from error
            except _NONSENSE as error:
                raise CannotReplay(
                    f"The event at position {recorded.position} says nothing that can follow: "
                    f"{error!r}"
                ) from error
        progress(page[-1].position)
    folding.finish()
    return Replay(events, len(folding.entities), folding.versions)


PAGE = 2_000
"""Events that are read at once."""

UNDONE = 10_000
"""Events that can be undone: a branch may start from what was before them."""

_NONSENSE = (AssertionError, AttributeError, LookupError, TypeError, ValueError)
"""What folding may raise where the log was tampered with: what it holds is not validated."""


class _Folding:
    """The versions that are not kept yet, and how many there were."""

    def __init__(self, keeper: Keeper, lenses: Lenses) -> None:
        self.versions = 0
        self.entities: set[str] = set()
        self._keeper = keeper
        self._lenses = lenses
        self._newest: dict[Key, Version] = {}
        self._undo: dict[tuple[Key, int], Document] = {}
        self._undo_before: dict[tuple[Key, int], Document] = {}

    def prepare(self, page: Iterable[RecordedContent]) -> None:
        """Have what must be asked of PostgreSQL asked at once, for events that come next."""
        by_lens: dict[Lens, list[Mapping[str, Any]]] = defaultdict(list)
        # An event that makes no sense is named when it is taken.
        with suppress(*_NONSENSE):
            for position, _, _, content in page if self._lenses.has_carries else ():
                lens = self._lenses.at(content["kind"], position)
                if lens is not None and lens.has_casts:
                    by_lens[lens].append(content)
            for lens, contents in by_lens.items():
                lens.prepare(contents)

    def take(self, recorded: RecordedContent) -> None:
        """Close the version before an event, and open the one that it leads to."""
        position, number, event_type, content = recorded
        lens = self._lenses.at(content["kind"], position)
        if lens is None:
            return
        key: Key = (content.get("branch", MAIN), content["entity_id"])
        version = self._newest.get(key)
        if version is not None:
            version.valid_to = position
            self._keeper.keep(version)
        if event_type is EntityReleased:
            self._newest.pop(key, None)
            return
        self.versions += 1
        follows = version is not None and version.version == number - 1
        if version is not None and follows and "base_branch" not in content:
            changes = lens.changed(content, version.document)
            self._remember((key, version.version), version.document, changes)
            version.document.update(changes)
            version.version, version.valid_from, version.valid_to = number, position, OPEN
            version.deleted = event_type is EntityDeleted
            self._keeper.go_on(version, changes)
        else:
            version = self._newest[key] = self._begun(key, recorded, lens)
            self._keeper.begin(version)

    def finish(self) -> None:
        """Keep what nothing follows."""
        for version in self._newest.values():
            self._keeper.keep(version)

    def _begun(self, key: Key, recorded: RecordedContent, lens: Lens) -> Version:
        """The first version on its branch: of a new entity, or of another branch's."""
        position, number, event_type, content = recorded
        kind, (branch, entity) = lens.kind, key
        before = None
        if event_type is EntityCreated:
            self.entities.add(entity)
        else:
            base_version = content.get("base_version", number - 1)
            before = self._document((content.get("base_branch") or branch, entity), base_version)
            if before is None:
                raise CannotReplay(
                    f"The event at position {position} goes on from version {base_version} of "
                    f"{kind.label} {entity}, which is not in the log."
                )
        document = apply_content(lens, event_type, content, before)
        is_deleted = event_type is EntityDeleted
        return Version(kind, entity, branch, number, position, is_deleted, document)

    def _document(self, key: Key, version: int) -> Document | None:
        """The document at a version of an entity on a branch; None where the log has none."""
        newest = self._newest.get(key)
        if newest is not None and newest.version >= version:
            document = newest.document.copy()
            for number in range(newest.version - 1, version - 1, -1):
                event = (key, number)
                if (before := self._undo.get(event, self._undo_before.get(event))) is None:
                    break
                document |= before
            else:
                return document
        branch, entity = key
        number = VersionNumber(version)
        return document_at(branch, UUID(entity), number, first_event, self._lenses)

    def _remember(self, followed: tuple[Key, int], document: Document, changes: Document) -> None:
        """Keep what was before an event; of the oldest events, half are forgotten at once."""
        self._undo[followed] = {n: document[n] for n in changes if n in document}
        if len(self._undo) == UNDONE // 2:
            self._undo, self._undo_before = {}, self._undo
