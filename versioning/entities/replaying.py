"""An entity's document at any version, from the log alone: no row of a table is asked."""

from collections.abc import Callable
from uuid import UUID

from eventstore import reading
from eventstore.models import Snapshot
from eventstore.types import Version
from versioning.entities.kinds import Document, kind_of
from versioning.events import EntityEvent, stream_id
from versioning.writing import apply_event

Start = Callable[[UUID, Version], tuple[Version, Document] | None]
"""Where to begin folding a stream that is wanted up to a version; None: at its first event."""


def nearest_snapshot(stream: UUID, upto: Version) -> tuple[Version, Document] | None:
    """The newest snapshot up to a version: some thirty events before it, at most."""
    snapshots = Snapshot.objects.filter(stream_id=stream, version__lte=upto)
    found = snapshots.order_by("-version").first()
    return None if found is None else (Version(found.version), found.state["document"])


def first_event(_stream: UUID, _upto: Version) -> None:
    """For whoever verifies snapshots, and so must not believe them."""


def document_at(
    branch: int, entity_id: UUID, version: Version, start: Start = nearest_snapshot
) -> Document | None:
    """The document at a version of a branch's stream; None where the log has no such version.

    Cost, from a snapshot: two queries for each branch that the version goes
    back through, and at most some thirty events.
    """
    stream = stream_id(branch, entity_id)
    begun_at, document = start(stream, version) or (Version(0), None)
    # The snapshot's own event too, for it tells the kind.
    read = reading.stream(stream, after=Version(begun_at - 1), upto=version)
    events = [event for event in read if isinstance(event, EntityEvent)]
    if not events or events[-1].version != version:
        return None
    if document is not None:
        kind = kind_of(events.pop(0).kind)
        document = kind.full(kind.today(document))
    # What came before the branch inherited anew is of no account.
    inherited = [place for place, event in enumerate(events) if event.base_branch is not None]
    for event in events[inherited[-1] if inherited else 0 :]:
        if event.base_branch is not None:
            base_version = Version(event.version - 1)
            document = document_at(event.base_branch, entity_id, base_version, start)
        if document is None and event.version > 1:
            return None
        document = apply_event(event, document)
    return document
