"""`manage.py follow`: carry the projections that follow the log, until Ctrl-C."""

import signal
import time
from typing import Any

from django.db import Error, connections
from eventsourcing.persistence import PersistenceError
from rich.progress import Progress

from config.serving.lifeline import end_with_server
from eventstore import reading
from eventstore.management.migrated import MigratedCommand
from projections.following.runner import follow

PAUSE_SECONDS = 2.0
"""Between two attempts, while the database is away."""


class Command(MigratedCommand):
    help = "Follow the log: totals and whatever else is counted behind the edits. Ends with Ctrl-C."
    requires_migrations_checks = False  # each attempt asks: at first the database may be away

    def handle(self, *args: Any, **options: Any) -> None:
        end_with_server()
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            while True:
                self._follow()
                time.sleep(PAUSE_SECONDS)
        except KeyboardInterrupt:
            self.stdout.write("Stopped; the next time goes on from here.")

    def _follow(self) -> None:
        """Until the database goes away, or a rebuild went past what was being followed."""
        try:
            self.check_migrations()
            with Progress(transient=True) as bar:
                task = bar.add_task("Following the log", total=reading.last_position())
                follow(lambda position: bar.update(task, completed=position))
        except (Error, PersistenceError) as error:
            self.stderr.write(f"Stopped following, and will try again: {error}")
            connections.close_all()
