"""The projection: an entry for every version whose searched content differs from the one before.

Entries are made from version rows, which stand as soon as an event does. An
edit that changes nothing that is searched prolongs the entry; a tombstone has
an entry too, so that it hides what a branch inherits.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from eventstore.integrity import Finding
from eventstore.models import Changeset
from eventstore.reading import Recorded, last_position
from eventstore.sqlfiles import statement
from eventstore.types import BEGINNING, Position
from projections.following.followed import LogTracking, tracked
from projections.models import Tracking
from projections.populated import populated
from projections.search import columns
from projections.search.columns import COLUMNS, entries, joined
from projections.search.searched import Searched, searched_kinds
from versioning.entities.kinds import Kind
from versioning.entities.tables import OPEN
from versioning.events import EntityEvent

TABLE = "public.projections_searchentry"
_REPLAYED = "replayed_searchentry"

_ISLANDS = statement(__file__, "islands")

_KEEP = statement(__file__, "keep")
_SHOWN = """shown JOIN {versions} AS v ON v.entity_id = shown.entity_id
   AND v.branch_number = shown.branch AND v.valid_from = shown.valid_from"""

_APPLY = statement(__file__, "apply")

_REPLAY = statement(__file__, "replay").replace("{chosen}", "")
_REPLAY_ENTITY = statement(__file__, "replay").replace("{chosen}", "AND v.entity_id = %(entity)s")

_SAME_KEY = "a.entity_id = b.entity_id AND a.branch = b.branch AND a.valid_from = b.valid_from"
_DIFFERENT = "different_searchentry"
_DIFFERENCES = statement(__file__, "differences").format(
    table=TABLE,
    replayed=_REPLAYED,
    of_a=joined(COLUMNS[3:], "a"),
    of_b=joined(COLUMNS[3:], "b"),
)


class SearchEntries:
    """The projection; its rows are `projections.models.SearchEntry`."""

    name = "search"

    def apply(self, events: Sequence[Recorded]) -> None:
        """One statement for each kind that the events are about."""
        touched: dict[str, list[tuple[Any, int, int]]] = defaultdict(list)
        for recorded in events:
            event = recorded.event
            if isinstance(event, EntityEvent):
                touched[event.kind].append((event.entity_id, event.branch, recorded.position))
        for kind, how in searched_kinds():
            if kind.label in touched:
                entities, branches, positions = zip(*touched[kind.label], strict=True)
                _run(
                    _statement(_APPLY, kind, how, "fresh"),
                    {"entities": list(entities), "branches": list(branches),
                     "positions": list(positions), "upto": events[-1].position},
                )  # fmt: skip

    def rebuild(self, upto: Position) -> None:
        """From the version tables; where something is held already, the differences alone.

        Cost: 0.3 ms for each version, beside what has to be written.
        """
        if _run(f"SELECT 1 FROM {TABLE} LIMIT 1"):
            self._mend(upto)
        else:
            _replay(TABLE, upto)
        _run(f"ANALYZE {TABLE}")

    def renew(self, kind: Kind, entity_id: UUID) -> None:
        """Make the entries of one entity anew, as far as the log has been followed."""
        for searched, how in searched_kinds():
            if searched.label == kind.label:
                parameters = {"entity": entity_id, "upto": tracked(self.name)}
                _run(f"DELETE FROM {TABLE} WHERE entity_id = %(entity)s", parameters)
                of_entity = _statement(_REPLAY_ENTITY, searched, how, "island")
                _run(of_entity, parameters)

    def _mend(self, upto: Position) -> None:
        with _replayed(upto):
            _run(f"CREATE TEMPORARY TABLE {_DIFFERENT} ON COMMIT DROP AS {_DIFFERENCES}")
            _run(f"DELETE FROM {TABLE} AS a USING {_DIFFERENT} AS b WHERE {_SAME_KEY} AND is_held")
            _run(
                f"INSERT INTO {TABLE} ({joined()}) SELECT {joined(row='a')}"
                f"  FROM {_REPLAYED} AS a JOIN {_DIFFERENT} AS b ON {_SAME_KEY}"
            )
            _run(f"DROP TABLE {_DIFFERENT}")

    def verify(self, at: Position) -> Iterator[Finding]:
        """Every entry beside one that is made anew from the version tables."""
        with _replayed(at):
            differing = _run(f"{_DIFFERENCES} ORDER BY kind, entity_id, branch, valid_from")
        for entity_id, branch, valid_from, label, is_held, is_wanted in differing:
            what = "differs from what the log leads to" if is_held else "is missing"
            yield Finding(
                f"projections_searchentry: {label} {entity_id} on branch {branch}",
                f"{what if is_wanted else 'follows from nothing'}, from position {valid_from} on.",
            )


def renew_after_migrating(sender: Any, **_: Any) -> None:
    """Make all entries anew where what is searched of some kind has changed."""
    if sender.label != "projections" or not _tables_exist() or _made_digest() == columns.digest():
        return
    with transaction.atomic():
        _run(f"LOCK TABLE {Tracking._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
        Tracking.objects.filter(pk=SearchEntries.name).delete()
        end = last_position()
        _run(f"DELETE FROM {TABLE}")  # nothing of it would stay
        SearchEntries().rebuild(end)
        if end != BEGINNING:
            LogTracking().track(SearchEntries.name, end)
        _run(f"COMMENT ON TABLE {TABLE} IS '{columns.digest()}'")


def capped(valid_to: str) -> str:
    """SQL of a version's end as it was seen at the position `upto`."""
    return f"CASE WHEN {valid_to} > %(upto)s THEN {OPEN} ELSE {valid_to} END"


def _statement(statement: str, kind: Kind, how: Searched, island: str, table: str = TABLE) -> str:
    """A statement for a kind; `island` are the rows of it that become entries."""
    keep = _KEEP.strip().format(
        island=island,
        entries=entries(kind, how, _SHOWN.format(versions=kind.versions)),
        table=table,
        columns=joined(),
        of_island=joined(COLUMNS[:4], "island"),
        of_content=joined(COLUMNS[4:], "told"),
    )
    return statement.format(
        table=table,
        open=OPEN,
        versions=kind.versions,
        capped=capped("v.valid_to"),
        content=columns.content_of(kind, how),
        islands=_ISLANDS.strip(),
        keep=keep,
    )


@contextmanager
def _replayed(upto: Position) -> Iterator[None]:
    """All entries at a position, in a table of this session, for as long as the block lasts."""
    with transaction.atomic():
        _run(f"CREATE TEMPORARY TABLE {_REPLAYED} (LIKE {TABLE}) ON COMMIT DROP")
        # They are read once: to compress them would take longer than that.
        for column in ("folded", "called", "words"):
            _run(f"ALTER TABLE {_REPLAYED} ALTER {column} SET STORAGE EXTERNAL")
        _replay(_REPLAYED, upto)
        _run(f"ANALYZE {_REPLAYED}")
        yield
        _run(f"DROP TABLE {_REPLAYED}")


def _replay(table: str, upto: Position) -> None:
    held = populated(kind.versions for kind, _ in searched_kinds())
    for kind, how in searched_kinds():
        if kind.versions in held:
            _run(_statement(_REPLAY, kind, how, "island", table), {"upto": upto})


def _run(statement: str, parameters: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall() if cursor.description else []
    return rows


def _tables_exist() -> bool:
    wanted = {kind.version_table for kind, _ in searched_kinds()}
    wanted |= {TABLE.removeprefix("public."), Changeset._meta.db_table}
    return wanted <= set(connection.introspection.table_names())


def _made_digest() -> str | None:
    ((made,),) = _run(f"SELECT obj_description('{TABLE}'::regclass, 'pg_class')")
    return None if made is None else str(made)
