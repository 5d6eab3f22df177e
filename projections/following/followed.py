"""What follows the log, and the one step that it is carried forward by."""

from collections.abc import Callable, Iterator, Sequence
from itertools import batched
from typing import Protocol

from django.db import transaction
from eventsourcing.persistence import Tracking as Tracked
from eventsourcing.postgres import PostgresTrackingRecorder
from psycopg.rows import dict_row

from eventstore import reading
from eventstore.connection import server_cursor
from eventstore.errors import Refusal
from eventstore.integrity import Finding
from eventstore.reading import Recorded
from eventstore.recorder import DjangoDatastore
from eventstore.types import BEGINNING, Position
from projections.models import Tracking

PAGE = 1_000
"""Events that are carried over in one transaction by what is far behind."""


class Followed(Protocol):
    """A projection that follows the log behind the appends."""

    name: str

    def apply(self, events: Sequence[Recorded]) -> None:
        """Take over the next events, in order; inside the transaction that tracks them."""

    def rebuild(self, upto: Position) -> None:
        """Hold what the log leads to at a position, whatever was held; every row stands by then."""

    def verify(self, at: Position) -> Iterator[Finding]:
        """What differs from what the log leads to at a position."""


class AheadOfTheLog(Refusal):
    """A projection has followed further than the log goes: one of the two was restored."""

    code = "ahead-of-the-log"
    status = 500
    hint = "Was it restored from a backup? Run `manage.py rebuild`."

    def __init__(self, name: str, position: Position, end: Position) -> None:
        super().__init__(
            f"The projection {name!r} has followed up to position {position}, but the log ends "
            f"at {end}."
        )


_followed: dict[str, Followed] = {}


def register(projection: Followed) -> None:
    """Let a projection follow the log, from its beginning where it is new."""
    _followed[projection.name] = projection


def followed() -> list[Followed]:
    """All that follow, in the order in which they were registered."""
    return list(_followed.values())


class LogTracking(PostgresTrackingRecorder):
    """The library's tracking, on Django's connection and in its transaction."""

    def __init__(self) -> None:
        super().__init__(DjangoDatastore(), tracking_table_name=Tracking._meta.db_table)

    def max_tracking_id(self, application_name: str) -> int | None:
        """How far all have come: who follows the log goes on from there."""
        return min((tracked(each.name) for each in followed()), default=None)

    def track(self, name: str, position: Position) -> None:
        """Say how far a projection has come. Raises IntegrityError where it was there already."""
        with server_cursor(dict_row) as cursor:
            self._insert_tracking(cursor, Tracked(name, position))


def tracked(name: str) -> Position:
    """The last position that a projection has taken over."""
    found = Tracking.objects.filter(pk=name).values_list("notification_id", flat=True).first()
    return Position(found or BEGINNING)


def advance(projection: Followed, events: Sequence[Recorded], tracking: LogTracking) -> None:
    """Carry a projection over the next events, in one transaction.

    The tracking comes first: a second follower waits there for the first, and is refused.
    """
    with transaction.atomic():
        tracking.track(projection.name, events[-1].position)
        projection.apply(events)


def catch_up(progress: Callable[[Position], None] = lambda _: None) -> None:
    """Carry every projection to the end of the log, in pages. Raises AheadOfTheLog."""
    tracking = LogTracking()
    end = reading.last_position()
    for projection in followed():
        position = tracked(projection.name)
        if position > end:
            raise AheadOfTheLog(projection.name, position, end)
        for events in batched(reading.forward(position, upto=end), PAGE, strict=False):
            advance(projection, events, tracking)
            progress(events[-1].position)
