"""The log as a persistence module of the eventsourcing library.

    PERSISTENCE_MODULE=eventstore.persistence

lets any of its applications record on the log, with snapshots, projections and process
applications. The database is Django's, so nothing else is to be set; the tables are made by
`manage.py migrate`.
"""

from typing import cast

from eventsourcing import persistence
from eventsourcing.utils import Environment, EnvType, resolve_topic, strtobool

from eventstore import applications
from eventstore.datastore import DjangoDatastore, FollowerDatastore

ORIGINATOR_ID_TYPE = "ORIGINATOR_ID_TYPE"
CREATE_TABLE = "CREATE_TABLE"

MOST_SUBSCRIPTIONS = 15
"""Connections that an application's subscriptions may have at once: each waits on one."""


class Factory(persistence.InfrastructureFactory[applications.TrackingRecorder]):
    """Recorders on Django's connection; subscriptions have a pool, opened by the first of them."""

    aggregate_recorder_class = applications.AggregateRecorder
    snapshot_recorder_class = applications.SnapshotRecorder
    application_recorder_class = applications.ApplicationRecorder
    tracking_recorder_class = applications.TrackingRecorder
    process_recorder_class = applications.ProcessRecorder

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        if (ids := self.env.get(ORIGINATOR_ID_TYPE, "uuid")) != "uuid":
            raise OSError(
                f"{ORIGINATOR_ID_TYPE} is {ids!r}, but the log's streams have UUIDs. Leave it out, "
                "or keep the application in a database of its own."
            )
        self.datastore = DjangoDatastore()
        self.followers = FollowerDatastore(pool_size=0, max_overflow=MOST_SUBSCRIPTIONS + 1)

    def aggregate_recorder(self, purpose: str = "events") -> persistence.AggregateRecorder:
        """Events in the log; everything that is derived from them in the table of snapshots."""
        if purpose == "events":
            return self.aggregate_recorder_class(self.datastore, application=self.env.name)
        return self.snapshot_recorder_class(self.datastore)

    def application_recorder(self) -> persistence.ApplicationRecorder:
        recorder_class = self._class(
            self.APPLICATION_RECORDER_TOPIC, self.application_recorder_class
        )
        recorder = recorder_class(
            self.datastore, application=self.env.name, followers=self.followers
        )
        return self._with_tables(recorder)

    def tracking_recorder(
        self,
        tracking_recorder_class: type[applications.TrackingRecorder] | None = None,
    ) -> applications.TrackingRecorder:
        recorder_class = tracking_recorder_class or self._class(
            self.TRACKING_RECORDER_TOPIC, self.tracking_recorder_class
        )
        if not issubclass(recorder_class, applications.TrackingRecorder):
            raise TypeError(
                f"{recorder_class.__qualname__} cannot be a view on the log's database: let it "
                "subclass eventstore.applications.TrackingRecorder."
            )
        return self._with_tables(
            recorder_class(self.datastore, tracking_table_name=self._tracking_name())
        )

    def process_recorder(self) -> persistence.ProcessRecorder:
        recorder_class = self._class(self.PROCESS_RECORDER_TOPIC, self.process_recorder_class)
        return self._with_tables(
            recorder_class(
                self.datastore,
                application=self.env.name,
                followers=self.followers,
                tracking_table_name=self._tracking_name(),
            )
        )

    def close(self) -> None:
        """Close the subscriptions' connections; Django's are Django's."""
        self.followers.close()

    def _class[Recorder](self, topic: str, default: type[Recorder]) -> type[Recorder]:
        named = self.env.get(topic)
        return cast(type[Recorder], resolve_topic(named)) if named else default

    def _with_tables[
        Recorder: (
            applications.ApplicationRecorder,
            applications.TrackingRecorder,
            applications.ProcessRecorder,
        )
    ](self, recorder: Recorder) -> Recorder:
        """The tables of a subclass; ours are there."""
        if strtobool(self.env.get(CREATE_TABLE) or "yes"):
            recorder.create_table()
        return recorder

    def _tracking_name(self) -> str:
        return f"{self.env.name.lower() or 'notification'}_tracking"
