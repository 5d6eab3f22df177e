"""Whether the database is what this code reads and writes: for machines, and after an error."""

from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from projections.inline import functions, schema

_APPLIED = "SELECT app, name FROM django_migrations ORDER BY id"
_MADE = "SELECT obj_description(to_regnamespace(%s), 'pg_namespace')"


def schema_fits() -> bool:
    """Whether every migration was made, and views and writers are those of this code.

    Asked on a connection of its own, so also where a transaction is broken. Cost: two queries,
    and a look at all migrations whenever others were applied. Raises DatabaseError.
    """
    probe: Any = connection.copy()
    try:
        with probe.cursor() as cursor:
            cursor.execute(_MADE, [functions.SCHEMA])
            (made,) = cursor.fetchone()
            cursor.execute(_APPLIED)
            applied = tuple(cursor.fetchall())
    finally:
        probe.close()
    return made == _digest() and _is_migrated(applied)


@lru_cache(1)
def _digest() -> str:
    """Of this code, which stays the same for as long as the process lives."""
    return schema.digest()


@lru_cache(1)
def _is_migrated(applied: tuple[tuple[str, str], ...]) -> bool:
    """Of the migrations of this code, none is missing among those that were applied."""
    graph = MigrationLoader(None).graph
    return set(graph.leaf_nodes()) <= set(applied)
