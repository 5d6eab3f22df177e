"""Django's own connection, with psycopg's server-side binding.

Django's cursors bind parameters on the client, as text; the log sends arrays
of bytes and wants its statements prepared.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import DatabaseError, connection
from psycopg.rows import RowFactory, tuple_row


@contextmanager
def server_cursor(row_factory: RowFactory[Any] = tuple_row) -> Iterator[psycopg.Cursor[Any]]:
    """A psycopg cursor in Django's current transaction, if there is one.

    Errors come out as Django's, and mark an atomic block as broken (see `errors_of_django`).
    """
    with errors_of_django(), open_cursor(row_factory) as cursor:
        yield cursor


def open_cursor(row_factory: RowFactory[Any] = tuple_row) -> psycopg.Cursor[Any]:
    """Such a cursor for whoever closes it, and wraps its errors."""
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    return psycopg.Cursor(connection.connection, row_factory=row_factory)


@contextmanager
def errors_of_django() -> Iterator[None]:
    """Errors of the database as Django's; an open transaction is broken by one.

    Whoever swallows such an error inside `atomic()` is told so by the next query, as after a save
    of Django's, where PostgreSQL would only say that the transaction is aborted.
    """
    try:
        with connection.wrap_database_errors:
            yield
    except DatabaseError as error:
        if connection.in_atomic_block and not connection.needs_rollback:
            connection.needs_rollback = True
            connection.rollback_exc = error  # type: ignore[attr-defined]  # Django's own, which its stubs leave out
        raise
