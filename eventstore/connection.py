"""Django's own connection, with psycopg's server-side binding.

Django's cursors bind parameters on the client, as text; the log sends arrays
of bytes and wants its statements prepared.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection
from psycopg.rows import RowFactory, tuple_row


@contextmanager
def server_cursor(row_factory: RowFactory[Any] = tuple_row) -> Iterator[psycopg.Cursor[Any]]:
    """A psycopg cursor in Django's current transaction, if there is one.

    Errors come out as Django's, and mark an atomic block as broken as any
    other query of Django's would.
    """
    with connection.wrap_database_errors, open_cursor(row_factory) as cursor:
        yield cursor


def open_cursor(row_factory: RowFactory[Any] = tuple_row) -> psycopg.Cursor[Any]:
    """Such a cursor for whoever closes it, and wraps its errors."""
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    return psycopg.Cursor(connection.connection, row_factory=row_factory)
