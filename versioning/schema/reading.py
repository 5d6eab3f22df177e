"""The schema as the log tells it, read when first asked for and kept while it stays the same."""

from uuid import UUID

from eventstore.connection import server_cursor
from eventstore.mapper import to_event
from eventstore.reading import Recorded
from eventstore.sqlfiles import statement
from eventstore.types import Position
from versioning.entities.kinds import Kind, kind_of
from versioning.schema.events import SCHEMA_STREAM
from versioning.schema.lens import Lens, lens_of_today
from versioning.schema.lines import FOR_EVER, KindLine, Lines

_EVENTS = statement(__file__, "schema_events")


def read_lines() -> Lines:
    """Every kind that the log declares. Cost: that of `read_events`."""
    return Lines(read_events())


def read_events() -> list[Recorded]:
    """All that the log says of kinds and fields, in its order. Cost: one query, and those."""
    with server_cursor() as cursor:
        cursor.execute(_EVENTS, [SCHEMA_STREAM], prepare=True, binary=True)
        rows = cursor.fetchall()
    return [
        Recorded(Position(position), to_event(UUID(str(stream)), version, topic, state))
        for position, stream, version, topic, state in rows
    ]


class Lenses:
    """The lens for each event: one is made for each epoch of a kind."""

    def __init__(self, lines: Lines | None = None) -> None:
        self._lines = read_lines() if lines is None else lines
        self._made: dict[tuple[int, int], Lens | None] = {}
        self._last: dict[str, tuple[int, int, Lens | None]] = {}
        self.has_carries = any(
            written.line.carries
            for kind in self._lines.now.values()
            for written in kind.fields.values()
        )
        """Whether any value of any field was ever carried over to what it means today."""

    def at(self, label: str, position: int) -> Lens | None:
        """The lens for an event of a kind at a position; None where the kind is gone since.

        Raises UnknownKind for a kind that neither the log nor the code has.
        """
        known = self._last.get(label)
        if known is not None and known[0] <= position < known[1]:
            return known[2]
        since, upto, lens = self._find(label, position)
        self._last[label] = (since, upto, lens)
        return lens

    def _find(self, label: str, position: int) -> tuple[int, int, Lens | None]:
        line = self._lines.kind_line(label, position)
        if line is None:
            return 0, FOR_EVER, lens_of_today(kind_of(label))
        number = line.epoch(position)
        made = (id(line), number)
        if made not in self._made:
            self._made[made] = _lens(line, number)
        is_last = number + 1 == len(line.epochs)
        upto = FOR_EVER if is_last else line.epochs[number + 1].since
        return position, min(upto, self._lines.next_label(label, position)), self._made[made]


def _lens(line: KindLine, number: int) -> Lens | None:
    if line.label is None:
        return None
    kind: Kind = kind_of(line.label)
    return Lens(kind, line, line.epochs[number])
