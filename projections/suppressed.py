"""What is suppressed, beside the events that it follows from."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from uuid import UUID

from django.db import connection

from eventstore.events import Event
from eventstore.integrity import Finding
from eventstore.log import ProjectionCall
from eventstore.mapper import to_event
from eventstore.models import SuppressedChangeset
from eventstore.sqlfiles import statement
from versioning.events import ChangesetSuppressed, VersionsSuppressed
from versioning.models import SuppressedVersions
from versioning.saving.writing import changeset_suppression_call, suppression_call

_NEWEST = statement(__file__, "newest_suppressions")

Key = tuple[UUID, int]
"""An entity on a branch."""

type Spans = dict[Key, Sequence[Sequence[int]]]


def verify_suppressed() -> Iterator[Finding]:
    """What the table hides, and what the log says. Cost: a look at the topic of every event."""
    held, wanted = _held(), _wanted()
    for entity_id, branch in sorted(held.keys() | wanted.keys()):
        if held.get((entity_id, branch), []) != wanted.get((entity_id, branch), []):
            yield Finding(
                f"versioning_suppressedversions: {entity_id} on branch {branch}",
                "hides other versions than the log says.",
            )
    for changeset in sorted(_held_changesets() ^ _wanted_changesets()):
        yield Finding(
            f"eventstore_suppressedchangeset: changeset {changeset}",
            "is hidden in a different way than the log says.",
        )


def rebuild_suppressed() -> int:
    """Make the tables what the log says, under its lock; of how much they were not."""
    held, wanted = _held(), _wanted()
    wrong = [key for key in held.keys() | wanted.keys() if held.get(key, []) != wanted.get(key, [])]
    for key in wrong:
        _write(suppression_call(*key, wanted.get(key, [])))
    hidden = _wanted_changesets()
    others = _held_changesets() ^ hidden
    for changeset in others:
        _write(changeset_suppression_call(changeset, is_suppressed=changeset in hidden))
    return len(wrong) + len(others)


def _write(call: ProjectionCall) -> None:
    with connection.cursor() as cursor:
        sql = call.sql.replace("a.first_position", "0")
        cursor.execute(f"SELECT {sql}", call.parameters)


def _held() -> Spans:
    held: defaultdict[Key, list[list[int]]] = defaultdict(list)
    for row in SuppressedVersions.objects.order_by("first_position"):
        held[row.entity_id, row.branch_number].append([row.first_position, row.end_position])
    return dict(held)


def _wanted() -> Spans:
    newest = _newest(VersionsSuppressed)
    return {(e.entity_id, e.branch): [list(span) for span in e.spans] for e in newest}


def _held_changesets() -> set[int]:
    return set(SuppressedChangeset.objects.values_list("pk", flat=True))


def _wanted_changesets() -> set[int]:
    return {e.changeset for e in _newest(ChangesetSuppressed) if e.is_suppressed}


def _newest[T: Event](cls: type[T]) -> list[T]:
    """The last event of each stream of a type."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, [cls.topic])
        found = [
            to_event(i, version, topic, bytes(s)) for i, version, topic, s in cursor.fetchall()
        ]
    return [event for event in found if isinstance(event, cls)]
