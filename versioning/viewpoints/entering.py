"""Enter a viewpoint: from here to the end of the block, the database shows it.

One statement sets `search_path` and the chain, local to the transaction. The
block is left by rollback, because a setting survives a released savepoint.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

import psycopg
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from psycopg.pq import ExecStatus, TransactionStatus

from eventstore.types import ChangesetId, Position
from versioning.entities.kinds import HEAD_PATH
from versioning.viewpoints.chain import HEAD_OF_MAIN, NestedTooDeep, Viewpoint, resolve
from versioning.viewpoints.sql_views import LONGEST_CHAIN, schema_for, settings_for
from versioning.viewpoints.threads import Place, standing_at

_current: ContextVar[Viewpoint] = ContextVar("viewpoint", default=HEAD_OF_MAIN)
_is_writable: ContextVar[bool] = ContextVar("viewpoint_is_writable", default=True)


def current() -> Viewpoint:
    """The viewpoint that queries read right now."""
    return _current.get()


def is_writable() -> bool:
    """False inside `viewpoint`: what only looks must not write."""
    return _is_writable.get()


@contextmanager
def viewpoint(
    branch: str = "main",
    *,
    at: "Position | ChangesetId | datetime | str | int | None" = None,
) -> Iterator[Viewpoint]:
    """Every query inside reads that branch at that moment; writes are refused.

    `at` is a position, a datetime, or what addresses hold: a date, a time,
    `p123`, `c45`. Lazy querysets must be evaluated inside. Raises
    NoSuchBranch, NoSuchMoment.
    """
    from versioning.viewpoints.moments import position_of

    seen = resolve(branch, None if at is None else position_of(at))
    with entered(seen):
        yield seen


@contextmanager
def entered(seen: Viewpoint) -> Iterator[None]:
    """Read a resolved viewpoint inside the block."""
    needs_nothing = seen == HEAD_OF_MAIN == current()
    name = f"viewpoint({str(seen)!r})"
    token, writable = _current.set(seen), _is_writable.set(False)
    try:
        if needs_nothing:
            with standing_at(Place(name, None)):
                yield
            return
        with transaction.atomic(), standing_at(Place(name, connections[DEFAULT_DB_ALIAS])):
            apply(seen, read_only=True)
            try:
                yield
            finally:
                transaction.set_rollback(True)
    finally:
        _is_writable.reset(writable)
        _current.reset(token)


@contextmanager
def writing_at(seen: Viewpoint) -> Iterator[None]:
    """Show a branch's head to the commands that write to it; keeps the transaction.

    Of an exception the caller rolls the transaction, or its savepoint, back: that puts the
    settings back as well, and after an error of the database nothing else could.
    """
    before = current()
    token = _current.set(seen)
    try:
        with standing_at(Place(f"branch_context({seen.name!r})", connections[DEFAULT_DB_ALIAS])):
            if seen != before:
                apply(seen, read_only=False)
            yield
    finally:
        _current.reset(token)
    # A savepoint keeps settings when it is released: put the old ones back.
    if seen != before and not connection.needs_rollback and connection.in_atomic_block:
        apply(before, read_only=False)


def apply(seen: Viewpoint, *, read_only: bool) -> None:
    """Hand a chain to PostgreSQL. Raises NestedTooDeep beyond 16 branches."""
    if len(seen.chain) > LONGEST_CHAIN:
        raise NestedTooDeep(
            f"{seen.name} has {len(seen.chain) - 1} ancestors; "
            f"a viewpoint shows up to {LONGEST_CHAIN - 1}."
        )
    with connection.wrap_database_errors:
        _run(_settings(seen), read_only)


def _settings(seen: Viewpoint) -> str:
    """One statement; names and numbers of ours alone stand in it."""
    if seen == HEAD_OF_MAIN:
        settings = {"search_path": HEAD_PATH}
    else:
        path = f"{schema_for(seen.chain)}, public"
        settings = {"search_path": path, **settings_for(seen.chain)}
    calls = (f"set_config('{name}', '{value}', true)" for name, value in settings.items())
    return f"SELECT {', '.join(calls)}"


def _run(statement: str, read_only: bool) -> None:
    """In one round trip with the BEGIN, which psycopg would send ahead by itself.

    What begins read-only reads a tenth faster than what is made so by a setting.
    """
    connection.ensure_connection()
    raw = connection.connection.pgconn
    if raw.transaction_status == TransactionStatus.IDLE:
        statement = f"BEGIN {'READ ONLY' if read_only else ''}; {statement}"
    elif read_only:
        statement = f"{statement}, set_config('transaction_read_only', 'on', true)"
    result = raw.exec_(statement.encode())
    if result.status != ExecStatus.TUPLES_OK:
        raise psycopg.errors.error_from_result(result)
