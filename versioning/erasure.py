"""Erase what versions of an entity said: from the log itself, and for good.

Each event of these versions keeps what it was, of which entity, when and by whom; the words that it
set are gone. The next version, and whatever a branch began from one of them, are told whole instead
of as differences, so that they stay what they were. See `eventstore.erasure` for what keeps the
chain, and `projections.erasing` for the rows that follow.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from eventstore import log, reading
from eventstore.erasure import ERASURES, Erased
from eventstore.errors import Refusal
from eventstore.mapper import to_state
from eventstore.models import Changeset, ChangesetKind, Snapshot
from eventstore.models import Event as EventRow
from eventstore.types import Position, Version
from versioning.branches.past_documents import PastDocuments
from versioning.entities.kinds import Document, DocumentField, Kind, kind_of
from versioning.entities.tables import OPEN
from versioning.events import (
    MAIN,
    EntityChanged,
    EntityCreated,
    EntityEvent,
    EntityReleased,
    EntityRestored,
    stream_id,
)
from versioning.saving import writing
from versioning.schema.past import Schemas
from versioning.schema.reading import Lenses
from versioning.viewpoints.versions import EntityVersion, every_row_in, to_version

_WORDS = re.compile(r"(var)?char|character|text|citext|jsonb|hstore", re.ASCII)
"""Types of columns in which somebody's words may stand."""


class CannotErase(Refusal):
    """These versions cannot be erased, or not alone."""

    code = "cannot-erase"
    status = 409
    hint = "Look at the history, and choose among its versions."


@dataclass(frozen=True)
class Span:
    """Versions on one branch, from one number to another, both included."""

    branch: int
    first: int
    last: int

    def __str__(self) -> str:
        numbers = f"{self.first}" if self.first == self.last else f"{self.first} to {self.last}"
        return f"version {numbers} on branch {self.branch}"


@dataclass(frozen=True)
class Erasure:
    """Versions of one entity of which the words are to go.

    Of their fields those with a name among `fields`; with none, all that hold words.
    """

    kind: Kind
    entity_id: UUID
    spans: tuple[Span, ...]
    fields: frozenset[str] = frozenset()

    def has(self, branch: int, version: int) -> bool:
        return any(s.branch == branch and s.first <= version <= s.last for s in self.spans)

    def takes(self, field: DocumentField) -> bool:
        """Whether a field of today is one of those that are erased."""
        return holds_words(field) and (not self.fields or field.name in self.fields)


def holds_words(field: DocumentField) -> bool:
    """Whether somebody's words may stand in a field."""
    return bool(_WORDS.match(field.column_type)) or field.is_list


def record_erasure(
    erasure: Erasure, *, changesets: Collection[Changeset] = (), message: str
) -> log.Sealed:
    """Take what some versions said out of the log; what `changesets` say of themselves as well.

    Inside a transaction that holds the log's lock. Rows, entries and caches have it still: see
    `projections.erasing`. Raises CannotErase.
    """
    _require_erasable(erasure)
    states: dict[Position, bytes] = {}
    for branch, events in _streams(erasure).items():
        states |= _without_words(erasure, branch, events)
    newest = next(iter(reading.newest([ERASURES])), None)
    content = Erased(states, sorted(each.pk for each in changesets))
    event = content.event(
        Version(newest.version + 1 if newest else 1),
        kind=erasure.kind.label,
        entity_id=erasure.entity_id,
    )
    header = log.Header(MAIN, writing.actor.get(), message, ChangesetKind.SUPPRESSION)
    sealed = log.append([event], header, projections=[log.ProjectionCall(*content.call)])
    for span in erasure.spans:
        stream = stream_id(span.branch, erasure.entity_id)
        Snapshot.objects.filter(stream_id=stream, version__range=(span.first, span.last)).delete()
    return sealed


def _streams(erasure: Erasure) -> dict[int, list[tuple[Position, EntityEvent]]]:
    """The entity's events on each branch that ever had versions of it."""
    rows = every_row_in(erasure.kind).filter(entity_id=erasure.entity_id)
    branches = sorted(rows.values_list("branch_number", flat=True).distinct())
    return {
        branch: [
            (position, event)
            for position, event in reading.stream(stream_id(branch, erasure.entity_id))
            if isinstance(event, EntityEvent)
        ]
        for branch in branches
    }


def _without_words(
    erasure: Erasure, branch: int, events: Iterable[tuple[Position, EntityEvent]]
) -> Iterator[tuple[Position, bytes]]:
    """What takes the place of a stream's events: of those that are erased, and that follow them."""
    follows = False
    schemas = Schemas()
    for position, event in events:
        if event.base_branch is not None:  # it goes on from another branch's version
            base = event.version - 1 if event.base_version is None else event.base_version
            follows = erasure.has(event.base_branch, base)
        if erasure.has(branch, event.version):
            follows = True
            emptied = _emptied(event, _fields_then(schemas, erasure, position, event))
            if emptied is not event:
                yield position, to_state(emptied)
        elif follows and isinstance(event, EntityChanged | EntityRestored):
            follows = False
            fields = _fields_then(schemas, erasure, position, event)
            document = _document_then(schemas, erasure.entity_id, branch, position, event)
            yield position, to_state(_told_whole(event, document, fields))
        elif isinstance(event, EntityCreated | EntityReleased):
            follows = False
        # A tombstone says nothing; what is restored from it goes on from what was erased.


def _emptied(event: EntityEvent, fields: frozenset[str]) -> EntityEvent:
    """An event without the words that it set."""
    match event:
        case EntityCreated():
            document = {
                # Of the same sort, for a column that may not be null.
                name: type(value)()
                if name in fields and isinstance(value, str | list | dict)
                else value
                for name, value in event.document.items()
            }
            return event.model_copy(update={"document": document})
        case EntityChanged() | EntityRestored():
            changes = {name: v for name, v in event.changes.items() if name not in fields}
            deltas = {name: delta for name, delta in event.deltas.items() if name not in fields}
            return event.model_copy(update={"changes": changes, "deltas": deltas})
    return event


def _told_whole(
    event: EntityChanged | EntityRestored, document: Document, fields: frozenset[str]
) -> EntityEvent:
    """An event with the values that it leads to in some fields, not how they differ."""
    changes = event.changes | {name: document[name] for name in fields & document.keys()}
    deltas = {name: delta for name, delta in event.deltas.items() if name not in changes}
    return event.model_copy(update={"changes": changes, "deltas": deltas})


def _fields_then(
    schemas: Schemas, erasure: Erasure, position: Position, event: EntityEvent
) -> frozenset[str]:
    """What the erased fields were called when an event was recorded; those that are gone, too."""
    schema = schemas.at(position)
    label = schema.label_then(event.kind, position) or event.kind
    with schema.read_as({}, schemas):
        wordy = {name for name, field in kind_of(label).fields.items() if holds_words(field)}
    if not erasure.fields:
        return frozenset(wordy)
    lens = Lenses().at(event.kind, position)
    return frozenset(n for n in wordy if lens and lens.name_today(n) in erasure.fields)


def _document_then(
    schemas: Schemas, entity_id: UUID, branch: int, position: Position, event: EntityEvent
) -> Document:
    """What an event led to, by the fields of its time."""
    schema = schemas.at(position)
    label = schema.label_then(event.kind, position) or event.kind
    with schema.read_as({}, schemas):
        documents = PastDocuments(schema, seen_at=Position(0))
        found = documents.versions_at([(branch, position)], [(label, entity_id)])
    return found[label, entity_id].document


def _require_erasable(erasure: Erasure) -> None:
    """Refuse what stands somewhere now, and what another version says too. Raises CannotErase."""
    rows = every_row_in(erasure.kind).filter(entity_id=erasure.entity_id).order_by("valid_from")
    erased: list[EntityVersion] = []
    others: list[EntityVersion] = []
    for row in rows:
        version = to_version(erasure.kind, row)
        is_erased = erasure.has(version.branch, version.version)
        (erased if is_erased else others).append(version)
        if is_erased and row.valid_to == OPEN and not row.deleted:
            raise CannotErase(
                f"{str(Span(row.branch_number, row.version, row.version)).capitalize()} is what "
                "stands there now.",
                "Edit or delete it first; then erase the versions before that.",
            )
    for span in erasure.spans:
        numbers = {each.version for each in erased if each.branch == span.branch}
        if span.first > span.last or {span.first, span.last} - numbers:
            raise CannotErase(f"There is no {span} of this {erasure.kind.noun}.")
    for field in erasure.kind.fields.values():
        if erasure.takes(field):
            _require_told_nowhere_else(field.name, erased, others)


def _require_told_nowhere_else(
    name: str, erased: Sequence[EntityVersion], others: Sequence[EntityVersion]
) -> None:
    """Raises CannotErase where another version has what the erased ones brought into a field."""
    numbers = {(each.branch, each.version): each for each in (*erased, *others)}
    for other in others:
        words = other.document[name]
        if words in (None, "", [], {}) or all(each.document[name] != words for each in erased):
            continue
        first = min((each for each in numbers.values() if each.document[name] == words), key=_place)
        if first in erased:
            raise CannotErase(
                f"{str(Span(other.branch, other.version, other.version)).capitalize()} says the "
                f"same in {name}.",
                "Erase that version as well (edit it first, if it stands there now), or name the "
                "fields that are to be erased.",
            )


def _place(version: EntityVersion) -> Position:
    return version.position


def is_erased(erasure: Erasure, changesets: Collection[Changeset] = ()) -> bool:
    """Whether all of it has been erased: nothing that it names has its salt any more."""
    said = [each for events in _streams(erasure).values() for each in events]
    positions = [
        position
        for position, event in said
        if erasure.has(event.branch, event.version)
        and isinstance(event, EntityCreated | EntityChanged | EntityRestored)
    ]
    of_events = EventRow.objects.filter(position__in=positions).exclude(salt=b"")
    return not of_events.exists() and not any(bytes(each.salt) for each in changesets)
