"""The kinds as they were at a position, read off the log: whatever the models are called today.

    position   2               40              75       90
    log        item declared   size → width    merge    width removed

The merge at 75 was about items with a width. `reading_as(schema.kinds(…))` lets such kinds stand in
for those of the models, so that documents, lenses and the rules of merging are those of then.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import models

from eventstore.reading import Recorded
from eventstore.types import Position
from versioning.entities.historical import HistoricalModel
from versioning.entities.kinds import REFERENCES, DocumentField, Kind, kinds_by_label, reading_as
from versioning.entities.values import ValueField
from versioning.merge import Kind as MergeKind
from versioning.schema.carrying import Cast
from versioning.schema.events import KindDeclared, KindRenamed, Meaning
from versioning.schema.lines import KindLine, Lines
from versioning.schema.reading import Lenses, read_events

MergeKinds = Mapping[str, Mapping[str, MergeKind]]
"""By a kind's label: how its fields were merged. A field that is not told was one value."""

# Generic in Django's stubs alone: a project need not have them.
if TYPE_CHECKING:
    _Field = models.Field[Any, Any]
else:
    _Field = models.Field


class _PastColumn(ValueField, _Field):
    """A field of which the log tells no more than what PostgreSQL called its type."""

    def __init__(self, column_type: str) -> None:
        super().__init__(null=True)
        self._type = column_type

    def db_type(self, connection: Any) -> str:
        return self._type

    def to_python(self, value: Any) -> Any:
        return value

    def to_document(self, value: Any) -> Any:
        """A value as a row would give it back: 3.00 of a decimal, where an upcaster gave 3."""
        if self._type == REFERENCES or self._type.startswith("jsonb"):
            return value
        return Cast(self._type, self._type, {})(value)


@dataclass(frozen=True)
class PastField(DocumentField):
    """A field as it was: what the log says it meant, and how it was merged."""

    meaning: Meaning
    merging: MergeKind

    @cached_property
    def is_references(self) -> bool:
        return self.meaning.type == REFERENCES

    @cached_property
    def absent(self) -> Any:
        return self.meaning.blank

    @cached_property
    def column_type(self) -> str:
        return self.meaning.type

    @cached_property
    def merge_kind(self) -> MergeKind:
        return self.merging


@dataclass(frozen=True)
class PastKind(Kind):
    """A kind as it was: it may be called otherwise today, or be gone."""

    called: str = ""
    past_fields: Mapping[str, PastField] = field(default_factory=dict)

    @cached_property
    def label(self) -> str:
        return self.called

    @property
    def noun(self) -> str:
        return self.called.partition(".")[2]

    @cached_property
    def fields(self) -> Mapping[str, DocumentField]:
        return self.past_fields


class PastSchema:
    """What the kinds were at a position. Raises BrokenSchema."""

    def __init__(self, events: Sequence[Recorded]) -> None:
        self._lines = Lines(events)
        self.lenses = Lenses(self._lines)
        """Made when they are first asked for: inside `read_as`."""

    @contextmanager
    def read_as(self, merging: MergeKinds, now: "Schemas") -> Iterator[None]:
        """Inside the block the kinds are those of then; of branches, which are ours, today's.

        How fields were merged, the log does not say: whoever merged tells it. Of a kind that is
        not told it is guessed.
        """
        past = {
            label: self._kind(label, line, merging.get(label), now)
            for label, line in self._lines.now.items()
        }
        with reading_as({**past, **now.own}):
            yield

    def label_then(self, label: str, position: int) -> str | None:
        """What a kind was called then that an event names; None where it was gone."""
        return self._lines.label_today(label, position)

    def _kind(
        self, label: str, line: KindLine, told: Mapping[str, MergeKind] | None, now: "Schemas"
    ) -> Kind:
        fields = {
            name: PastField(
                name,
                name,
                _PastColumn(written.line.meaning.type),
                written.line.meaning,
                now.guess(label, name, written.line.meaning)
                if told is None
                else told.get(name, "scalar"),
            )
            for name, written in line.fields.items()
        }
        # There may be no such model any more, and nothing is asked of it.
        model: Any = HistoricalModel
        return PastKind(model, called=label, past_fields=fields)


class Schemas:
    """The schema at every position. Cost: one query; whoever asks in order has each made once."""

    def __init__(self) -> None:
        self._events = read_events()
        self._newest: tuple[int, PastSchema] | None = None
        self.own = {
            label: kind
            for label, kind in kinds_by_label().items()
            if kind.model._meta.app_label == _ENGINE
        }
        """The engine's own kinds, of today."""

    def at(self, position: Position) -> PastSchema:
        """What the log says of the time just before a position. Raises BrokenSchema."""
        told = [each for each in self._events if each.position < position]
        if self._newest is None or self._newest[0] != len(told):
            later = self._events[len(told) :]
            self._newest = len(told), PastSchema([*told, *_told_late(told, later)])
        return self._newest[1]

    def guess(self, label: str, name: str, meaning: Meaning) -> MergeKind:
        """How a field was merged, of which nobody told it: as today's of the name, or its type."""
        today = kinds_by_label().get(label)
        known = None if today is None else today.fields.get(name)
        if known is not None and known.column_type == meaning.type:
            return known.merge_kind
        if meaning.parts is not None:
            return {"kind": "list", "identity": "id"}
        return _BY_TYPE.get(meaning.type, "scalar")


_ENGINE = "versioning"
"""The app whose kinds are no project's."""

_BY_TYPE: dict[str, MergeKind] = {REFERENCES: "set", "text": "text", "jsonb": "map"}


def _told_late(told: Sequence[Recorded], later: Sequence[Recorded]) -> Iterator[Recorded]:
    """The first word about kinds of which nothing was said before.

    A log that is older than its schema tells it late: it counts from the beginning. A kind that
    is new has no entities before.
    """
    known = {label for each in told for label in _labels(each.event)}
    for each in later:
        labels = _labels(each.event)
        if isinstance(each.event, KindDeclared) and not known & labels:
            yield each
        known |= labels


def _labels(event: Any) -> set[str]:
    match event:
        case KindDeclared():
            return {event.kind}
        case KindRenamed():
            return {event.kind, event.to}
    return set()
