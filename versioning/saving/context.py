"""Where saves go: which branch, whose, with which message, in which changeset.

Outside any context a save is a changeset of its own on main. Inside
`branch_context` all saves are one changeset on the branch, which reads its
own writes and is sealed at the end.
"""

import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol
from uuid import UUID

from django.db import connection, transaction

from eventstore import log
from eventstore.busy import hold_timeout_seconds, holding_for
from eventstore.errors import Refusal
from eventstore.models import ChangesetKind
from eventstore.rollbacks import on_rollback
from eventstore.types import ChangesetId, Position
from versioning.entities.changes import Change
from versioning.events import MAIN
from versioning.saving import signals, writing
from versioning.saving.mentions import Mentions
from versioning.viewpoints import entering
from versioning.viewpoints.chain import HEAD_OF_MAIN, Viewpoint, resolve
from versioning.viewpoints.threads import require_here
from versioning.viewpoints.visibility import Link

LONGEST_SECONDS = 10.0
"""How long a context may hold the log's lock; longer work is a BatchOperation."""


class ContextTooLong(Refusal):
    """A branch_context held the log's lock for too long; nothing of it was kept."""

    code = "context-too-long"
    status = 503
    hint = "Do long work in a BatchOperation."


class BranchMoved(Refusal):
    """The branch was synced, renamed or closed between resolving it and writing."""

    code = "branch-moved"
    status = 409
    hint = "Try again."


class BranchIsClosed(Refusal):
    """An archived branch is read, never written."""

    code = "branch-is-closed"
    status = 409
    hint = "Open it again first."


class ContextsDoNotNest(Refusal):
    """A changeset is of one branch: finish one context before opening another."""

    code = "contexts-do-not-nest"
    status = 500
    hint = "Leave it first."


class WriteAtViewpoint(Refusal):
    """Something was saved where one only looks."""

    code = "write-at-viewpoint"
    status = 500
    hint = "Leave it, and save inside branch_context to change a branch."


@dataclass
class Context:
    """An open changeset on a branch."""

    at: Viewpoint
    message: str
    kind: ChangesetKind
    details: dict[str, Any]
    merged: tuple[ChangesetId, ...] = ()
    reverts: tuple[ChangesetId, ...] = ()
    longest_seconds: float = LONGEST_SECONDS
    recording: log.Recording = field(default_factory=log.Recording)
    changed: set[tuple[str, UUID]] = field(default_factory=set)
    mentions: Mentions = field(default_factory=Mentions)
    told: list[Change] = field(default_factory=list)
    """What the signal will tell of; kept only where anybody listens."""
    sealed: log.Sealed | None = None
    _locked_at: float | None = None

    @property
    def branch(self) -> int:
        return self.at.branch

    @property
    def longest_hold(self) -> float:
        """How long the log is held, open or asleep: longer where it may write for longer."""
        own = self.longest_seconds if self.longest_seconds > LONGEST_SECONDS else 0
        return max(own, hold_timeout_seconds())

    def header(self) -> log.Header:
        return log.Header(
            self.branch,
            writing.actor.get(),
            self.message,
            self.kind,
            self.details,
            self.merged,
            self.reverts,
        )

    def record(self, changes: Sequence[Change]) -> None:
        """Append to the open changeset. Raises StaleStreams, ContextTooLong."""
        if self.recording.is_empty or self._locked_at is None:
            self._locked_at = time.monotonic()
        if time.monotonic() - self._locked_at > self.longest_seconds:
            raise ContextTooLong(
                f"This context wrote for more than {self.longest_seconds:g} seconds while "
                "everybody else waited. Nothing was kept."
            )
        # Once the log is locked the branch cannot move any more.
        guards = [self.at.guard] if self.at.guard and self.recording.is_empty else []
        try:
            writing.record(changes, self.header(), guards=guards, recording=self.recording)
            new = {(change.kind.label, change.entity_id) for change in changes} - self.changed
            on_rollback(partial(self.changed.difference_update, new))
            self.changed |= new
            self.mentions.take(changes)
            self._keep_to_tell(changes)
        except log.StaleStreams as stale:
            if any(guard.stream_id in stale.streams for guard in guards):
                raise BranchMoved(
                    f"The branch {self.at.name!r} was synced or closed while you wrote."
                ) from None
            raise

    def _keep_to_tell(self, changes: Sequence[Change]) -> None:
        if signals.is_listened_to():
            on_rollback(partial(self.told.__delitem__, slice(len(self.told), None)))
            self.told += changes

    def seal(self) -> None:
        """Close the changeset, if anything was recorded."""
        header = self.header()
        self.sealed = self.recording.seal(header)
        if self.sealed is not None:
            signals.tell_on_commit(self.sealed, header, self.told)


class ResultCheck(Protocol):
    """Looks at entities as they stand on a branch, and stood before. Raises ResultRefused."""

    def __call__(
        self, chain: Sequence[Link], before: Sequence[Link], entities: Collection[tuple[str, UUID]]
    ) -> None: ...


class NamesCheck(Protocol):
    """Looks at what a changeset on main names and takes away. Raises ResultRefused."""

    def __call__(self, mentions: Mentions) -> None: ...


_result_check: list[ResultCheck] = []
_names_check: list[NamesCheck] = []


def register_result_check(check: ResultCheck, names: NamesCheck) -> None:
    """What knows branches' documents brings the checks of a branch's result, and of main's."""
    _result_check[:] = [check]
    _names_check[:] = [names]


_context: ContextVar[Context | None] = ContextVar("branch_context", default=None)


def open_context() -> Context | None:
    """The context that a save would join."""
    return _context.get()


@contextmanager
def branch_context(
    branch: str = "main",
    *,
    message: str = "",
    kind: ChangesetKind = ChangesetKind.EDIT,
    details: dict[str, Any] | None = None,
    merged: Sequence[ChangesetId] = (),
    reverts: Sequence[ChangesetId] = (),
    longest_seconds: float = LONGEST_SECONDS,
) -> Iterator[Context]:
    """Every save inside is an event on the branch; together they are one changeset.

    Queries inside read the branch with one's own writes. An exception keeps
    nothing. Inside a context of the same branch it joins that one's changeset,
    whose message stays. Raises NoSuchBranch, BranchIsClosed, ContextsDoNotNest, ContextTooLong,
    and ResultRefused where a value that must be unique is doubled or a reference is lost.
    """
    require_writable()
    if (opened := open_context()) is not None:
        require_here(to_write=True)
        _require_joinable(opened, branch, kind, merged, reverts)
        # A savepoint, so that an exception keeps nothing of this block and the rest of the other.
        with transaction.atomic():
            yield opened
        return
    at = resolve(branch)
    require_open(at)
    context = Context(
        at, message, kind, details or {}, tuple(merged), tuple(reverts), longest_seconds
    )
    # Left before the commit: what is done on commit is no part of the changeset.
    with transaction.atomic(), _opened(context), entering.writing_at(at):
        with holding_for(context.longest_hold):
            yield context
            _require_sound(context)
        context.seal()


@contextmanager
def _opened(context: Context) -> Iterator[None]:
    token = _context.set(context)
    try:
        with context.recording:
            yield
    finally:
        _context.reset(token)


def _require_joinable(
    opened: Context,
    branch: str,
    kind: ChangesetKind,
    merged: Sequence[ChangesetId],
    reverts: Sequence[ChangesetId],
) -> None:
    """Refuse what cannot be part of the open changeset. Raises ContextsDoNotNest."""
    if opened.at.name != branch:
        raise ContextsDoNotNest(
            f"A branch_context of {opened.at.name!r} is open already, and a changeset is of one "
            "branch.",
            f"Leave it before you write to {branch!r}.",
        )
    if merged or reverts or kind not in (opened.kind, ChangesetKind.EDIT):
        raise ContextsDoNotNest(
            f"A branch_context is open already; its changeset is of the kind {opened.kind} and "
            "says itself what it merges and reverts."
        )


def require_open(at: Viewpoint) -> None:
    """Refuse to write to a branch that was archived. Raises BranchIsClosed."""
    if not at.is_open:
        raise BranchIsClosed(f"The branch {at.name!r} is archived.")


def _require_sound(context: Context) -> None:
    """Refuse, under the log's lock, what main's constraints would refuse. Raises ResultRefused.

    No index can guard a branch: its rows stand beside those that it inherits. And main's guard
    nothing that items name.
    """
    if context.mentions:
        _names_check[0](context.mentions)
    first = context.recording.first_position
    if context.branch != MAIN and context.changed and first is not None:
        own, *inherited = context.at.chain
        before = ((own[0], Position(first - 1)), *inherited)
        _result_check[0](context.at.chain, before, context.changed)


def record(changes: Sequence[Change]) -> None:
    """Record changes where a save goes now.

    Raises StaleStreams, WriteAtViewpoint, ResultRefused.
    """
    require_writable()
    require_here(to_write=True)
    context = open_context()
    if context is not None:
        context.record(changes)
    else:
        _record_alone(changes)


def _record_alone(changes: Sequence[Change]) -> None:
    header = log.Header(MAIN, writing.actor.get(), "")
    mentions = Mentions()
    mentions.take(changes)
    if not mentions:
        writing.record(changes, header)
        return
    if connection.in_atomic_block:
        # A lock that is taken inside of a savepoint would be given back with it.
        log.lock()
    with transaction.atomic():
        writing.record(changes, header)
        _names_check[0](mentions)


def require_writable() -> None:
    """Refuse to write where one only looks. Raises WriteAtViewpoint."""
    if not entering.is_writable():
        raise WriteAtViewpoint("A viewpoint only looks.")


def require_own_changeset() -> None:
    """Refuse what is a changeset of its own where one only looks, or records another.

    Raises WriteAtViewpoint, RecordingIsOpen.
    """
    require_writable()
    log.require_no_other_recording()


def writing_to() -> Viewpoint:
    """The branch head that a save would change now."""
    context = open_context()
    return context.at if context else HEAD_OF_MAIN


class NoAccountKey(Refusal, TypeError):
    """Something acted that is no account's key."""

    code = "no-account-key"
    status = 500
    hint = "Act as an account's primary key, an integer (acting_as(account.pk)), or as None."


@contextmanager
def acting_as(account_id: int | None) -> Iterator[None]:
    """Whose changesets the ones inside are. Raises NoAccountKey."""
    if not isinstance(account_id, int | None):
        raise NoAccountKey(f"A changeset names its author by a number, and {account_id!r} is none.")
    token = writing.actor.set(account_id)
    try:
        yield
    finally:
        writing.actor.reset(token)
