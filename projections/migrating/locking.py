"""The locks of a migration: the log's, and the tables of the kinds that it changes.

A context may have read a table, which locks it to the context's end, before it waits for the
log's lock. Where the migration has that one and waits for the table, PostgreSQL ends one of the
two after a second. Is it the writer, somebody is asked to save again; is it the migration, it
lets everything go and tries again.
"""

import time
from collections.abc import Iterable

from django.core.management import CommandError
from django.db import OperationalError, connection, transaction
from psycopg.errors import DeadlockDetected, LockNotAvailable

from eventstore import log
from eventstore.errors import Refusal
from projections.inline import functions
from versioning.entities.kinds import Kind
from versioning.viewpoints.sql_views import SCHEMAS

PATIENCE_SECONDS = 120
"""How long a migration tries."""

_WAIT = "10s"
"""How long it keeps everybody waiting for a table that somebody holds."""

_TAKEN = (DeadlockDetected, LockNotAvailable)


class TablesAreBusy(Refusal, CommandError):
    """Others did not let a table go for as long as a migration tries."""

    code = "tables-are-busy"
    status = 503
    hint = "Try again when fewer are about, or end the transactions that stay open."


def lock_kinds(kinds: Iterable[Kind]) -> None:
    """Lock the log and all that some kinds stand in, inside a transaction. Raises TablesAreBusy."""
    relations = [relation for kind in kinds for relation in _relations(kind)]
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            _lock(relations)
        except OperationalError as error:
            if not isinstance(error.__cause__, _TAKEN):
                raise
            time.sleep(0.1)
        else:
            return
    raise TablesAreBusy(f"Readers or writers kept its tables busy for {PATIENCE_SECONDS} seconds.")


def _relations(kind: Kind) -> list[str]:
    views = [f'{schema}."{table}"' for schema in SCHEMAS for table in functions.head_tables(kind)]
    return [*views, *functions.guarded_relations(kind)]


def _lock(relations: list[str]) -> None:
    """All locks; what was locked is let go by the savepoint where one is not to be had."""
    with transaction.atomic(), connection.cursor() as cursor:
        log.lock()
        cursor.execute("SELECT current_setting('lock_timeout')")
        (before,) = cursor.fetchone()
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [_WAIT])
        # A view that an earlier release made otherwise may not be there.
        cursor.execute(
            "SELECT r FROM unnest(%s::text[]) AS r WHERE to_regclass(r) IS NOT NULL", [relations]
        )
        for (relation,) in cursor.fetchall():
            cursor.execute(f"LOCK TABLE {relation} IN ACCESS EXCLUSIVE MODE")
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [before])
