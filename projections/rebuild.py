"""Rebuild every projection from the log: beside the live tables, then the differences.

Readers go on meanwhile. Writers wait only while the differences are applied.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from eventstore import log, reading
from eventstore.busy import holding_without_end
from projections import expected
from projections.differences import COPIES, differing, is_missing, prepare, worth_comparing
from projections.following.rebuilding import rebuild_followed
from projections.names import quoted, unlike
from projections.replay import OneEntity, Replay
from projections.shadow import ShadowTables
from projections.shares import replayed
from projections.suppressed import rebuild_suppressed
from versioning.entities.kinds import Kind, head_relation, kinds
from versioning.schema.missing import require_all_kinds

ATTEMPTS = 3
"""Replays beside the writers, before one is made while they wait."""


@dataclass(frozen=True)
class Rebuilt:
    """What was replayed, and how many rows had to be mended."""

    replayed: Replay
    mended: int


def rebuild(
    progress: Callable[[int], None] = lambda _: None, *, processes: int | None = None
) -> Rebuilt:
    """Make every head, version and link row what the log leads to; then what follows it.

    In a process a core, where the log is long enough and nothing says otherwise.
    Raises CannotReplay, KindMissing.
    """
    require_all_kinds()
    with holding_without_end():
        rebuilt = _rebuild_rows(progress, processes)
    rebuild_followed()
    return rebuilt


def _rebuild_rows(progress: Callable[[int], None], processes: int | None) -> Rebuilt:
    for _ in range(ATTEMPTS):
        position = reading.last_position()
        with (
            replayed(position, progress=progress, count=processes) as (result, tables),
            transaction.atomic(),
        ):
            log.lock()
            if reading.last_position() == position:
                return Rebuilt(result, _apply_differences(tables, kinds()) + rebuild_suppressed())
    with transaction.atomic():
        log.lock()
        with replayed(reading.last_position(), progress=progress) as (result, tables):
            return Rebuilt(result, _apply_differences(tables, kinds()) + rebuild_suppressed())


def mend_entity(kind: Kind, entity_id: UUID) -> None:
    """Make the rows of one entity what the log leads to, inside a transaction that holds its lock.

    Cost: the log is read, and of it the entity's events replayed.
    """
    share = OneEntity(entity_id=str(entity_id))
    with (
        replayed(reading.last_position(), count=1, share=share) as (_, tables),
        transaction.atomic(),
    ):
        _apply_differences(tables, [kind], entity_id)


def _apply_differences(
    tables: ShadowTables, some: Iterable[Kind], entity_id: UUID | None = None
) -> int:
    """Under the log's lock: delete what should not be, insert what is missing; of one entity."""
    prepare()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SET LOCAL projections.writing = '1'")
        mended = sum(
            _mend(cursor, *table, expected.compared_as_text(kind), entity_id)
            for kind in worth_comparing(some, tables)
            for table in _tables(kind, tables)
        )
        cursor.execute("SET LOCAL projections.writing = ''")
    return mended


def mend_kinds(some: Iterable[Kind]) -> None:
    """Make the rows of some kinds what the log leads to, inside a transaction that holds its lock.

    Cost: a replay of the log by one process. Raises CannotReplay.
    """
    # The savepoint: after an error of PostgreSQL's, the shadow tables can still be dropped.
    with replayed(reading.last_position()) as (_, tables), transaction.atomic():
        _apply_differences(tables, some)


_OWNERS = ("entity_id", "id", "owner_id")
"""What the tables of a kind call the entity that a row is of."""


def _mend(
    cursor: Any,
    relation: str,
    key: list[str],
    columns: list[str],
    wanted: str,
    as_text: Collection[str],
    entity_id: UUID | None,
) -> int:
    """Make a table hold what it should; how many rows were not right."""
    chosen, keys = quoted(columns), quoted(key)
    live = f"SELECT {chosen} FROM {relation}"
    if entity_id is not None:
        owner = next(column for column in key if column in _OWNERS)
        live += f" WHERE {owner} = '{entity_id}'"
    others = [column for column in columns if column not in key] or [COPIES]
    values = ", ".join(f'wanted."{column}"' for column in others)
    missing, superfluous = unlike(columns, "missing"), unlike(columns, "superfluous")
    cursor.execute(
        f"CREATE TEMPORARY TABLE differing ON COMMIT DROP AS"
        f" SELECT {keys}, {is_missing('live', key)} AS {missing},"
        f" {is_missing('wanted', key)} AS {superfluous}, {values}"
        f" {differing(live, wanted, key, columns, as_text)}"
    )
    found: int = cursor.rowcount
    if found:
        same = " AND ".join(f'live."{column}" = differing."{column}"' for column in key)
        cursor.execute(
            f"DELETE FROM {relation} AS live USING differing"
            f" WHERE NOT differing.{missing} AND {same}"
        )
        copies = f"CROSS JOIN generate_series(1, {COPIES})" if others == [COPIES] else ""
        cursor.execute(
            f"INSERT INTO {relation} ({chosen})"
            f" SELECT {chosen} FROM differing {copies} WHERE NOT {superfluous}"
        )
    cursor.execute("DROP TABLE differing")
    return found


def _tables(kind: Kind, tables: ShadowTables) -> Iterator[tuple[str, list[str], list[str], str]]:
    """Each table of a kind, its key, its columns, and the query of what it should hold."""
    versions = tables.name(kind)
    columns = expected.version_columns(kind)
    yield kind.versions, expected.VERSION_KEY, columns, f"SELECT * FROM {versions}"
    head = expected.head_columns(kind)
    yield kind.head, expected.HEAD_KEY, head, expected.heads(kind, versions)
    for f, link, link_version in kind.link_models():
        names = expected.LINK_COLUMNS
        yield head_relation(link._meta.db_table), names, names, expected.links(f, versions)
        names = expected.LINK_VERSION_COLUMNS
        yield (
            f'public."{link_version._meta.db_table}"',
            names,
            names,
            expected.link_versions(f, versions),
        )
