"""`manage.py rebuild`: every projection anew from the log, while readers go on."""

from typing import Any

from rich.progress import Progress

from eventstore import reading
from eventstore.management.migrated import MigratedCommand
from projections.rebuild import rebuild


class Command(MigratedCommand):
    help = "Rebuild every projection from the log and apply the differences."

    def handle(self, *args: Any, **options: Any) -> None:
        with Progress(transient=True) as bar:
            task = bar.add_task("Replaying the log", total=reading.last_position())
            rebuilt = rebuild(lambda position: bar.update(task, completed=position))
        self.stdout.write(
            f"{rebuilt.replayed.events} events replayed to {rebuilt.replayed.versions} versions; "
            f"{rebuilt.mended} rows mended."
        )
