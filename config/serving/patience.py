"""Connections to PostgreSQL that do not wait for ever.

A server that is stopped, or whose disk stalls, is there and says nothing: it ends no statement, and
no connection breaks. Without a bound of our own each thread would wait as long as it does.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg import Connection, OperationalError
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus
from psycopg_pool import ConnectionPool

CHECK_SECONDS = 1.0
"""For a connection to show that it is alive, before a request is given it."""

GRACE_SECONDS = 5.0
"""For PostgreSQL to end a statement by itself, before nothing more is expected of it."""


class PatientConnection(Connection[Any]):
    """One that is closed, with an error, where the server says nothing for too long."""

    patience: float | None = None
    """Seconds for each statement; None is for ever."""

    def wait[T](self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        try:
            return super().wait(gen, interval, self.patience if timeout is None else timeout)
        except OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.pgconn.finish()  # whatever comes now would be taken for the next answer
                raise OperationalError("PostgreSQL does not answer") from None
            raise


def pool_of_patient(statement_seconds: float) -> dict[str, Any]:
    """Options of a pool whose connections wait a little longer than a statement may take."""

    class OfLane(PatientConnection):
        patience = statement_seconds + GRACE_SECONDS if statement_seconds else None

    return {"connection_class": OfLane, "check": check}


def check(connection: PatientConnection) -> None:
    """Ask for a sign of life. Raises OperationalError."""
    with _patience_of(connection, CHECK_SECONDS):
        ConnectionPool.check_connection(connection)


@contextmanager
def _patience_of(connection: PatientConnection, seconds: float) -> Iterator[None]:
    usual = connection.patience
    connection.patience = seconds
    try:
        yield
    finally:
        connection.patience = usual
