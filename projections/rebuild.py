"""Rebuild every projection from the log: beside the live tables, then the differences.

Readers go on meanwhile. Writers wait only while the differences are applied.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from eventstore import log, reading
from projections import expected
from projections.replay import Replay, ShadowTables, replay
from versioning.entities.kinds import Kind, kinds

ATTEMPTS = 3
"""Replays beside the writers, before one is made while they wait."""


@dataclass(frozen=True)
class Rebuilt:
    """What was replayed, and how many rows had to be mended."""

    replayed: Replay
    mended: int


def rebuild(progress: Callable[[int], None] = lambda _: None) -> Rebuilt:
    """Make every head, version and link row what the log leads to. Raises CannotReplay."""
    for attempt in range(ATTEMPTS + 1):
        with transaction.atomic():
            if attempt == ATTEMPTS:
                log.lock()
            position = reading.last_position()
            shadow = ShadowTables()
            replayed = replay(position, shadow.keep, progress=progress)
            shadow.finish()
            log.lock()
            if reading.last_position() == position:
                return Rebuilt(replayed, _apply_differences())
    raise AssertionError("the last attempt holds the lock")


def _apply_differences() -> int:
    """Under the log's lock: delete what should not be, insert what is missing."""
    mended = 0
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SET LOCAL projections.writing = '1'")
        for kind in kinds():
            for table, key, columns, wanted in _tables(kind):
                chosen = expected.quoted(columns)
                same = " AND ".join(f'live."{c}" IS NOT DISTINCT FROM d."{c}"' for c in key)
                live = f"SELECT {chosen} FROM public.{table}"
                wanted = f"SELECT {chosen} FROM ({wanted}) AS wanted"
                cursor.execute(
                    f"DELETE FROM public.{table} AS live USING ({live} EXCEPT ALL {wanted}) AS d"
                    f" WHERE {same}"
                )
                deleted = cursor.rowcount
                cursor.execute(f"INSERT INTO public.{table} ({chosen}) {wanted} EXCEPT ALL {live}")
                mended += max(deleted, cursor.rowcount)
        cursor.execute("SET LOCAL projections.writing = ''")
    return mended


def _tables(kind: Kind) -> Iterator[tuple[str, list[str], list[str], str]]:
    """Each table of a kind, its key, its columns, and the query of what it should hold."""
    versions = f"pg_temp.{kind.version_table}_replayed"
    columns = expected.version_columns(kind)
    yield kind.version_table, columns[:3], columns, f"SELECT * FROM {versions}"
    head = expected.head_columns(kind)
    yield kind.table, head[:1], head, expected.heads(kind, versions)
    for f, link, link_version in kind.link_models():
        names = expected.LINK_COLUMNS
        yield link._meta.db_table, names, names, expected.links(f, versions)
        names = expected.LINK_VERSION_COLUMNS
        yield link_version._meta.db_table, names, names, expected.link_versions(f, versions)
