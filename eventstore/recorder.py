"""The eventsourcing library on our log, for reading: all of it, in its order.

`LogRecorder` is the library's PostgreSQL application recorder on the log's table. Selecting,
notifications and subscriptions are the library's own. What is appended goes another way: our own
events through `log.append`, those of the library's applications through `applications`.
"""

from collections.abc import Sequence
from typing import Any, NoReturn
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import (
    ApplicationRecorder,
    JSONTranscoder,
    Mapper,
    Notification,
    ProgrammingError,
    StoredEvent,
)
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore

from eventstore import foreign
from eventstore.datastore import DjangoDatastore, FollowerDatastore
from eventstore.events import Event, ForeignEvent
from eventstore.mapper import mapper
from eventstore.models import Event as EventRow

__all__ = ["DjangoDatastore", "FollowerDatastore", "Log", "LogRecorder"]


class LogRecorder(PostgresApplicationRecorder):
    """Reads the whole log for the library."""

    def __init__(self, datastore: PostgresDatastore | None = None) -> None:
        super().__init__(datastore or DjangoDatastore(), events_table_name=EventRow._meta.db_table)
        self.sql_create_statements.clear()  # migrations make the tables

    def create_table(self) -> None:
        """The tables of subclasses, if they have any."""
        if self.sql_create_statements:
            super().create_table()

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> NoReturn:
        raise ProgrammingError(
            "The log as a whole is only read. Append our own events by eventstore.log.append, and "
            "those of an application with PERSISTENCE_MODULE=eventstore.persistence."
        )


class _LogMapper(Mapper[UUID]):
    """Every event of the log: ours as they are, those of applications unread."""

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        return mapper.to_stored_event(domain_event)

    def to_domain_event(self, stored_event: StoredEvent) -> Event | ForeignEvent:
        assert isinstance(stored_event, Notification)
        assert isinstance(stored_event.originator_id, UUID)
        return foreign.read(
            stored_event.id,
            stored_event.originator_id,
            stored_event.originator_version,
            stored_event.topic,
            stored_event.state,
        )


class Log(Application[UUID]):
    """The log as an application of the library, for its runners to subscribe to."""

    name = "log"

    def construct_mapper(self) -> Mapper[UUID]:
        return _LogMapper(JSONTranscoder())

    def construct_recorder(self) -> ApplicationRecorder:
        self._datastore = FollowerDatastore()
        return LogRecorder(self._datastore)

    def close(self) -> None:
        super().close()
        self._datastore.close()
