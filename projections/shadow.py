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
    """The tables, each made when it is first spoken of, and dropped in the end.

    Shared ones are all made at once: who fills them must not make one twice.
    """
    tables = ShadowTables(_make_schema() if shared else PRIVATE, made=())
    if shared:
        for kind in kinds():
            tables.name(kind)
    try:
        yield tables
    finally:
        if not connection.needs_rollback:
            tables.drop()


def _compressed_columns(kind: Kind) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attstorage = 'x'"
            "   AND attnum > 0 AND NOT attisdropped",
            [kind.versions],
        )
        return [column for (column,) in cursor.fetchall()]


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
        cursor.execute(f"DROP SCHEMA {schema} CASCADE")


class ShadowTables:
    """The tables of one schema, and what waits to be written to them."""

    CHUNK = 4_000_000
    """Bytes that wait before they are written: some thousand versions, or a few long texts."""

    def __init__(self, schema: str, made: Iterable[Kind]) -> None:
        self.schema = schema
        self._made = {kind.label: self._beside(kind) for kind in made}
        self._waiting = {kind.label: bytearray() for kind in kinds()}
        self._cells = {kind.label: Cells(kind) for kind in kinds()}

    def has(self, kind: Kind) -> bool:
        """Whether the kind has a table: whatever was replayed of it would be there."""
        return kind.label in self._made

    def name(self, kind: Kind) -> str:
        """The table beside a kind's version table; made now, if it is not there."""
        if not self.has(kind):
            self._make(kind)
        return self._made[kind.label]

    def _beside(self, kind: Kind) -> str:
        return f'{self.schema}."{kind.version_table}_replayed"'

    def _make(self, kind: Kind) -> None:
        name, sort = self._beside(kind), "TEMPORARY" if self.schema == PRIVATE else "UNLOGGED"
        # To compress texts takes longer than all the rest of writing them.
        external = [
            f'ALTER TABLE {name} ALTER "{column}" SET STORAGE EXTERNAL'
            for column in _compressed_columns(kind)
        ]
        with connection.cursor() as cursor:
            creation = f"CREATE {sort} TABLE {name} (LIKE {kind.versions})"
            cursor.execute("; ".join([creation, *external]))
        self._made[kind.label] = name

    def drop(self) -> None:
        """Leave nothing behind."""
        if self.schema != PRIVATE:
            _drop(self.schema)
        elif self._made:
            with connection.cursor() as cursor:
                # One that was made inside a savepoint is gone, if that was rolled back.
                cursor.execute(f"DROP TABLE IF EXISTS {', '.join(self._made.values())}")

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
