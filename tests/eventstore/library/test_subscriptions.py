"""A subscription that begins while the log grows is told of every event."""

from queue import Queue
from threading import Event, Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import StoredEvent

from eventstore.applications import ApplicationRecorder
from eventstore.datastore import FollowerDatastore

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("empty_log")]

PATIENCE_SECONDS = 10


def test_an_event_between_the_first_look_and_the_listening_is_told_of() -> None:
    looked, appended = Event(), Event()

    followers = FollowerDatastore(max_overflow=2)
    connection_class: Any = followers.pool.connection_class

    class LateListener(connection_class):  # type: ignore[misc]  # whatever it is
        """Of two connections the one that listens does so after an event was appended."""

        def execute(self, query: Any, *args: Any, **kwargs: Any) -> Any:
            if "LISTEN" in str(query):
                assert appended.wait(PATIENCE_SECONDS)
            return super().execute(query, *args, **kwargs)

    class Recorder(ApplicationRecorder):
        def select_notifications(self, *args: Any, **kwargs: Any) -> Any:
            notifications = super().select_notifications(*args, **kwargs)
            looked.set()
            return notifications

    followers.pool.connection_class = LateListener
    originator_id = uuid4()
    heard: Queue[UUID | str] = Queue()
    with followers, Recorder(followers).subscribe(gt=0) as subscription:
        Thread(target=lambda: heard.put(next(subscription).originator_id), daemon=True).start()
        assert looked.wait(PATIENCE_SECONDS)
        ApplicationRecorder().insert_events([StoredEvent(originator_id, 1, "bell:Rung", b"{}")])
        appended.set()
        assert heard.get(timeout=PATIENCE_SECONDS) == originator_id
