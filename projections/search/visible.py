"""The entries that a viewpoint shows: those that are kept, and those that are too new to be.

The table follows the log a moment behind. What happened since is few events:
their entities' entries are made on the spot from the version rows, and so are
those of a merge that is only previewed.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection

from eventstore import reading
from eventstore.reading import Recorded
from eventstore.sqlfiles import statement
from eventstore.types import Position
from projections.search.columns import COLUMNS, entries, fold, joined
from projections.search.entries import TABLE, SearchEntries
from projections.search.searched import searched_kinds
from versioning.entities.tables import LATEST
from versioning.events import EntityEvent
from versioning.viewpoints.visibility import Link, SqlNumbers

MOST_BEHIND = 300
"""Events that are read at once because the table does not have them yet."""

Touched = dict[str, list[tuple[UUID, int, Position]]]
"""By kind, what happened since: entity, branch, and where in the log."""

_STATE = statement(__file__, "state")


@dataclass(frozen=True)
class Visible:
    """SQL of a viewpoint's entries: `source` is what to put after FROM, `holds` what they fulfil.

    `with_sql` begins the statement. `known_upto` is a position before the
    viewpoint's, where the table is too far behind to be helped.
    """

    chain: Sequence[Link]
    with_sql: str
    source: str
    parameters: dict[str, Any]
    folded: list[str]
    known_upto: Position | None

    @property
    def _sql(self) -> SqlNumbers:
        return SqlNumbers(self.chain, branch_column="branch")

    def holds(self, row: str) -> str:
        """The entry is what the chain shows, and is no tombstone."""
        return f"NOT {row}.deleted AND {self._sql.is_shown(row, self.source)}"

    def held_once(self, row: str) -> str:
        """The entry is, or was before, valid on a branch of the chain, and may be read."""
        return f"{self._sql.lies_behind(row)} AND NOT {self._sql.began_suppressed(row)}"

    def is_over(self, row: str) -> str:
        """Another entry may have taken its place: it has ended, or a nearer branch has its own."""
        ended = self._sql.has_ended(row)
        if len(self.chain) == 1:
            return ended
        nearer = ", ".join(str(branch) for branch, _ in self.chain[:-1])
        return (
            f"({ended} OR {row}.entity_id IN (SELECT own.entity_id FROM {self.source} AS own"
            f" WHERE own.branch IN ({nearer})))"
        )


def visible_at(chain: Sequence[Link], texts: Sequence[str] = ()) -> Visible:
    """What a chain shows, and some texts folded by the way.

    Cost: one query; where the table is behind also the events since, and the
    versions that they led to.
    """
    behind, latest, folded = _state(chain, texts)
    since = _since(behind, latest) if behind < latest else []
    is_too_far = len(since) > MOST_BEHIND
    touched = {} if is_too_far else _touched(since, {branch for branch, _ in chain})
    known_upto = behind if is_too_far else None
    with_sql, parameters = _fresh(chain, touched)
    source = f"({_NEWEST})" if with_sql else TABLE
    return Visible(chain, with_sql, source, parameters, folded, known_upto)


_FRESH = statement(__file__, "fresh")
_NEWEST = statement(__file__, "newest").format(
    table=TABLE,
    kept=joined(COLUMNS, "kept").replace(
        "kept.valid_to", "least(kept.valid_to, touched.position) AS valid_to"
    ),
    fresh=joined(),
)

_HAPPENED = statement(__file__, "happened")


def _state(chain: Sequence[Link], texts: Sequence[str]) -> tuple[Position, Position, list[str]]:
    """How far the table has come, where the chain ends; and the texts, folded."""
    branches, positions = zip(*((b, p) for b, p in chain if b > 0), strict=True)
    asked: dict[str, Any] = {
        "name": SearchEntries.name,
        "latest": LATEST,
        "branches": list(branches),
        "positions": list(positions),
        "texts": list(texts),
    }
    with connection.cursor() as cursor:
        cursor.execute(_STATE.format(folded=fold("text")), asked)
        behind, end, folded = cursor.fetchone()
    return Position(behind or 0), Position(end or 0), folded


def _since(after: Position, upto: Position) -> list[Recorded]:
    """What the table does not have yet; no more of it than tells that it is too much."""
    return list(islice(reading.forward(after, upto=upto, page=MOST_BEHIND + 1), MOST_BEHIND + 1))


def _touched(events: Sequence[Recorded], branches: set[int]) -> Touched:
    touched: Touched = defaultdict(list)
    for recorded in events:
        event = recorded.event
        if isinstance(event, EntityEvent) and event.branch in branches:
            touched[event.kind].append((event.entity_id, event.branch, recorded.position))
    return touched


def _fresh(chain: Sequence[Link], touched: Touched) -> tuple[str, dict[str, Any]]:
    """The WITH clause of entries that are made on the spot; nothing where none are."""
    preview = [branch for branch, _ in chain if branch < 0]
    selects = []
    for kind, how in searched_kinds():
        if kind.label in touched:
            selects.append(entries(kind, how, _HAPPENED.format(versions=kind.versions)))
        # A merge that is previewed has rows in this transaction alone, and no events.
        selects += [
            entries(kind, how, f"{kind.versions} AS v WHERE v.branch_number = {branch}")
            for branch in preview
        ]
    if not selects:
        return "", {}
    happened = [each for kind, _ in searched_kinds() for each in touched.get(kind.label, ())]
    return _FRESH.format(fresh=" UNION ALL ".join(selects)), {
        "entities": [entity_id for entity_id, _, _ in happened],
        "branches": [branch for _, branch, _ in happened],
        "positions": [position for _, _, position in happened],
    }
