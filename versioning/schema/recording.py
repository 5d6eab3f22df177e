"""Say in the log what changed of the schema: one changeset, named after what changed it."""

from collections.abc import Iterable, Mapping

from django.db import transaction

from eventstore import log
from eventstore.models import ChangesetKind
from eventstore.types import Version
from versioning.entities.kinds import Kind, kinds_by_label
from versioning.events import MAIN
from versioning.schema.differences import Differences, SchemaChange
from versioning.schema.events import SCHEMA_STREAM, KindDeclared, SchemaEvent
from versioning.schema.reading import read_lines


def record_schema(said: Iterable[SchemaChange], *, after: int, message: str) -> log.Sealed | None:
    """Append what is said as one changeset of main; None where nothing is.

    `after` is how many events of the schema there were. Raises StaleStreams.
    """
    recording = log.Recording()
    with transaction.atomic():
        # One by one: an append takes one event of a stream.
        for event in schema_events(said, after=after):
            recording.append([event])
        return recording.seal(log.Header(MAIN, None, message, ChangesetKind.SCHEMA))


def schema_events(said: Iterable[SchemaChange], *, after: int = 0) -> list[SchemaEvent]:
    """The events, each with its place in the stream of the schema."""
    return [
        cls(stream_id=SCHEMA_STREAM, version=Version(version), **content)
        for version, (cls, content) in enumerate(said, start=after + 1)
    ]


def declare(wanted: Mapping[str, Kind], message: str) -> log.Sealed | None:
    """Say all that the log does not say yet."""
    lines = read_lines()
    return record_schema(Differences(lines, wanted), after=lines.version, message=message)


def declare_kinds_of_today(message: str) -> log.Sealed | None:
    """Declare the code's own kinds that the log does not know; what changes is a migration's."""
    lines = read_lines()
    said = [each for each in Differences(lines, kinds_by_label()) if each[0] is KindDeclared]
    return record_schema(said, after=lines.version, message=message)
