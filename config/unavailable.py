"""Errors of the database that mean: not now. It is away, or what it holds is being changed."""

import psycopg.errors as postgres
from django.db import DatabaseError, OperationalError

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
    if not isinstance(error, DatabaseError):
        return False
    cause = error.__cause__
    if isinstance(error, OperationalError) or isinstance(cause, _WAITED_TOO_LONG):
        return True
    return isinstance(cause, _MADE_OTHERWISE) and not _fits()


def _fits() -> bool:
    try:
        return schema_fits()
    except DatabaseError:
        return False
