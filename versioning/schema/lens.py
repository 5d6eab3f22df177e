"""A lens: how an event of a kind, of any time, is read as a document of today."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from eventstore.errors import Refusal
from eventstore.types import BEGINNING
from versioning.entities import deltas
from versioning.entities.kinds import Document, Kind
from versioning.schema.carrying import (
    Carry,
    Cast,
    UncarriedValue,
    cast_in,
    settled,
    shown,
    upcaster_in,
)
from versioning.schema.describing import meanings
from versioning.schema.lines import (
    Addition,
    Epoch,
    FieldLine,
    FieldOfEpoch,
    KindLine,
    additions_by_name,
)


class SchemaMismatch(Refusal):
    """The log and the code do not mean the same fields."""

    code = "schema-mismatch"
    status = 503
    hint = "Run `manage.py makemigrations` and `manage.py migrate`, or the code that fits."

    def __init__(self, kind: str, field: str) -> None:
        super().__init__(f"The log does not know the field {field!r} of {kind} that the code has.")


class Lens:
    """Reads the events of a kind that were written in one epoch.

    A text whose type changed since is kept as it was written too, beside its value of today:
    what was edited of it then applies to that. Such names are no field's (`body@0`).
    """

    def __init__(self, kind: Kind, line: KindLine, epoch: Epoch) -> None:
        self.kind = kind
        self._fields = epoch.fields
        self._former = line.former
        lines = [written.line for written in epoch.fields.values()]
        self._additions = additions_by_name(line, lines)
        self._names = {each.line.name: name for name, each in epoch.fields.items()}
        self._is_plain = (
            not self._additions
            and self._names == {name: name for name in kind.fields}
            and all(len(each.line.carries) == each.carries_before for each in epoch.fields.values())
        )
        """Nothing changed since: what an event says is what it means."""
        self._blank = {name: each.blank for name, each in epoch.fields.items()}
        self._casts = {
            id(each): casts for each in epoch.fields.values() if (casts := list(_first_casts(each)))
        }

    @property
    def has_casts(self) -> bool:
        """Whether PostgreSQL is asked for values."""
        return bool(self._casts)

    def name_today(self, name: str) -> str | None:
        """What a field of an event is called today; None for one that is gone, or never was."""
        written = self._written(name)
        return None if written is None else written.line.name

    def prepare(self, contents: Iterable[Mapping[str, Any]]) -> None:
        """Have PostgreSQL cast all that these events say, in a query for each cast of a field."""
        told: dict[int, list[Any]] = {field: [] for field in self._casts}
        for content in contents:
            for name, value in (content.get("document") or content.get("changes", {})).items():
                if (field := id(self._written(name))) in told:
                    told[field].append(value)
        for field, values in told.items():
            *first, (_, last) = self._casts[field]
            for carry, cast in first:
                cast.learn(values)
                values = list(_carried(carry, values))
            last.learn(values)

    def created(self, document: Mapping[str, Any]) -> Document:
        """The whole document of an event that creates an entity, or of a snapshot."""
        if self._is_plain and document.keys() <= self._fields.keys():
            return {name: document.get(name, self._blank[name]) for name in self.kind.fields}
        told: Document = {}
        for name, value in document.items():
            self._tell(told, name, value)
        for name in self.kind.fields:
            if name not in told:
                self._fill(told, name)
        return told

    def changed(self, content: Mapping[str, Any], before: Document) -> Document:
        """The fields that an event changes, with their values after it; it created nothing."""
        changes, encoded = content.get("changes", {}), content.get("deltas", {})
        if self._is_plain and changes.keys() | encoded.keys() <= self._fields.keys():
            if not encoded:
                return dict(changes)
            texts = {name: deltas.apply(before[name], delta) for name, delta in encoded.items()}
            return {**changes, **texts}
        told: Document = {}
        for name, value in changes.items():
            self._tell(told, name, value)
        for name, delta in encoded.items():
            written = self._written(name)
            if written is not None and written.line.name is not None:
                self._tell(told, name, deltas.apply(before[_key(written)], delta))
        return told

    def _written(self, name: str) -> FieldOfEpoch | None:
        return self._fields.get(name) or self._fields.get(self._former.get(name, name))

    def _tell(self, told: Document, name: str, value: Any) -> None:
        """Add a value under its name of today, and the texts that it was on the way."""
        written = self._written(name)
        if written is None or written.line.name is None:
            return
        _carry(told, self.kind, written, value)

    def _fill(self, told: Document, name: str) -> None:
        """Add what an event means that does not mention a field of today."""
        if name in self._additions:
            _carry(told, self.kind, self._additions[name], self._additions[name].value)
        elif name in self._names:
            written = self._fields[self._names[name]]
            _carry(told, self.kind, written, written.blank)
        else:
            raise SchemaMismatch(self.kind.label, name)


def _carried(carry: Carry, values: Iterable[Any]) -> Iterator[Any]:
    """The values after a carry; of what it does not take is told with the event that says it."""
    for value in values:
        with suppress(ValueError):
            yield carry(value)


def _first_casts(written: FieldOfEpoch) -> Iterator[tuple[Carry, Cast]]:
    """The casts that values of an epoch meet before anything else, of a field of today."""
    if written.line.name is not None:
        for carry in written.line.carries[written.carries_before :]:
            if (cast := cast_in(carry)) is None:
                return
            yield carry, cast


def lens_of_today(kind: Kind) -> Lens:
    """For a kind that the log does not declare: its events are read by the code's fields."""
    fields = {
        name: FieldOfEpoch(FieldLine(name, meaning), meaning.blank, 0)
        for name, meaning in meanings(kind).items()
    }
    line = KindLine(kind.label, kind.table, dict(kind.former_names), [Epoch(BEGINNING, fields)])
    return Lens(kind, line, line.epochs[0])


def _key(written: FieldOfEpoch) -> str:
    """Where in a document the text stands that an event of the epoch edits."""
    name = written.line.name
    assert name is not None
    if written.carries_before == len(written.line.carries):
        return name
    return f"{name}@{written.carries_before}"


def _carry(told: Document, kind: Kind, written: FieldOfEpoch | Addition, value: Any) -> None:
    """Add a value under its name of today. Raises UncarriedValue."""
    name, carries = written.line.name, written.line.carries
    assert name is not None
    was = value
    try:
        for number in range(written.carries_before, len(carries)):
            if isinstance(value, str):
                told[f"{name}@{number}"] = value
            value = carries[number](value)
    except ValueError as error:
        raise UncarriedValue(kind.label, name, was, str(error)) from error
    if len(carries) > written.carries_before:
        value = _settled(kind, name, was, value, carries[-1])
    told[name] = value


def _settled(kind: Kind, name: str, was: Any, value: Any, last: Carry) -> Any:
    """A value as its field of today keeps it; `last` is what gave it. Raises UncarriedValue."""
    try:
        return settled(kind.fields[name].model_field, value)
    except ValueError as error:
        upcaster = upcaster_in(last)
        by = f" by the upcaster {upcaster!r}" if upcaster else ""
        raise UncarriedValue(
            kind.label, name, was, f"becomes {shown(value)}{by}, {error}"
        ) from error


def without_history(document: Document) -> Document:
    """A document without the texts that it keeps of what its fields were."""
    return {name: value for name, value in document.items() if "@" not in name}
