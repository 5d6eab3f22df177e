"""Version tables beside the live ones, filled by replays.

Of the session's own, where nobody else has to see them; else in a schema that
several processes fill and that is dropped at the end.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection

from eventstore.connection import server_cursor
from projections.cells import Cells
from projections.expected import version_columns
from projections.names import quoted
from projections.replay import Version
from versioning.entities.kinds import Kind, kinds

PRIVATE = "pg_temp"
"""The schema of tables that only this session sees."""

SHARED = "replayed_"
"""Begins the names of schemas that several processes fill; then comes a backend's pid."""


@contextmanager
def shadow_tables(*, shared: bool) -> Iterator["ShadowTables"]:
    """Make the tables, empty, and drop them in the end."""
    tables = ShadowTables(_make_schema() if shared else PRIVATE)
    with connection.cursor() as cursor:
        cursor.execute("; ".join(_creations(tables, "UNLOGGED" if shared else "TEMPORARY")))
    try:
        yield tables
    finally:
        if not connection.needs_rollback:
            _drop(tables.schema)


def _creations(tables: "ShadowTables", sort: str) -> Iterator[str]:
    compressed = _compressed_columns()
    for kind in kinds():
        name = tables.name(kind)
        yield f"CREATE {sort} TABLE {name} (LIKE {kind.versions})"
        # To compress texts takes longer than all the rest of writing them.
        for column in compressed[kind.label]:
            yield f'ALTER TABLE {name} ALTER "{column}" SET STORAGE EXTERNAL'


def _compressed_columns() -> dict[str, list[str]]:
    """Of each kind, by its label."""
    of_table = {kind.versions: kind.label for kind in kinds()}
    columns: dict[str, list[str]] = {label: [] for label in of_table.values()}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT named, attname"
            "  FROM unnest(%s::text[]) AS named"
            "  JOIN pg_attribute ON attrelid = named::regclass"
            " WHERE attstorage = 'x' AND attnum > 0 AND NOT attisdropped",
            [list(of_table)],
        )
        for table, column in cursor.fetchall():
            columns[of_table[table]].append(column)
    return columns


def _make_schema() -> str:
    """A schema named after this backend; those of backends that died are dropped."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nspname FROM pg_namespace WHERE starts_with(nspname, %s)"
            " AND substr(nspname, length(%s) + 1)::int NOT IN (SELECT pid FROM pg_stat_activity)",
            [SHARED, SHARED],
        )
        for (abandoned,) in cursor.fetchall():
            _drop(abandoned)
        cursor.execute("SELECT pg_backend_pid()")
        schema = f"{SHARED}{cursor.fetchone()[0]}"
        cursor.execute(f"CREATE SCHEMA {schema}")
    return schema


def _drop(schema: str) -> None:
    with connection.cursor() as cursor:
        if schema != PRIVATE:
            cursor.execute(f"DROP SCHEMA {schema} CASCADE")
            return
        tables = ", ".join(ShadowTables(schema).name(kind) for kind in kinds())
        cursor.execute(f"DROP TABLE {tables}")


class ShadowTables:
    """The tables of one schema, and what waits to be written to them."""

    CHUNK = 4_000_000
    """Bytes that wait before they are written: some thousand versions, or a few long texts."""

    def __init__(self, schema: str) -> None:
        self.schema = schema
        self._waiting = {kind.label: bytearray() for kind in kinds()}
        self._cells = {kind.label: Cells(kind) for kind in kinds()}

    def name(self, kind: Kind) -> str:
        """The table beside a kind's version table."""
        return f'{self.schema}."{kind.version_table}_replayed"'

    def begin(self, version: Version) -> None:
        """Prepare a version for being kept."""
        self._cells[version.kind.label].write(version)

    def go_on(self, version: Version, changed: Iterable[str]) -> None:
        """The same, of one of whose fields only these changed."""
        self._cells[version.kind.label].rewrite(version, changed)

    def keep(self, version: Version) -> None:
        """Add a version; written in chunks."""
        label = version.kind.label
        waiting = self._waiting[label]
        waiting += self._cells[label].line(version)
        waiting += b"\n"
        if len(waiting) >= self.CHUNK:
            self._write(version.kind)

    def finish(self) -> None:
        """Write what waits."""
        for kind in kinds():
            self._write(kind)

    def _write(self, kind: Kind) -> None:
        waiting = self._waiting[kind.label]
        if not waiting:
            return
        columns = quoted(version_columns(kind))
        statement = f"COPY {self.name(kind)} ({columns}) FROM STDIN"
        with server_cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(waiting)
        waiting.clear()
