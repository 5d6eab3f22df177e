"""The eventsourcing library's datastore: on Django's connection, or on a pool beside it."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn, cast

import django.db
import psycopg
from django.db import connection
from django.db import transaction as django_transaction
from eventsourcing import persistence
from eventsourcing.postgres import PostgresDatastore
from psycopg.rows import DictRow, dict_row

ERRORS = (
    "InterfaceError",
    "OperationalError",
    "DataError",
    "IntegrityError",
    "InternalError",
    "ProgrammingError",
    "NotSupportedError",
    "DatabaseError",
)
"""By the names that Python's database interface gives them, which all three keep."""


class _ServerBinding:
    """Django's connection, giving out psycopg's own cursors with rows as dicts."""

    def __init__(self, wrapped: psycopg.Connection[Any]) -> None:
        self._wrapped = wrapped

    def cursor(self) -> psycopg.Cursor[DictRow]:
        return psycopg.Cursor(self._wrapped, row_factory=dict_row)


class DjangoDatastore(PostgresDatastore):
    """The library's datastore on Django's connection: no pool of its own.

    What is done through it belongs to Django's transaction, if there is one; its errors are the
    library's.
    """

    def __init__(self) -> None:
        super().__init__("", "", "", "", "")

    def register_type_adapters(self) -> None:
        """Events are inserted as arrays; no composite type is needed."""

    @contextmanager
    def get_connection(self) -> Iterator[psycopg.Connection[DictRow]]:
        if connection.errors_occurred and not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        with errors_of_the_library(), _borrowing(), connection.wrap_database_errors:
            yield self._connection()

    @contextmanager
    def transaction(self, *, commit: bool = False) -> Iterator[psycopg.Cursor[DictRow]]:
        """A transaction of Django's; inside another one, a savepoint."""
        with errors_of_the_library(), _borrowing(), django_transaction.atomic():
            yield self._connection().cursor()
            if not commit:
                django_transaction.set_rollback(True)

    def _connection(self) -> psycopg.Connection[DictRow]:
        connection.ensure_connection()
        connection.validate_no_broken_transaction()
        return cast(psycopg.Connection[DictRow], _ServerBinding(connection.connection))


class _FollowerConnection(psycopg.Connection[DictRow]):
    """Tells whoever begins to wait for notifications of one that may have come before.

    A subscription of the library looks at what stands there, and begins to listen on another
    thread. What is appended in between it would notice with the next event only (9.5.6).
    """

    _has_waited = False

    def execute(self, *args: Any, **kwargs: Any) -> psycopg.Cursor[DictRow]:
        """Whatever begins to listen, on a connection that another one had before it, too."""
        self._has_waited = False
        return super().execute(*args, **kwargs)

    def notifies(
        self, *, timeout: float | None = None, stop_after: int | None = None
    ) -> Generator[psycopg.Notify]:
        if not self._has_waited:
            self._has_waited = True
            yield psycopg.Notify("", "", 0)
        else:
            yield from super().notifies(timeout=timeout, stop_after=stop_after)


class FollowerDatastore(PostgresDatastore):
    """A small pool beside Django's, for what follows the log: opened when it is first used."""

    def __init__(self, pool_size: int = 2, *, max_overflow: int = 0) -> None:
        super().__init__("", "", "", "", "", pool_size=pool_size, max_overflow=max_overflow)
        # As Django connects, TLS and options included; but with the library's cursors.
        parameters = connection.get_connection_params()
        for django_own in ("context", "cursor_factory"):
            parameters.pop(django_own, None)
        self.pool.kwargs = {**parameters, "row_factory": dict_row}
        self.pool.connection_class = _FollowerConnection

    def register_type_adapters(self) -> None:
        """Followers insert nothing."""


@contextmanager
def _borrowing() -> Iterator[None]:
    """A thread that had no connection gives the pool's back: the library's threads end silently,
    and a pool would be empty after some of them.
    """
    had_none = connection.connection is None
    try:
        yield
    finally:
        if had_none and connection.settings_dict["OPTIONS"].get("pool"):
            connection.close()


@contextmanager
def errors_of_the_library() -> Iterator[None]:
    """Django's and psycopg's errors as those that the library's applications expect."""
    try:
        yield
    except (django.db.Error, psycopg.Error) as error:
        _raise_counterpart(error)


def _raise_counterpart(error: Exception) -> NoReturn:
    for name in ERRORS:
        if isinstance(error, (getattr(django.db, name), getattr(psycopg, name))):
            raise getattr(persistence, name)(str(error)) from error
    raise persistence.PersistenceError(str(error)) from error
