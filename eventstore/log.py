"""Append to the log: events in, sealed as a changeset, in one statement.

`append` is the everyday way: it locks, compares versions, inserts, projects
and seals at once. `Recording` is a changeset that stays open through several
appends, as `branch_context` needs it. Projections join by handing over SQL
calls that run between the insert and the seal, in the same statement.
"""

import json
from collections.abc import Iterable, Sequence
from contextvars import ContextVar, Token
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Self
from uuid import UUID

import psycopg
from django.db import transaction

from eventstore.busy import bound_with_lock, saying_so
from eventstore.connection import server_cursor
from eventstore.errors import Refusal
from eventstore.events import Event, ForeignEvent
from eventstore.history import time_in_details
from eventstore.mapper import to_state
from eventstore.models import ChangesetKind
from eventstore.rollbacks import on_rollback
from eventstore.signatures import as_bytes, signed_details
from eventstore.types import ChangesetId, Position, Version
from eventstore.unfit import ValueRefused, fault_of


class StaleStreams(Refusal):
    """Some streams moved on since they were read; nothing was appended."""

    code = "stale-streams"
    status = 409
    hint = "Look at what stands now, and do it again."

    def __init__(self, streams: Iterable[UUID]) -> None:
        self.streams = frozenset(streams)
        super().__init__("Something of it changed at the same moment; nothing was saved.")


class RecordingIsOpen(Refusal):
    """A changeset was appended between the first and the last event of another one."""

    code = "recording-is-open"
    status = 500
    hint = "Leave it first, or do this before."

    def __init__(self) -> None:
        super().__init__(
            "A changeset is being recorded (a branch_context is open, say), and another one would "
            "come between its events."
        )


@dataclass(frozen=True)
class Header:
    """What a changeset says of itself. `merged` are further parents. Raises ValueRefused."""

    branch: int
    actor_id: int | None
    message: str
    kind: ChangesetKind = ChangesetKind.EDIT
    details: dict[str, Any] = field(default_factory=dict)
    merged: tuple[ChangesetId, ...] = ()
    reverts: tuple[ChangesetId, ...] = ()

    def __post_init__(self) -> None:
        if fault := fault_of(self.message):
            raise ValueRefused(f"The message of a changeset holds {fault}.")


@dataclass(frozen=True)
class Guard:
    """A stream that must still be at `version`, though nothing is added to it."""

    stream_id: UUID
    version: Version


@dataclass(frozen=True)
class ProjectionCall:
    """One call of a projection's function, made under the log's lock.

    `sql` names the function and its parameters, of which the first is the
    position of the append's first event: `project(a.first_position, %(rows)s)`.
    """

    sql: str
    parameters: dict[str, Any]


@dataclass(frozen=True)
class Snapshot:
    """A stream's whole content at a version."""

    stream_id: UUID
    version: Version
    state: dict[str, Any]


@dataclass(frozen=True)
class Sealed:
    """What an append became."""

    changeset: ChangesetId
    first_position: Position
    last_position: Position
    recorded_at: datetime


def append(
    events: Sequence[Event | ForeignEvent],
    header: Header,
    *,
    projections: Sequence[ProjectionCall] = (),
    guards: Sequence[Guard] = (),
    snapshots: Sequence[Snapshot] = (),
) -> Sealed:
    """Append events as one changeset; outside a transaction it is one of its own.

    Cost: one round trip. Raises StaleStreams, with nothing appended, when a
    stream is not at the version before its event, or a guard does not hold;
    LogIsBusy where others write for longer than anybody waits.
    """
    require_no_other_recording()
    with saying_so(), server_cursor() as cursor:
        send(cursor, events, projections, guards, snapshots, header)
        return sealed(answer(cursor))


_GO_ON_AFTER = "SELECT setval('eventstore_position', %s)"

_PLAN_AGAIN = "DISCARD PLANS"
"""A session whose statements were planned while tables were empty reads them whole until somebody
counts their rows, and nobody counts what a transaction has not committed. An import of 20,000 pages
into a new wiki took twenty times as long for that."""

_OUTGROWN = 1_000
"""Events after which what was planned before them is not trusted any more."""


class Recording:
    """A changeset that is being recorded: several appends, sealed once.

    Lives inside one transaction and holds the log's lock from its first
    append to that transaction's end, so it must be short. What a savepoint's
    rollback takes back was never a part of it. As a context manager it refuses all else that would
    be appended in the meantime, for whoever lets others work until it is sealed.
    """

    def __init__(self) -> None:
        self._first: Position | None = None
        self._last: Position | None = None
        self._was_rolled_back = False
        self._signed: list[bytes] = []
        self._unplanned = 0
        """Events since statements were planned anew."""
        self._token: Token[Recording | None] | None = None

    def __enter__(self) -> Self:
        require_no_other_recording()
        self._token = _open_recording.set(self)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._token is not None
        _open_recording.reset(self._token)

    @property
    def is_empty(self) -> bool:
        return self._first is None

    @property
    def first_position(self) -> Position | None:
        """Where what was appended begins; None where nothing was."""
        return self._first

    def append(
        self,
        events: Sequence[Event | ForeignEvent],
        *,
        projections: Sequence[ProjectionCall] = (),
        guards: Sequence[Guard] = (),
        snapshots: Sequence[Snapshot] = (),
    ) -> None:
        """Append to the open changeset. Raises StaleStreams with nothing appended."""
        require_no_other_recording(self)
        if not transaction.get_connection().in_atomic_block:
            raise transaction.TransactionManagementError(
                "An open changeset lives inside transaction.atomic()."
            )
        with saying_so(), server_cursor() as cursor:
            if self._was_rolled_back and self._last is not None:
                # The positions of what is gone are given again, for nobody else saw them: the
                # lock is held since the first append. A changeset's range has no holes.
                cursor.execute(_GO_ON_AFTER, [self._last])
                self._was_rolled_back = False
            self._plan_again(cursor)
            send(cursor, events, projections, guards, snapshots, None)
            row = answer(cursor)
        on_rollback(partial(self._take_back, self._first, self._last, len(self._signed)))
        self._first = self._first or row[0]
        self._last = row[1]
        self._signed.append(as_bytes(events))
        self._unplanned += len(events)

    def _plan_again(self, cursor: psycopg.Cursor[Any]) -> None:
        """Let the session plan by the tables as they are, where this changeset made them grow."""
        if self._unplanned >= _OUTGROWN:
            cursor.execute(_PLAN_AGAIN)
            self._unplanned = 0

    def _take_back(self, first: Position | None, last: Position | None, signed: int) -> None:
        self._first, self._last, self._was_rolled_back = first, last, True
        del self._signed[signed:]

    def seal(self, header: Header) -> Sealed | None:
        """Close the changeset; None when nothing was appended to it."""
        if self._first is None or self._last is None:
            return None
        statement = _Statement()
        first = statement.value("first", "bigint", self._first)
        last = statement.value("last", "bigint", self._last)
        seal = _seal(statement, header, b"".join(self._signed), first, last)
        with saying_so(), server_cursor() as cursor:
            self._plan_again(cursor)  # references are checked at the transaction's end
            columns = ", ".join(filter(None, ["s.id, s.recorded_at", bound_with_lock()]))
            cursor.execute(f"SELECT {columns} FROM {seal} AS s", statement.parameters)
            row = cursor.fetchone()
        assert row is not None
        sealed = Sealed(row[0], self._first, self._last, row[1])
        self._first = self._last = None
        self._signed.clear()
        return sealed


_open_recording: ContextVar[Recording | None] = ContextVar("open_recording", default=None)


def require_no_other_recording(own: Recording | None = None) -> None:
    """Refuse to append in the middle of another changeset. Raises RecordingIsOpen."""
    if _open_recording.get() not in (None, own):
        raise RecordingIsOpen


def lock() -> None:
    """Wait for the log's lock and hold it to the end of the transaction.

    For decisions that must still hold at the append (rights, approval). Raises LogIsBusy; what
    comes later than LOG_HOLD_TIMEOUT_SECONDS raises LogHeldTooLong.
    """
    with saying_so(), server_cursor() as cursor:
        # One after the other: a list is evaluated in its order.
        calls = filter(None, ["pg_advisory_xact_lock(7236118)", bound_with_lock()])
        cursor.execute(f"SELECT {', '.join(calls)}")


class _Statement:
    """The parameters of a statement that is being written."""

    def __init__(self) -> None:
        self.parameters: dict[str, Any] = {}

    def value(self, name: str, of_type: str, value: Any) -> str:
        self.parameters[name] = value
        return f"%({name})s::{of_type}"

    def array(self, name: str, of_type: str, values: Sequence[Any]) -> str:
        """An array, in binary: twice as fast as text. One value goes by itself, faster still."""
        match values:
            case []:
                return f"'{{}}'::{of_type}[]"
            case [only]:
                return f"ARRAY[{self.value(name, of_type, only)}]"
        self.parameters[name] = list(values)
        return f"%({name})b::{of_type}[]"


def send(
    cursor: psycopg.Cursor[Any],
    events: Sequence[Event | ForeignEvent],
    projections: Sequence[ProjectionCall],
    guards: Sequence[Guard],
    snapshots: Sequence[Snapshot],
    header: Header | None,
) -> None:
    """Everything in one round trip: append, then project, then seal (if there is a header).

    The order is that of the data: each step reads what the one before gave.
    OFFSET 0 keeps the planner from pulling the steps apart.
    """
    if header is not None and not events:
        raise ValueError("A changeset holds at least one event.")
    statement = _Statement()
    calls = [call.sql for call in projections]
    for call in projections:
        statement.parameters |= call.parameters
    if snapshots:
        calls.append(
            f"eventstore_snapshot({statement.value('snapshots', 'json', _json(snapshots))})"
        )
    steps = "".join(f", CASE WHEN a.stale IS NULL THEN {call} END" for call in calls)
    columns, sealed = ["p.first, p.last, p.stale"], ""
    if header is not None:
        columns.append("s.id, s.recorded_at")
        seal = _seal(statement, header, as_bytes(events), "p.first", "p.last")
        sealed = f" CROSS JOIN LATERAL {seal} AS s"
    if bound := bound_with_lock():
        columns.append(bound)  # evaluated last, when the lock was had
    arguments = [
        statement.array("streams", "uuid", [event.stream_id for event in events]),
        statement.array("versions", "bigint", [event.version for event in events]),
        statement.array("topics", "text", [event.topic for event in events]),
        statement.array("states", "bytea", [to_state(event) for event in events]),
        statement.array("guards", "uuid", [guard.stream_id for guard in guards]),
        statement.array("guard_versions", "bigint", [guard.version for guard in guards]),
    ]
    sql = (
        f"SELECT {', '.join(columns)} FROM eventstore_append({', '.join(arguments)}) AS a"
        " CROSS JOIN LATERAL (SELECT a.first_position AS first, a.last_position AS last, a.stale"
        f"{steps} OFFSET 0) AS p{sealed}"
    )
    cursor.execute(sql, statement.parameters, prepare=len(events) == 1)


def answer(cursor: psycopg.Cursor[Any]) -> Any:
    """The row that comes back for what was sent. Raises StaleStreams."""
    row = cursor.fetchone()
    assert row is not None
    if row[2]:
        raise StaleStreams(row[2])
    return row


def sealed(row: Any) -> Sealed:
    """The answer to what was sent with a header."""
    first, last, _, changeset, recorded_at, *_ = row
    return Sealed(changeset, first, last, recorded_at)


def _seal(statement: _Statement, header: Header, signed: bytes, first: str, last: str) -> str:
    """The call that closes a changeset; `signed` is what its signature says of its events."""
    told = {**header.details, **time_in_details()}
    details = signed_details(
        header.branch, header.actor_id, str(header.kind), header.message, told, signed
    )
    arguments = [
        first,
        last,
        statement.value("branch", "int", header.branch),
        statement.value("actor", "bigint", header.actor_id),
        statement.value("kind", "text", str(header.kind)),
        statement.value("message", "text", header.message),
        statement.value("details", "text", details),
        statement.array("merged", "bigint", header.merged),
        statement.array("reverts", "bigint", header.reverts),
    ]
    return f"eventstore_seal({', '.join(arguments)})"


def _json(snapshots: Sequence[Snapshot]) -> str:
    return json.dumps(
        [{"stream_id": str(s.stream_id), "version": s.version, "state": s.state} for s in snapshots]
    )
