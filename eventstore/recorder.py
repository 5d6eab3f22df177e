"""The eventsourcing library on our log.

`LogRecorder` is the library's PostgreSQL application recorder on the log's
table. Selecting, notifications and subscriptions are the library's own;
inserting goes through `log.append`, so that whatever records through the
library is locked, hashed and sealed like everything else.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast
from uuid import UUID

import psycopg
from django.db import connection
from eventsourcing.application import Application
from eventsourcing.persistence import ApplicationRecorder, Mapper, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.rows import DictRow, dict_row

from eventstore.log import Header, append
from eventstore.mapper import mapper
from eventstore.models import Event

SYSTEM = Header(branch=1, actor_id=None, message="")


class _ServerBinding:
    """Django's connection, giving out psycopg's own cursors with rows as dicts."""

    def __init__(self, wrapped: psycopg.Connection[Any]) -> None:
        self._wrapped = wrapped

    def cursor(self) -> psycopg.Cursor[DictRow]:
        return psycopg.Cursor(self._wrapped, row_factory=dict_row)


class DjangoDatastore(PostgresDatastore):
    """The library's datastore on Django's connection: no pool of its own."""

    def __init__(self) -> None:
        super().__init__("", "", "", "", "")

    def register_type_adapters(self) -> None:
        """Events are inserted as arrays; no composite type is needed."""

    @contextmanager
    def get_connection(self) -> Iterator[psycopg.Connection[DictRow]]:
        connection.ensure_connection()
        yield cast(psycopg.Connection[DictRow], _ServerBinding(connection.connection))


class LogRecorder(PostgresApplicationRecorder):
    """Reads the log for the library, and appends to it as everybody does."""

    def __init__(self, datastore: PostgresDatastore | None = None) -> None:
        super().__init__(datastore or DjangoDatastore(), events_table_name=Event._meta.db_table)

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        """Append as one changeset; `header` may be given. Raises StaleStreams."""
        if not stored_events:
            return []
        header: Header = kwargs.get("header", SYSTEM)
        sealed = append([mapper.to_domain_event(stored) for stored in stored_events], header)
        return range(sealed.first_position, sealed.last_position + 1)


class FollowerDatastore(PostgresDatastore):
    """A small pool beside Django's, for processes that follow the log."""

    def __init__(self, pool_size: int = 2) -> None:
        super().__init__("", "", "", "", "", pool_size=pool_size)
        # As Django connects, TLS and options included; but with the library's cursors.
        asked = connection.get_connection_params()
        for django_own in ("context", "cursor_factory"):
            asked.pop(django_own, None)
        self.pool.kwargs = {**asked, "row_factory": dict_row}

    def register_type_adapters(self) -> None:
        """Followers insert nothing."""


class Log(Application[UUID]):
    """The log as an application of the library, for its runners to subscribe to."""

    name = "log"

    def construct_mapper(self) -> Mapper[UUID]:
        return mapper

    def construct_recorder(self) -> ApplicationRecorder:
        self._datastore = FollowerDatastore()
        return LogRecorder(self._datastore)

    def close(self) -> None:
        super().close()
        self._datastore.close()
