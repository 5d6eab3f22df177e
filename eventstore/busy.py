"""How long the log is waited for, and held: no open transaction stops all writers without end.

What waits is ended by `lock_timeout`, which the connection has. What holds the log's lock is ended
by `transaction_timeout`, which is set with the lock, in the same round trip; what is known to take
its time (a batch, an import, a merge, a migration) lifts it for itself.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import IntegrityError, InternalError, OperationalError, connection
from django.db.utils import DatabaseErrorWrapper
from psycopg.errors import (
    LockNotAvailable,
    ReadOnlySqlTransaction,
    SerializationFailure,
    TransactionTimeout,
    UniqueViolation,
)

from eventstore.errors import Refusal

LOCK_TIMEOUT_SECONDS = 10.0
"""What `LOG_LOCK_TIMEOUT_SECONDS` of the settings is, unless it says otherwise; 0 is for ever."""

HOLD_TIMEOUT_SECONDS = 60.0
"""What `LOG_HOLD_TIMEOUT_SECONDS` is, in the same way."""


class LogIsBusy(Refusal, OperationalError):
    """Others have been writing for longer than a writer waits; nothing was saved."""

    code = "log-is-busy"
    status = 503
    hint = "Try again in a moment."

    def __init__(self) -> None:
        super().__init__(
            f"Others have been writing for more than {lock_timeout_seconds():g} seconds: an "
            "import, perhaps, or a migration. Nothing was saved."
        )


class LogHeldTooLong(Refusal, OperationalError):
    """A transaction held the log's lock for too long and was ended; nothing of it was kept."""

    code = "log-held-too-long"
    status = 503
    hint = "Save last, commit sooner, or do long work in a BatchOperation."

    def __init__(self) -> None:
        super().__init__(
            f"This transaction kept all other writers waiting for more than "
            f"{hold_timeout_seconds():g} seconds after it had saved, and was ended. Nothing of it "
            "was kept."
        )


class SnapshotIsOld(Refusal, OperationalError):
    """A transaction that reads one moment alone was to append behind what came after that.

    Its cause is a serialization failure (40001), as what tries again expects.
    """

    code = "snapshot-is-old"
    status = 503
    hint = "Do all of it again, in a new transaction."

    def __init__(self) -> None:
        super().__init__(
            "Others have saved since this transaction, of the level REPEATABLE READ or "
            "SERIALIZABLE, began to read."
        )


class OnlyReads(Refusal):
    """Something was to be appended in a transaction that only reads, as a viewpoint's does."""

    code = "only-reads"
    status = 500
    sentence = "What is open here only reads (a viewpoint, say), so nothing was appended."
    hint = "Leave the viewpoint, or the read-only transaction, and append outside of it."


_NUMBERED = frozenset({"eventstore_changeset_pkey", "eventstore_event_stream_version"})
"""What such a transaction would number a second time: a changeset, a version of a stream."""


def lock_timeout_seconds() -> float:
    """How long a connection waits for a lock, the log's or a table's."""
    return float(getattr(settings, "LOG_LOCK_TIMEOUT_SECONDS", LOCK_TIMEOUT_SECONDS))


def hold_timeout_seconds() -> float:
    """How long a transaction may go on after it has taken the log's lock; infinite for 0."""
    seconds = float(getattr(settings, "LOG_HOLD_TIMEOUT_SECONDS", HOLD_TIMEOUT_SECONDS))
    return seconds or math.inf


@contextmanager
def saying_so() -> Iterator[None]:
    """What was in the way of an append is told in a sentence.

    Raises LogIsBusy, SnapshotIsOld, OnlyReads.
    """
    try:
        yield
    except IntegrityError as error:
        cause = error.__cause__
        if isinstance(cause, UniqueViolation) and cause.diag.constraint_name in _NUMBERED:
            raise SnapshotIsOld from SerializationFailure(str(cause))
        raise
    except InternalError as error:
        if isinstance(error.__cause__, ReadOnlySqlTransaction):
            raise OnlyReads from error.__cause__
        raise
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise LogIsBusy from error.__cause__
        raise


class ErrorWrapper(DatabaseErrorWrapper):
    """Django's, which tells the end of a transaction that held the log too long in a sentence.

    PostgreSQL closed the connection; Django makes another, as after any that was lost.
    """

    def __exit__(self, exc_type: Any, exc_value: Any, traceback: Any) -> None:
        if isinstance(exc_value, TransactionTimeout):
            self.wrapper.errors_occurred = True  # type: ignore[attr-defined]  # Django's own, which its stubs leave out
            raise LogHeldTooLong from exc_value
        super().__exit__(exc_type, exc_value, traceback)


_longest: ContextVar[float | None] = ContextVar("longest_hold", default=None)
_BOUND = "set_config('transaction_timeout', '{milliseconds}', true)"


def bound_with_lock() -> str:
    """The SQL call that bounds the open transaction from now on; empty where nothing is to do.

    Outside of a transaction a statement ends by itself. A test's own transaction is as long as
    the test.
    """
    longest = _longest.get() or hold_timeout_seconds()
    if not connection.in_atomic_block or _is_bounded() or math.isinf(longest) or _is_of_a_test():
        return ""
    _say_bounded(True)
    return _BOUND.format(milliseconds=round(longest * 1000))


@contextmanager
def holding_for(seconds: float) -> Iterator[None]:
    """Bound differently what is done inside; what follows is bounded by its own next append."""
    token = _longest.set(seconds)
    try:
        if connection.in_atomic_block and _is_bounded():
            _run(_BOUND.format(milliseconds=0))
            _say_bounded(False)
        yield
    finally:
        _longest.reset(token)


@contextmanager
def holding_without_end() -> Iterator[None]:
    """For what ends by itself, however long it takes; what follows it is bounded anew."""
    with holding_for(math.inf):
        yield
    if not connection.needs_rollback and (bound := bound_with_lock()):
        _run(bound)


def _run(call: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {call}")


def _is_bounded() -> bool:
    return bool(getattr(connection, "is_bounded", False))


def _say_bounded(is_bounded: bool) -> None:
    connection.is_bounded = is_bounded  # type: ignore[attr-defined]  # our backend's own


def _is_of_a_test() -> bool:
    """Django's own question, when it is asked for a durable block inside of a test."""
    outermost: Any = connection.atomic_blocks[0]
    return bool(outermost._from_testcase)  # noqa: SLF001  # Django tells it nowhere else
