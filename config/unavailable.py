"""Errors of the database that mean: not now.

It is away, it only reads, or what it holds is being changed.
"""

import psycopg.errors as postgres
from django.db import DatabaseError, OperationalError, connection

from eventstore.busy import OnlyReads
from projections.readiness import schema_fits
from versioning.schema.lens import SchemaMismatch

_WAITED_TOO_LONG = (postgres.LockNotAvailable, postgres.DeadlockDetected)

_MADE_OTHERWISE = (
    postgres.UndefinedTable,
    postgres.UndefinedColumn,
    postgres.UndefinedFunction,
    postgres.InternalError_,  # a function that was dropped while the statement waited
    postgres.FeatureNotSupported,  # a prepared statement whose columns changed
    postgres.NotNullViolation,  # a row of other code's fields
)
"""What code and database say to each other that are not of one migration."""


def is_unavailable(error: BaseException | None) -> bool:
    """Whether to ask people to come again, rather than to call it a fault of ours."""
    if isinstance(error, SchemaMismatch):
        return True
    if not isinstance(error, DatabaseError | OnlyReads):
        return False
    cause = error.__cause__
    if isinstance(cause, postgres.ReadOnlySqlTransaction):
        return _only_reads()
    if isinstance(error, OperationalError) or isinstance(cause, _WAITED_TOO_LONG):
        return True
    return isinstance(cause, _MADE_OTHERWISE) and not _fits()


def _only_reads() -> bool:
    """Whether it is the whole database that only reads: a standby, or one that was told so."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_is_in_recovery()"
                " OR current_setting('default_transaction_read_only')::bool"
            )
            (reads,) = cursor.fetchone()
    except DatabaseError:
        return True
    return bool(reads)


def _fits() -> bool:
    try:
        return schema_fits()
    except DatabaseError:
        return False
