"""Documents as they stood at any node of the graph, from the log alone.

Beside `documents`, which reads the version tables: these have today's columns, and none for a kind
that is gone. Fields and labels are those of one moment (see `versioning.schema.past`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from eventstore import reading, streams
from eventstore.streams import Part, StreamEnd
from eventstore.types import Position, Version
from versioning.branches.documents import OF_BRANCHES, Entity
from versioning.entities.kinds import Document, kind_of
from versioning.events import (
    EntityDeleted,
    EntityEvent,
    EntityReleased,
    stream_id,
    suppression_stream_id,
)
from versioning.saving.replaying import document_at
from versioning.schema.lens import Lens, without_history
from versioning.schema.past import PastSchema
from versioning.viewpoints.versions import EntityVersion
from versioning.viewpoints.visibility import Link

Key = tuple[int, UUID, Version]
"""A branch, an entity, and a version of its stream there."""

_OF_BRANCHES = frozenset(model._meta.label_lower for model in OF_BRANCHES)


class PastDocuments:
    """What chains showed, by the fields of a past schema. Asked inside its `read_as`.

    `seen_at` is when it was looked at: what was suppressed by then, nobody saw.
    """

    def __init__(self, schema: PastSchema, seen_at: Position) -> None:
        self._schema = schema
        self._seen_at = seen_at
        self._parts: dict[tuple[UUID, Version], Part] = {}

    def ever_touched(self, branch: int, upto: Position) -> set[Entity]:
        """The entities that ever had a version of their own on a branch, up to a position.

        Cost: one query, of what was recorded there.
        """
        return {entity for entity, _ in self._newest_on(branch, streams.of_branch(branch, upto))}

    def touched(self, branch: int, upto: Position) -> set[Entity]:
        """Those that had one still: the branch had not released them. Cost: as above."""
        newest = self._newest_on(branch, streams.of_branch(branch, upto))
        return {entity for entity, event in newest if not isinstance(event, EntityReleased)}

    def changed_within(self, branch: int, first: Position, last: Position) -> set[Entity]:
        """The entities of which something was recorded from one position to another."""
        events = reading.forward(Position(first - 1), upto=last)
        return {entity for entity, _ in self._newest_on(branch, events)}

    def versions_at(
        self, chain: Sequence[Link], entities: Iterable[Entity]
    ) -> dict[Entity, EntityVersion]:
        """Entities as a chain shows them, tombstones included.

        Cost: two queries, and two for each time that a branch goes on from another one's version.
        """
        asked = [(each, branch, at) for each in entities for branch, at in chain]
        ends = streams.newest_at([(stream_id(branch, e[1]), at) for e, branch, at in asked])
        shown: dict[Entity, tuple[int, StreamEnd]] = {}
        for (entity, branch, _), end in zip(asked, ends, strict=True):
            # The nearest comes first; what a branch released, it inherits.
            if end is not None and end.topic != EntityReleased.topic:
                shown.setdefault(entity, (branch, end))
        shown = self._readable(shown)
        self._load({(branch, e[1], end.version) for e, (branch, end) in shown.items()})
        versions = (self._version(e, branch, end) for e, (branch, end) in shown.items())
        return {(v.kind.label, v.entity_id): v for v in versions if v is not None}

    def _readable(
        self, shown: Mapping[Entity, tuple[int, StreamEnd]]
    ) -> dict[Entity, tuple[int, StreamEnd]]:
        """What is shown without what was suppressed when it was looked at."""
        ids = [suppression_stream_id(branch, e[1]) for e, (branch, _) in shown.items()]
        told = streams.newest_at([(stream, self._seen_at) for stream in ids])
        return {
            entity: (branch, end)
            for (entity, (branch, end)), stream, newest in zip(
                shown.items(), ids, told, strict=True
            )
            if newest is None or not _lies_in(end.position, _told_in(stream, newest.version))
        }

    def _newest_on(
        self, branch: int, events: Iterable[reading.Recorded]
    ) -> Iterable[tuple[Entity, EntityEvent]]:
        """The newest event of each entity, by what its kind was called."""
        newest: dict[Entity, EntityEvent] = {}
        for position, event in events:
            if not isinstance(event, EntityEvent) or event.branch != branch:
                continue
            label = self._schema.label_then(event.kind, position)
            if label is not None and label not in _OF_BRANCHES:
                newest[label, event.entity_id] = event
        return newest.items()

    def _version(self, entity: Entity, branch: int, end: StreamEnd) -> EntityVersion | None:
        label, entity_id = entity
        document = self._document(branch, entity_id, end.version)
        if document is None:
            return None
        is_deleted = end.topic == EntityDeleted.topic
        return EntityVersion(
            kind_of(label), entity_id, branch, end.version, end.position, is_deleted, document
        )

    def _document(self, branch: int, entity_id: UUID, version: Version) -> Document | None:
        document = document_at(
            branch, entity_id, version, self._start, self._schema.lenses, self._read
        )
        return None if document is None else without_history(document)

    def _start(self, stream: UUID, upto: Version) -> tuple[Version, Document] | None:
        return self._parts[stream, upto].document

    def _read(self, stream: UUID, /, *, after: Version, upto: Version) -> list[reading.Recorded]:
        events = self._parts[stream, upto].events
        return [each for each in events if each.event.version > after]

    def _load(self, keys: Iterable[Key]) -> None:
        """Read what leads to some versions, and to those that they go on from."""
        wanted = set(keys)
        while wanted:
            asked = {(stream_id(branch, entity), version) for branch, entity, version in wanted}
            new = sorted(asked - self._parts.keys())
            parts = streams.leading_to(new)
            self._parts |= zip(new, parts, strict=True)
            self._prepare(parts)
            bases = {base for part in parts if (base := _base(part)) is not None}
            wanted = bases - wanted

    def _prepare(self, parts: Iterable[Part]) -> None:
        """Have all values cast at once that were of another type."""
        by_lens: dict[Lens, list[Mapping[str, Any]]] = defaultdict(list)
        if not self._schema.lenses.has_carries:
            return
        for part in parts:
            for number, (position, event) in enumerate(part.events):
                if isinstance(event, EntityEvent):
                    lens = self._schema.lenses.at(event.kind, position)
                    if lens is not None and lens.has_casts:
                        is_whole = number == 0 and part.document is not None
                        whole = {"document": part.document[1]} if part.document else {}
                        by_lens[lens].append(whole if is_whole else event.__dict__)
        for lens, contents in by_lens.items():
            lens.prepare(contents)


def _told_in(stream: UUID, version: Version) -> Any:
    (recorded,) = reading.stream(stream, after=Version(version - 1), upto=version)
    return recorded.event


def _lies_in(position: Position, told: Any) -> bool:
    """Whether a version that begins at a position is one of those that an event hides."""
    return any(first <= position < end for first, end in told.spans)


def _base(part: Part) -> Key | None:
    """The version that a part of a stream goes on from, if that is of another branch."""
    later = part.events[1:] if part.document is not None else part.events
    for _, event in reversed(later):
        if isinstance(event, EntityEvent) and event.base_branch is not None:
            followed = event.version - 1 if event.base_version is None else event.base_version
            return event.base_branch, event.entity_id, Version(followed)
    return None
