"""The library's own tests of what it can record on, run against the log."""

from typing import Any, ClassVar

import pytest
from django.db import connection
from eventsourcing.persistence import Tracking
from eventsourcing.tests import application as application_cases
from eventsourcing.tests import persistence as cases
from eventsourcing.tests import projection as projection_cases
from eventsourcing.utils import Environment
from psycopg.sql import SQL, Identifier

from eventstore import reading
from eventstore.applications import (
    AggregateRecorder,
    ApplicationRecorder,
    ProcessRecorder,
    SnapshotRecorder,
    TrackingRecorder,
)
from eventstore.datastore import DjangoDatastore, FollowerDatastore
from eventstore.integrity import verify_log
from eventstore.persistence import Factory

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("empty_log")]


class TestApplicationRecorder(cases.ApplicationRecorderTestCase[ApplicationRecorder]):
    def setUp(self) -> None:
        self.followers = FollowerDatastore(pool_size=0, max_overflow=4)
        self.addCleanup(self.followers.close)

    def tearDown(self) -> None:
        assert list(verify_log(reading.last_position())) == []

    def create_recorder(self) -> ApplicationRecorder:
        return ApplicationRecorder(DjangoDatastore(), followers=self.followers)

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestAggregateRecorder(cases.AggregateRecorderTestCase):
    def create_recorder(self) -> AggregateRecorder:
        return AggregateRecorder()

    def tearDown(self) -> None:
        assert list(verify_log(reading.last_position())) == []


class TestSnapshotRecorder(cases.AggregateRecorderTestCase):
    def create_recorder(self) -> SnapshotRecorder:
        return SnapshotRecorder()


class TestNotificationIDsDoNotInterleave(cases.NonInterleavingNotificationIDsBaseCase):
    def create_recorder(self) -> ApplicationRecorder:
        return ApplicationRecorder()


class TestTrackingRecorder(cases.TrackingRecorderTestCase):
    def create_recorder(self) -> TrackingRecorder:
        return TrackingRecorder()


class TestProcessRecorder(cases.ProcessRecorderTestCase):
    def create_recorder(self) -> ProcessRecorder:
        return ProcessRecorder()


class View(TrackingRecorder):
    """As an application of the library would write one."""


class TestFactory(cases.InfrastructureFactoryTestCase[Factory]):
    def setUp(self) -> None:
        self.env = Environment("TestCase", {"PERSISTENCE_MODULE": "eventstore.persistence"})
        super().setUp()

    def expected_factory_class(self) -> type[Factory]:
        return Factory

    def expected_aggregate_recorder_class(self) -> type[AggregateRecorder]:
        return AggregateRecorder

    def expected_application_recorder_class(self) -> type[ApplicationRecorder]:
        return ApplicationRecorder

    def expected_tracking_recorder_class(self) -> type[TrackingRecorder]:
        return TrackingRecorder

    def tracking_recorder_subclass(self) -> type[TrackingRecorder]:
        return View

    def expected_process_recorder_class(self) -> type[ProcessRecorder]:
        return ProcessRecorder


class TestExampleApplication(application_cases.ExampleApplicationTestCase):
    expected_factory_topic = "eventstore.persistence:Factory"


class TestApplication(application_cases.ApplicationTestCase):
    """Its applications are closed by nobody, and need be by nobody."""


class CountersView(TrackingRecorder, projection_cases.EventCountersView):
    """A view with a table of its own, which it makes as those of the library do."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table = Identifier("public", "library_counters")
        self.sql_create_statements.append(
            SQL(
                "CREATE TABLE IF NOT EXISTS {} (name text PRIMARY KEY, count bigint NOT NULL)"
            ).format(self.table)
        )

    def get_created_event_counter(self) -> int:
        return self._count("created")

    def get_subsequent_event_counter(self) -> int:
        return self._count("subsequent")

    def incr_created_event_counter(self, tracking: Tracking) -> None:
        self._increment("created", tracking)

    def incr_subsequent_event_counter(self, tracking: Tracking) -> None:
        self._increment("subsequent", tracking)

    def _count(self, name: str) -> int:
        with self.datastore.transaction() as cursor:
            cursor.execute(SQL("SELECT count FROM {} WHERE name = %s").format(self.table), [name])
            row = cursor.fetchone()
        return row["count"] if row else 0

    def _increment(self, name: str, tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(
                SQL(
                    "INSERT INTO {0} AS t VALUES (%s, 1)"
                    " ON CONFLICT (name) DO UPDATE SET count = t.count + 1"
                ).format(self.table),
                [name],
            )


@pytest.fixture
def _counters(empty_log: None) -> Any:
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS public.library_counters")


@pytest.mark.usefixtures("_counters")
class TestCountersView(projection_cases.EventCountersViewTestCase):
    def construct_event_counters_view(self) -> CountersView:
        view = CountersView(tracking_table_name="eventcounters_tracking")
        view.create_table()
        return view


@pytest.mark.usefixtures("_counters")
class TestProjection(projection_cases.AggregateEventCountersProjectionTestCase):
    view_class = CountersView
    env: ClassVar[dict[str, str]] = {"PERSISTENCE_MODULE": "eventstore.persistence"}


class TestEventSourcedProjection(projection_cases.EventSourcedProjectionTestCase):
    env: ClassVar[dict[str, str]] = {"PERSISTENCE_MODULE": "eventstore.persistence"}
