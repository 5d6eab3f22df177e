"""How many entities of each kind there are, so that no page has to count.

Main has its totals. A branch has what it differs by from where it reads on:
its parent at its base. So a branch's total is that of its parent there, and
this. An edit of main costs nothing but its row; an edit of a branch asks
whether the parent has the entity; a sync counts what the branch touched.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from eventstore.connection import server_cursor
from eventstore.integrity import Finding
from eventstore.reading import Recorded
from eventstore.sqlfiles import statement
from eventstore.types import Position
from projections.models import Total
from versioning.entities.kinds import Kind, kind_of, kinds
from versioning.events import (
    MAIN,
    EntityChanged,
    EntityCreated,
    EntityDeleted,
    EntityEvent,
    EntityRestored,
)
from versioning.models import Branch
from versioning.schema.differences import SchemaChange
from versioning.schema.events import KindRemoved, KindRenamed
from versioning.schema.lines import Lines
from versioning.schema.reading import read_lines
from versioning.viewpoints.chain import NoSuchBranch, resolve_number
from versioning.viewpoints.visibility import Link, SqlBranch

Counts = Counter[tuple[int, str]]
"""By branch and kind."""

_ON_MAIN: dict[type[EntityEvent], int] = {EntityCreated: 1, EntityRestored: 1, EntityDeleted: -1}

_ADD = statement(__file__, "add_totals")

_DIFFERENCES = statement(__file__, "total_differences")
_CHOSEN = statement(__file__, "chosen_entities")


class Totals:
    """The projection; its rows are `projections.models.Total`."""

    name = "totals"

    def apply(self, events: Sequence[Recorded]) -> None:
        """On main by what happened; on branches by what stands before and after."""
        added: Counts = Counter()
        touched: dict[int, dict[str, set[UUID]]] = defaultdict(lambda: defaultdict(set))
        moved: set[int] = set()
        of_entities = [each for each in events if isinstance(each.event, EntityEvent)]
        lines = read_lines() if of_entities else Lines()
        for recorded in of_entities:
            event = recorded.event
            assert isinstance(event, EntityEvent)
            label = lines.label_today(event.kind, recorded.position)
            if label is None:
                continue
            if event.branch != MAIN:
                touched[event.branch][label].add(event.entity_id)
                continue
            added[MAIN, label] += _ON_MAIN.get(type(event), 0)
            if isinstance(event, EntityChanged) and "base_position" in event.changes:
                moved.add(Branch.every.values_list("number", flat=True).get(pk=event.entity_id))
        before, upto = Position(events[0].position - 1), events[-1].position
        for branch in moved:
            added.update(_differences(branch, upto))
            added.subtract(_differences(branch, before))
        for branch in touched.keys() - moved:
            added.update(_differences(branch, upto, touched[branch]))
            added.subtract(_differences(branch, before, touched[branch]))
        _add(added)

    def rebuild(self, upto: Position) -> None:
        """By counting: nothing of the log is read."""
        Total.objects.all().delete()
        _add(_counted(upto))

    def verify(self, at: Position) -> Iterator[Finding]:
        """Every total against a count of the version tables at the position."""
        held = {(row.branch, row.kind): row.count for row in Total.objects.all()}
        wanted = _counted(at)
        for branch, label in sorted(held.keys() | wanted.keys()):
            count, right = held.get((branch, label), 0), wanted[branch, label]
            if count != right:
                yield Finding(
                    f"projections_total: {label} on branch {branch}",
                    f"says {count} at position {at}, where the log leads to {right}.",
                )


def carry_totals(changes: Iterable[SchemaChange]) -> None:
    """Kinds that are called otherwise keep their totals; those of kinds that are gone go too."""
    for event, content in changes:
        totals = Total.objects.filter(kind=content["kind"])
        if event is KindRenamed:
            totals.update(kind=content["to"])
        elif event is KindRemoved:
            totals.delete()


@dataclass(frozen=True)
class TotalsOfMain:
    """What main's head holds, by kind, counted up to a position; `is_behind` while that is past."""

    counts: Mapping[str, int]
    position: Position
    is_behind: bool


_OF_MAIN = statement(__file__, "totals_of_main")


def totals_of_main() -> TotalsOfMain | None:
    """How many there are, or None where nobody has counted yet. Cost: one query, no counting."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_MAIN, [Totals.name, MAIN])
        rows = cursor.fetchall()
    if not rows:
        return None
    _, _, position, end = rows[0]
    counts = {kind: count for kind, count, _, _ in rows}
    return TotalsOfMain(counts, Position(position), is_behind=position < end)


def _add(added: Counts) -> None:
    rows = [(branch, kind, count) for (branch, kind), count in sorted(added.items()) if count]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_ADD, [list(column) for column in zip(*rows, strict=True)])


def _counted(at: Position) -> Counts:
    """All totals by counting. Cost: what is on main, and what branches touched."""
    has_versions = " OR ".join(
        f"EXISTS (SELECT FROM {kind.versions} AS v WHERE v.branch_number = b.number)"
        for kind in kinds()
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT number FROM {kind_of(Branch).head} AS b WHERE {has_versions} ORDER BY number"
        )
        branches = [number for (number,) in cursor.fetchall()]
    counted: Counts = Counter()
    for branch in branches:
        counted.update(_differences(branch, at))
    return counted


def _differences(
    branch: int, at: Position, entities: Mapping[str, Collection[UUID]] | None = None
) -> Counts:
    """How many more entities a branch has than it inherits; of main, how many there are.

    Of all kinds, or of some entities by their kind. Cost: at most three queries.
    """
    inherited: Sequence[Link] = ()
    with suppress(NoSuchBranch):  # it was not forked yet, and has no versions either
        inherited = resolve_number(branch, at).chain[1:]
    asked: dict[str, Any] = {
        "branch": branch,
        "position": at,
        "branches": [number for number, _ in inherited],
        "positions": [position for _, position in inherited],
    }
    if entities is None:
        counts = [difference_statement(kind) for kind in kinds()]
    else:
        asked |= {label: list(chosen) for label, chosen in entities.items()}
        counts = [difference_statement(kind_of(label), is_chosen=True) for label in entities]
    with server_cursor() as cursor:
        cursor.execute(" UNION ALL ".join(counts), asked, prepare=entities is None)
        return Counter({(branch, label): count for label, count in cursor.fetchall() if count})


def difference_statement(kind: Kind, *, is_chosen: bool = False) -> str:
    """The statement that counts for a kind; of some entities, the parameter is the kind's label."""
    return _DIFFERENCES.format(
        label=kind.label,
        versions=kind.versions,
        own_holds=SqlBranch("%(branch)s", "%(position)s").holds("own"),
        inherited_holds=SqlBranch("c.branch", "c.position").holds("v"),
        chosen=_CHOSEN.format(label=kind.label) if is_chosen else "",
    )
