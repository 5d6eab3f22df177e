"""The events of the schema, folded: what every kind and every field was, when.

A field is followed through time, whatever it was called and of whatever type:

    position   2          40             75              90
    kind       declared   size → width   int → decimal   today
    the line   "size"     "width"        cast            "width"

An event at position 50 says `width: 3`; its line leads on through a cast to "3.00".
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from eventstore.errors import Refusal
from eventstore.reading import Recorded
from eventstore.types import BEGINNING, Position
from versioning.schema.carrying import Carry, carry_of
from versioning.schema.events import (
    FieldAdded,
    FieldChanged,
    FieldRemoved,
    FieldRenamed,
    KindDeclared,
    KindRemoved,
    KindRenamed,
    Meaning,
    SchemaEvent,
)

FOR_EVER = 2**63 - 1
"""Beyond every position."""


class BrokenSchema(Refusal):
    """An event of the schema does not fit what the log said before it."""

    code = "broken-schema"
    status = 500
    hint = "Look for what was lost: `manage.py audit` reads the log from its beginning."


@dataclass(eq=False)
class FieldLine:
    """One field from its adding to its removal."""

    name: str | None
    """Its name of today; None where it is gone."""
    meaning: Meaning
    carries: list[Carry] = field(default_factory=list)
    """What was done to its values since it was there, oldest first."""

    def carried(self, value: Any, since: int) -> Any:
        """A value that was written after so many of the carries, as it is today."""
        for carry in self.carries[since:]:
            value = carry(value)
        return value


@dataclass(frozen=True)
class FieldOfEpoch:
    """A field as the events of one epoch write it."""

    line: FieldLine
    blank: Any
    carries_before: int


@dataclass(frozen=True)
class Addition:
    """A field that came later: what every version that stood already has in it."""

    line: FieldLine
    value: Any
    carries_before: int = 0


@dataclass(frozen=True)
class Epoch:
    """From a position on: the fields of a kind by name."""

    since: Position
    fields: dict[str, FieldOfEpoch]


@dataclass(eq=False)
class KindLine:
    """One kind from its declaration to its removal."""

    label: str | None
    """Its label of today; None where it is gone."""
    table: str
    former: dict[str, str]
    epochs: list[Epoch]
    additions: list[Addition] = field(default_factory=list)

    def epoch(self, position: int) -> int:
        """The number of the epoch that an event at a position was written in.

        The first epoch reaches back to the beginning: a log tells its schema late, once.
        """
        return max(bisect_right(self.epochs, position, key=_since) - 1, 0)

    @property
    def fields(self) -> dict[str, FieldOfEpoch]:
        """The fields as they are now."""
        return self.epochs[-1].fields


def _since(epoch: Epoch) -> Position:
    return epoch.since


class Lines:
    """Every kind that the log ever declared, by every label that it had."""

    def __init__(self, events: Iterable[Recorded] = ()) -> None:
        self.version = 0
        """How many events of the schema were folded."""
        self.now: dict[str, KindLine] = {}
        """The kinds of today, by label."""
        self._labelled: dict[str, list[tuple[Position, KindLine]]] = {}
        for recorded in events:
            assert isinstance(recorded.event, SchemaEvent)
            self._take(recorded.position, recorded.event)

    def kind_line(self, label: str, position: int) -> KindLine | None:
        """The kind that a label meant at a position; None where the log never declared it."""
        labelled = self._labelled.get(label)
        if not labelled:
            return None
        place = bisect_right(labelled, position, key=lambda each: each[0]) - 1
        return labelled[max(place, 0)][1]

    def label_today(self, label: str, position: int) -> str | None:
        """What the kind is called now that a label meant at a position; None: it is gone."""
        line = self.kind_line(label, position)
        return label if line is None else line.label

    def next_label(self, label: str, position: int) -> int:
        """The position from which a label means another kind than at this one."""
        later = (at for at, _ in self._labelled.get(label, ()) if at > position)
        return next(later, FOR_EVER)

    def _take(self, position: Position, event: SchemaEvent) -> None:
        self.version += 1
        match event:
            case KindDeclared():
                self._declare(position, event)
            case KindRenamed():
                line = self._known(position, event.kind)
                del self.now[event.kind]
                line.label, line.table = event.to, event.table
                self._label(position, event.to, line)
                self._retarget(event.kind, event.to)
            case KindRemoved():
                self._known(position, event.kind).label = None
                del self.now[event.kind]
            case FieldAdded() | FieldRenamed() | FieldRemoved() | FieldChanged():
                line = self._known(position, event.kind)
                fields = dict(line.fields)
                _change_field(line, fields, position, event)
                line.epochs.append(Epoch(position, fields))

    def _retarget(self, before: str, after: str) -> None:
        """What items name is called otherwise."""
        for line in self.now.values():
            for written in line.fields.values():
                written.line.meaning = retargeted(written.line.meaning, before, after)

    def _declare(self, position: Position, event: KindDeclared) -> None:
        fields = {
            name: FieldOfEpoch(FieldLine(name, meaning), meaning.blank, 0)
            for name, meaning in event.fields.items()
        }
        line = KindLine(event.kind, event.table, event.former, [Epoch(position, fields)])
        self._label(position, event.kind, line)

    def _label(self, position: Position, label: str, line: KindLine) -> None:
        self.now[label] = line
        known = self._labelled.setdefault(label, [])
        # What was said under a label before anything was declared, the first kind said.
        known.append((position if known else BEGINNING, line))

    def _known(self, position: Position, label: str) -> KindLine:
        try:
            return self.now[label]
        except KeyError:
            raise BrokenSchema(
                f"The event at position {position} speaks of the kind {label!r}, which the log "
                "did not declare before it."
            ) from None


def retargeted(meaning: Meaning, before: str, after: str) -> Meaning:
    """A field's meaning, after a kind that its items name got another label."""
    if not meaning.parts or all(part.target != before for part in meaning.parts.values()):
        return meaning
    parts = {
        name: part.model_copy(update={"target": after}) if part.target == before else part
        for name, part in meaning.parts.items()
    }
    return meaning.model_copy(update={"parts": parts})


def _change_field(
    line: KindLine,
    fields: dict[str, FieldOfEpoch],
    position: Position,
    event: FieldAdded | FieldRenamed | FieldRemoved | FieldChanged,
) -> None:
    if isinstance(event, FieldAdded):
        added = FieldLine(event.field, event.meaning)
        fields[event.field] = FieldOfEpoch(added, event.meaning.blank, 0)
        line.additions.append(Addition(added, event.value))
        return
    if event.field not in fields:
        raise BrokenSchema(
            f"The event at position {position} speaks of the field {event.field!r} of "
            f"{event.kind}, which the log did not name before it."
        )
    written = fields.pop(event.field)
    known = written.line
    match event:
        case FieldRenamed():
            known.name = event.to
            fields[event.to] = written
        case FieldRemoved():
            known.name = None
        case FieldChanged():
            carry = carry_of(event, known.meaning)
            known.meaning = event.meaning
            if carry is not None:
                known.carries.append(carry)
            fields[event.field] = FieldOfEpoch(known, event.meaning.blank, len(known.carries))


def additions_by_name(line: KindLine, written: Sequence[FieldLine]) -> dict[str, Addition]:
    """The fields of today that events do not know which write those lines, by name."""
    known = set(map(id, written))
    return {
        addition.line.name: addition
        for addition in line.additions
        if addition.line.name is not None and id(addition.line) not in known
    }
