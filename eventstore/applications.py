"""Applications of the eventsourcing library on our log.

What they record is appended as one changeset: under the log's lock, hashed, sealed, chained and
audited like everything else, but on no branch. An application is notified of its own events
alone. Snapshots and trackings are derived, and stand in tables of their own.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from eventsourcing import persistence
from eventsourcing.persistence import (
    IntegrityError,
    Notification,
    ProgrammingError,
    StoredEvent,
    Subscription,
    Tracking,
)
from eventsourcing.postgres import (
    PostgresAggregateRecorder,
    PostgresDatastore,
    PostgresSubscription,
    PostgresTrackingRecorder,
)
from psycopg import Cursor
from psycopg.rows import DictRow

from eventstore import log
from eventstore.datastore import DjangoDatastore
from eventstore.events import ForeignEvent, is_known
from eventstore.foreign import NO_BRANCH
from eventstore.log import Header, Recording, Sealed, StaleStreams
from eventstore.models import ApplicationSnapshot, ApplicationTracking
from eventstore.recorder import LogRecorder
from eventstore.sqlfiles import statement

_NOTIFICATIONS = statement(__file__, "notifications")
_NEWEST = statement(__file__, "newest_notification")
_NEWEST_TOPICS = statement(__file__, "newest_topics")

_HIGHEST = 2**63 - 1


class ApplicationRecorder(LogRecorder):
    """An application's own events, in the log.

    `Application.save` hands `message` and `actor_id` on to the changeset. Inside a transaction of
    Django's, what is recorded is part of it.
    """

    def __init__(
        self,
        datastore: PostgresDatastore | None = None,
        *,
        application: str = "",
        followers: PostgresDatastore | None = None,
        **_: Any,
    ) -> None:
        super().__init__(datastore)
        self.application = application
        self._writing = DjangoDatastore()
        self._followers = followers

    def insert_events(  # type: ignore[override]  # the log as a whole is only read
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        """Append as one changeset; the events' positions. Raises the library's IntegrityError.

        Cost: a statement where no stream comes twice, else one for each event of the longest.
        """
        events = [_foreign(stored) for stored in stored_events]
        message, actor_id = kwargs.pop("message", ""), kwargs.pop("actor_id", None)
        with self._writing.transaction(commit=True) as cursor:
            self._insert_events(cursor, stored_events, **kwargs)
            if not events:
                return None
            _refuse_streams_of_ours(cursor, events)
            details = {"application": self.application}
            sealed = _append(events, Header(NO_BRANCH, actor_id, message, details=details))
        return range_of(sealed)

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """A stream's events. A stream of ours has none for applications."""
        _require_uuid(originator_id)
        stored_events = super().select_events(originator_id, gt=gt, lte=lte, desc=desc, limit=limit)
        return [stored for stored in stored_events if not is_known(stored.topic)]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """The application's own events, in the order of the log."""
        first = 0 if start is None else start + (not inclusive_of_start)
        parameters = {
            "branch": NO_BRANCH,
            "application": self.application,
            "first": first,
            "last": _HIGHEST if stop is None else stop,
            "topics": list(topics) or None,
            "limit": limit,
        }
        with self.datastore.get_connection() as connection, connection.cursor() as cursor:
            cursor.execute(_NOTIFICATIONS, parameters, prepare=True)
            return [
                Notification(
                    id=row["notification_id"],
                    originator_id=row["originator_id"],
                    originator_version=row["originator_version"],
                    topic=row["topic"],
                    state=bytes(row["state"]),
                )
                for row in cursor.fetchall()
            ]

    def max_notification_id(self) -> int | None:
        """The position of the application's newest event."""
        with self.datastore.get_connection() as connection, connection.cursor() as cursor:
            cursor.execute(_NEWEST, [NO_BRANCH, self.application], prepare=True)
            row = cursor.fetchone()
        return None if row is None else int(row["last_position"])

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> Subscription[persistence.ApplicationRecorder]:
        """A subscription waits and reads on connections beside Django's, which has one a thread."""
        recorder = self
        if self._followers is not None:
            recorder = ApplicationRecorder(self._followers, application=self.application)
        return PostgresSubscription(recorder=recorder, gt=gt, topics=topics)


class AggregateRecorder(ApplicationRecorder):
    """Events of aggregates in the log, for who asks for no positions."""

    def insert_events(  # type: ignore[override]  # as in the library, whose recorders differ so
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> None:
        super().insert_events(stored_events, **kwargs)


class SnapshotRecorder(PostgresAggregateRecorder):
    """Snapshots of aggregates: derived, so not in the log, and may be deleted at any time."""

    def __init__(self, datastore: PostgresDatastore | None = None) -> None:
        table = ApplicationSnapshot._meta.db_table
        super().__init__(datastore or DjangoDatastore(), events_table_name=table)
        self.sql_create_statements.clear()

    def create_table(self) -> None:
        """Migrations make it."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> None:
        """Raises the library's IntegrityError where there is one of the version already."""
        if not stored_events:
            return
        columns = zip(
            *(
                (_require_uuid(stored.originator_id), stored.originator_version, stored.topic,
                 stored.state) for stored in stored_events
            ),
            strict=True,
        )  # fmt: skip
        with self.datastore.transaction(commit=True) as cursor:
            cursor.execute(
                f"INSERT INTO public.{self.events_table_name}"
                " (originator_id, originator_version, topic, state)"
                " SELECT * FROM unnest(%s::uuid[], %s::bigint[], %s::text[], %s::bytea[])",
                [list(column) for column in columns],
            )


class TrackingRecorder(PostgresTrackingRecorder):
    """How far projections of applications have come; the base of views kept beside the log.

    The library makes a table for each projection. Here all are rows of one, of which the key is
    the table's name and the application's.
    """

    def __init__(
        self,
        datastore: PostgresDatastore | None = None,
        *,
        tracking_table_name: str = "notification_tracking",
        **kwargs: Any,
    ) -> None:
        table = ApplicationTracking._meta.db_table
        super().__init__(datastore or DjangoDatastore(), tracking_table_name=table, **kwargs)
        self.sql_create_statements.clear()
        self.follower = tracking_table_name

    def create_table(self) -> None:
        """The tables of a view that subclasses this, if it has any."""
        if self.sql_create_statements:
            # Past the library's own, which would take our table for one of its former versions.
            super(PostgresTrackingRecorder, self).create_table()

    def _create_table(self, curs: Cursor[DictRow]) -> None:
        super(PostgresTrackingRecorder, self)._create_table(curs)

    def _insert_tracking(self, curs: Cursor[DictRow], tracking: Tracking) -> None:
        row = Tracking(self._key(tracking.application_name), tracking.notification_id)
        super()._insert_tracking(curs, row)

    def _max_tracking_id(self, application_name: str, curs: Cursor[DictRow]) -> int | None:
        return super()._max_tracking_id(self._key(application_name), curs)

    def _key(self, application_name: str) -> str:
        return f"{self.follower}/{application_name}"


class ProcessRecorder(TrackingRecorder, ApplicationRecorder, persistence.ProcessRecorder):
    """Events in the log, and how far another application was followed: in one transaction."""

    def _insert_events(
        self, curs: Cursor[DictRow], stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> None:
        if (tracking := kwargs.get("tracking")) is not None:
            self._insert_tracking(curs, tracking)


def range_of(sealed: Sealed) -> list[int]:
    """The positions of a changeset."""
    return list(range(sealed.first_position, sealed.last_position + 1))


def _foreign(stored: StoredEvent) -> ForeignEvent:
    if is_known(stored.topic):
        raise ProgrammingError(
            f"The topic {stored.topic!r} is that of an event of the log's own. Append such events "
            "by eventstore.log.append, or register the application's class with another topic."
        )
    return ForeignEvent(
        _require_uuid(stored.originator_id), stored.originator_version, stored.topic, stored.state
    )


def _require_uuid(originator_id: UUID | str) -> UUID:
    if not isinstance(originator_id, UUID):
        raise ProgrammingError(
            f"The log's streams have UUIDs, and {originator_id!r} is none. Make one of it, by "
            "uuid5 say, or keep the application in a database of its own."
        )
    return originator_id


def _refuse_streams_of_ours(cursor: Cursor[DictRow], events: Sequence[ForeignEvent]) -> None:
    """A first event is refused by the stream's version, whosever it is; later ones by this."""
    later = list({event.stream_id for event in events if event.version > 1})
    if not later:
        return
    cursor.execute(_NEWEST_TOPICS, [later], prepare=True)
    for row in cursor.fetchall():
        if is_known(row["topic"]):
            raise IntegrityError(
                f"The stream {row['stream']} is not an application's: it ends with "
                f"{row['topic']!r}. Give the aggregate an id of its own."
            )


def _append(events: Sequence[ForeignEvent], header: Header) -> Sealed:
    """One changeset, whatever the number of events of a stream."""
    rounds = list(_rounds(events))
    try:
        if len(rounds) == 1:
            return log.append(rounds[0], header)
        recording = Recording()
        for each in rounds:
            recording.append(each)
        sealed = recording.seal(header)
    except StaleStreams as stale:
        raise IntegrityError(str(stale)) from stale
    assert sealed is not None
    return sealed


def _rounds(events: Sequence[ForeignEvent]) -> Iterator[list[ForeignEvent]]:
    """In their order, no stream twice in a round: an append compares each with its stream's end."""
    batch: list[ForeignEvent] = []
    streams: set[UUID] = set()
    for event in events:
        if event.stream_id in streams:
            yield batch
            batch, streams = [], set()
        batch.append(event)
        streams.add(event.stream_id)
    yield batch
