"""Subscriptions to the log, which miss nothing that is recorded while they begin."""

from eventsourcing.postgres import PostgresSubscription
from psycopg.sql import SQL, Identifier


class LogSubscription(PostgresSubscription):
    """The library's subscription, which asks once more after it began to listen.

    The library's own pulls what stands there on one thread while another one begins to listen.
    What is appended after that pull and before the `LISTEN` is noticed with the next event only,
    which may be long in coming (eventsourcing 9.5.6).
    """

    def _listen(self) -> None:
        try:
            with self._recorder.datastore.get_connection() as connection:
                channel = Identifier(self._recorder.channel_name)
                connection.execute(SQL("LISTEN {}").format(channel))
                self._has_been_notified.set()
                while not self._has_been_stopped and not self._thread_error:
                    # A short wait, so that a subscription without events can be stopped.
                    for _ in connection.notifies(timeout=0.1, stop_after=1):
                        self._has_been_notified.set()
        except BaseException as error:  # noqa: BLE001  # raised again where events are read
            self._thread_error = self._thread_error or error
            self.stop()
