"""Many changesets in one transaction, sent without waiting for each other's answers.

The server works on one while the next is made ready: importing a long history takes
as long as the slower of the two, instead of both. What each becomes is known when it
is sent: the log's lock is held, so that numbers and positions follow from those before.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connection, transaction

from eventstore import log
from eventstore.busy import holding_without_end
from eventstore.connection import errors_of_django, open_cursor, server_cursor
from eventstore.events import Event
from eventstore.sqlfiles import statement
from eventstore.types import ChangesetId, Position
from eventstore.unfit import saying_what_is_unfit


@dataclass(frozen=True)
class Sent:
    """What an append on its way will be."""

    changeset: ChangesetId
    last_position: Position


OnSealed = Callable[[log.Sealed], None]

UNANSWERED = 256
"""Appends that are on their way at most: until it is answered, each is held in memory whole."""

_END = statement(__file__, "end_of_log")


class Pipeline:
    """The end of the log, and the answers that are still to come."""

    def __init__(self, unanswered: int) -> None:
        self._unanswered = unanswered
        self._answers: list[tuple[psycopg.Cursor[Any], Sent, OnSealed | None]] = []
        log.require_no_other_recording()
        log.lock()
        with server_cursor() as cursor:
            cursor.execute(_END)
            (changeset, position), *_ = cursor.fetchall()
        self._end = Sent(ChangesetId(changeset), Position(position))

    def append(
        self,
        events: Sequence[Event],
        header: log.Header,
        *,
        projections: Sequence[log.ProjectionCall] = (),
        snapshots: Sequence[log.Snapshot] = (),
        on_sealed: OnSealed | None = None,
    ) -> Sent:
        """Send events as one changeset; `on_sealed` is told of the answer.

        Cost: a trip for all that may be unanswered. Raises StaleStreams of earlier ones.
        """
        cursor = open_cursor()
        with errors_of_django():
            log.send(cursor, events, projections, (), snapshots, header)
        self._end = Sent(
            ChangesetId(self._end.changeset + 1), Position(self._end.last_position + len(events))
        )
        self._answers.append((cursor, self._end, on_sealed))
        if len(self._answers) == self._unanswered:
            self.finish()
        return self._end

    def finish(self) -> None:
        """Wait for the answers. Raises StaleStreams."""
        for cursor, expected, on_sealed in self._answers:
            with errors_of_django(), cursor:
                sealed = log.sealed(log.answer(cursor))
            if expected != Sent(sealed.changeset, sealed.last_position):
                raise RuntimeError("Something was appended beside an open pipeline.")
            if on_sealed is not None:
                on_sealed(sealed)
        self._answers.clear()


@contextmanager
def pipeline(unanswered: int = UNANSWERED) -> Iterator[Pipeline]:
    """A pipeline inside `transaction.atomic()`; holds the log's lock to its end.

    An append that fails takes the transaction with it, and is heard of at the latest at
    the end of the block. Reads may stand between the appends: each waits for all that was
    sent before it. Nothing else may append.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "A pipeline lives inside transaction.atomic()."
        )
    with (
        holding_without_end(),
        saying_what_is_unfit(),
        errors_of_django(),
        connection.connection.pipeline(),
    ):
        yield (sending := Pipeline(unanswered))
        sending.finish()
