"""What has to be said so that the log's schema becomes another one.

Compared are the log's own last word and the kinds as they shall be. The operations of a
migration say what no comparison can tell: that what is gone and what is new are one, or that
what is called the same is another. Only the operations count, because they are what was done to
the rows; `former_names` is read by `makemigrations`, which writes them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any, Protocol

from versioning.entities.kinds import REFERENCES, DocumentField, Kind, kind_of
from versioning.schema.carrying import is_same
from versioning.schema.describing import meanings
from versioning.schema.events import (
    Carrying,
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
from versioning.schema.lines import Lines, retargeted
from versioning.schema.parts import part_changes

type SchemaChange = tuple[type[SchemaEvent], dict[str, Any]]
"""An event to come, before its place in the stream is known."""


@dataclass(frozen=True)
class ModelRename:
    before: str
    after: str


@dataclass(frozen=True)
class FieldRename:
    kind: str
    before: str
    after: str


@dataclass(frozen=True)
class KindRemoval:
    """A kind that goes before another gets its label."""

    kind: str


@dataclass(frozen=True)
class FieldRemoval:
    """A field that goes, perhaps before another gets its name."""

    kind: str
    field: str


@dataclass(frozen=True)
class FieldUpcast:
    """A field whose old values a registered function carries over."""

    kind: str
    field: str
    upcaster: str


@dataclass(frozen=True)
class PartRenames:
    """What parts of a field's items were called, each with its name from here on."""

    kind: str
    field: str
    names: Mapping[str, str]


Hint = ModelRename | FieldRename | KindRemoval | FieldRemoval | FieldUpcast | PartRenames


class Fills(Protocol):
    """What versions got where they had nothing, of a field that is new or was there before."""

    def __call__(self, kind: str, field: str, *, is_new: bool) -> Any: ...


def _nothing(kind: str, field: str, *, is_new: bool) -> Any:
    """For whoever compares without a migration."""
    return kind_of(kind).fields[field].blank if is_new else None


@dataclass
class _Known:
    """A kind as it is said so far."""

    table: str
    fields: dict[str, Meaning]
    parts: dict[str, Mapping[str, str]] = field(default_factory=dict)
    """By field: the parts of its items that are called otherwise from here on."""


class Differences:
    """The events, in order, that lead from the log's schema to the kinds that are wanted."""

    def __init__(
        self,
        lines: Lines,
        wanted: Mapping[str, Kind],
        *,
        among: Set[str] | None = None,
        hints: Sequence[Hint] = (),
        fills: Fills = _nothing,
        tables: Iterable[str] = (),
        settings: Mapping[str, str] | None = None,
    ) -> None:
        """`among` are the kinds that may change: all others stay as the log says.

        `tables` are those that stand: a kind that only a state forgot is not gone. `settings` are
        those of PostgreSQL under which values were cast.
        """
        self._wanted = {
            label: kind for label, kind in wanted.items() if among is None or label in among
        }
        self._unchanged = wanted.keys() - self._wanted.keys()
        self._hints = hints
        self._fills = fills
        self._settings = dict(settings or {})
        self._tables = frozenset(tables)
        self._known = {
            label: _Known(line.table, {n: w.line.meaning for n, w in line.fields.items()})
            for label, line in lines.now.items()
        }

    def __iter__(self) -> Iterator[SchemaChange]:
        for hint in self._hints:
            yield from self._hinted(hint)
        yield from self._with_other_tables()
        yield from self._moved()
        for label in sorted(self._known.keys() - self._wanted.keys() - self._unchanged):
            if self._known[label].table not in self._tables:
                del self._known[label]
                yield KindRemoved, {"kind": label}
        for label, kind in sorted(self._wanted.items()):
            if label in self._known:
                yield from self._fields(label, kind)
            elif kind.table not in {each.table for each in self._known.values()}:
                yield _declaration(label, kind)

    def _hinted(self, hint: Hint) -> Iterator[SchemaChange]:
        match hint:
            case ModelRename(before, after):
                if before in self._known and after not in self._known:
                    yield self._renamed(before, after)
            case KindRemoval(label):
                if self._known.pop(label, None):
                    yield KindRemoved, {"kind": label}
            case FieldRename(label, before, after):
                known = self._known.get(label)
                if known and before in known.fields and after not in known.fields:
                    known.fields[after] = known.fields.pop(before)
                    if before in known.parts:
                        known.parts[after] = known.parts.pop(before)
                    yield FieldRenamed, {"kind": label, "field": before, "to": after}
            case FieldRemoval(label, name):
                known = self._known.get(label)
                if known and known.fields.pop(name, None):
                    yield FieldRemoved, {"kind": label, "field": name}
            case PartRenames(label, name, names):
                if known := self._known.get(label):
                    known.parts[name] = names
            case FieldUpcast(label, name, _):
                known = self._known.get(label)
                if known and name in known.fields and label in self._wanted:
                    yield self._upcast(known, hint)

    def _upcast(self, known: _Known, hint: FieldUpcast) -> SchemaChange:
        meaning = meanings(self._wanted[hint.kind])[hint.field]
        known.fields[hint.field] = meaning
        return FieldChanged, {
            "kind": hint.kind,
            "field": hint.field,
            "meaning": meaning,
            "carrying": Carrying.UPCASTER,
            "upcaster": hint.upcaster,
        }

    def _with_other_tables(self) -> Iterator[SchemaChange]:
        """A kind that keeps its label and not its table, which may be another kind's then."""
        for label, kind in sorted(self._wanted.items()):
            if label in self._known and self._known[label].table != kind.table:
                yield self._renamed(label, label)

    def _moved(self) -> Iterator[SchemaChange]:
        """A kind whose table another label has now: it was moved to another app.

        For a while both labels may have it, until a later migration forgets the former one.
        """
        tables = {each.table: label for label, each in self._known.items()}
        for label, kind in sorted(self._wanted.items()):
            before = tables.get(kind.table)
            if label not in self._known and before in self._known:
                yield self._renamed(before, label)

    def _renamed(self, before: str, after: str) -> SchemaChange:
        known = self._known[after] = self._known.pop(before)
        if after in self._wanted:
            known.table = self._wanted[after].table
        for each in self._known.values():
            each.fields = {n: retargeted(m, before, after) for n, m in each.fields.items()}
        return KindRenamed, {"kind": before, "to": after, "table": known.table}

    def _fields(self, label: str, kind: Kind) -> Iterator[SchemaChange]:
        known, wanted = self._known[label].fields, meanings(kind)
        renames = self._known[label].parts
        for name in sorted(known.keys() - wanted.keys()):
            yield FieldRemoved, {"kind": label, "field": name}
        for name, meaning in wanted.items():
            said: dict[str, Any] = {"kind": label, "field": name, "meaning": meaning}
            fill = self._fills(label, name, is_new=name not in known)
            if name not in known:
                yield FieldAdded, {**said, "value": fill}
            elif parts := part_changes(
                f"{label}.{name}",
                kind.fields[name].model_field,
                known[name].parts,
                renames.get(name, {}),
            ):
                yield FieldChanged, {**said, "carrying": Carrying.PARTS, "parts": parts}
            elif fill is not None or _means_else(known[name], meaning, kind.fields[name]):
                carrying = _carrying(known[name].type, meaning.type)
                settings = self._settings if carrying is Carrying.CAST else {}
                yield (
                    FieldChanged,
                    {
                        **said,
                        "carrying": carrying,
                        "fill": fill,
                        "settings": settings,
                    },
                )


def _means_else(before: Meaning, after: Meaning, f: DocumentField) -> bool:
    is_blank_else = before.blank != after.blank and f.is_omitted_when_blank
    return before.type != after.type or before.parts != after.parts or is_blank_else


def _carrying(before: str, after: str) -> Carrying:
    if is_same(before, after):
        return Carrying.SAME
    if after == REFERENCES:
        return Carrying.LISTED
    if before == REFERENCES:
        return Carrying.FIRST
    return Carrying.CAST


def _declaration(label: str, kind: Kind) -> SchemaChange:
    return KindDeclared, {
        "kind": label,
        "table": kind.table,
        "fields": meanings(kind),
        "former": dict(kind.former_names),
    }
