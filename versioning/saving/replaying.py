"""An entity's document at any version, from the log alone: no row of a table is asked."""

from collections.abc import Callable, Iterable
from typing import Protocol
from uuid import UUID

from eventstore import reading
from eventstore.models import Snapshot
from eventstore.types import Version
from versioning.entities.kinds import Document
from versioning.events import EntityCreated, EntityEvent, stream_id
from versioning.saving.writing import apply_event
from versioning.schema.reading import Lenses

Start = Callable[[UUID, Version], tuple[Version, Document] | None]
"""Where to begin folding a stream that is wanted up to a version; None: at its first event."""


class Read(Protocol):
    """Reads a stream's events above a version, up to and including another, in their order."""

    def __call__(
        self, stream_id: UUID, /, *, after: Version, upto: Version
    ) -> Iterable[reading.Recorded]: ...


def nearest_snapshot(stream: UUID, upto: Version) -> tuple[Version, Document] | None:
    """The newest snapshot up to a version: some thirty events before it, at most."""
    snapshots = Snapshot.objects.filter(stream_id=stream, version__lte=upto)
    found = snapshots.order_by("-version").first()
    return None if found is None else (Version(found.version), found.state["document"])


def first_event(_stream: UUID, _upto: Version) -> None:
    """For whoever verifies snapshots, and so must not believe them."""


def document_at(
    branch: int,
    entity_id: UUID,
    version: Version,
    start: Start = nearest_snapshot,
    lenses: Lenses | None = None,
    read: Read | None = None,
) -> Document | None:
    """The document at a version of a branch's stream; None where the log has no such version.

    By the fields of the lenses, today's unless said otherwise, of a kind that there is by them;
    texts that fields held when they were of another type stand beside (see `Lens`).

    Cost, from a snapshot: two queries for each branch that the version goes
    back through, at most some thirty events, and one for the schema.
    """
    lenses, read = lenses or Lenses(), read or reading.stream
    stream = stream_id(branch, entity_id)
    begun_at, document = start(stream, version) or (Version(0), None)
    # The snapshot's own event too, for it tells the kind.
    events = [
        (each.position, each.event)
        for each in read(stream, after=Version(begun_at - 1), upto=version)
        if isinstance(each.event, EntityEvent)
    ]
    if not events or events[-1][1].version != version:
        return None
    if document is not None:
        position, event = events.pop(0)
        lens = lenses.at(event.kind, position)
        document = lens.created(document) if lens else None
    # What came before the branch inherited anew is of no account.
    inherited = [place for place, (_, event) in enumerate(events) if event.base_branch is not None]
    for position, event in events[inherited[-1] if inherited else 0 :]:
        lens = lenses.at(event.kind, position)
        if event.base_branch is not None:
            followed = event.version - 1 if event.base_version is None else event.base_version
            base_version = Version(followed)
            document = document_at(event.base_branch, entity_id, base_version, start, lenses, read)
        if lens is None or (document is None and not isinstance(event, EntityCreated)):
            return None
        document = apply_event(lens, event, document)
    return document
