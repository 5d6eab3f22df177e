"""`manage.py rebuild`: every projection anew from the log, while readers go on."""

from typing import Any

from django.core.management import CommandError
from rich.progress import Progress

from eventstore import reading
from eventstore.management.migrated import MigratedCommand
from projections.rebuild import rebuild
from projections.replay import CannotReplay


class Command(MigratedCommand):
    help = "Rebuild every projection from the log and apply the differences."

    def handle(self, *args: Any, **options: Any) -> None:
        with Progress(transient=True) as bar:
            task = bar.add_task("Replaying the log", total=reading.last_position())
            try:
                rebuilt = rebuild(lambda position: bar.update(task, completed=position))
            except CannotReplay as error:
                raise CommandError(str(error)) from None
        self.stdout.write(
            f"{rebuilt.replayed.events} events replayed to {rebuilt.replayed.versions} versions; "
            f"{rebuilt.mended} rows mended."
        )
