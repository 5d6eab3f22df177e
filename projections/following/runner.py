"""Follow the log as it grows: one runner of the eventsourcing library for all projections."""

from collections.abc import Callable
from typing import Any

from django.db.backends.signals import connection_created
from eventsourcing.persistence import Tracking as Tracked
from eventsourcing.projection import Projection

from eventstore.alone import alone
from eventstore.connection import server_cursor
from eventstore.reading import Recorded
from eventstore.recorder import Log
from eventstore.runners import BaseProjectionRunner
from eventstore.types import Position
from projections.following.followed import LogTracking, advance, catch_up, followed, tracked

LOCK = 7236119
"""Held by the follower that is at work, so that another one stands by."""

STAND_BY_SECONDS = 1.0


def follow(progress: Callable[[Position], None] = lambda _: None) -> None:
    """Catch up, then carry each event over as it is appended, until interrupted.

    While another process follows, stand by. Raises AheadOfTheLog, and the
    library's or Django's errors where the database goes away.
    """
    connection_created.connect(_wait_for_no_disk, dispatch_uid="projections.following")
    with alone(LOCK, asking_every=STAND_BY_SECONDS):
        catch_up(progress)
        tracking = LogTracking()
        with BaseProjectionRunner[Log](
            projection=_Dispatcher(tracking),
            application_class=Log,
            tracking_recorder=tracking,
            topics=(),
        ) as runner:
            runner.run_forever()


class _Dispatcher(Projection[LogTracking]):
    """Hands each event to every projection that has not taken it over yet.

    All events, of whatever type: with chosen topics tracking would stop at the last match.
    """

    def __init__(self, view: LogTracking) -> None:
        super().__init__(view)
        self._reached = {each.name: tracked(each.name) for each in followed()}

    def process_event(self, domain_event: Any, tracking: Tracked) -> None:
        recorded = Recorded(Position(tracking.notification_id), domain_event)
        for each in followed():
            if self._reached[each.name] < recorded.position:
                advance(each, [recorded], self.view)
                self._reached[each.name] = recorded.position


def _wait_for_no_disk(**_: Any) -> None:
    """What a crash takes from a follower it takes from its tracking too: it goes on from there."""
    with server_cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
