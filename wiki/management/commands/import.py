"""`manage.py import PLACE`: an export into a wiki that has nothing of it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from rich.progress import Progress

from eventstore.management.migrated import MigratedCommand
from wiki.exchange.importing import import_export


class Command(MigratedCommand):
    help = "Bring in what `export` wrote: the same pages, as one changeset, all or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("place", type=Path, help="the folder or archive that was exported")
        parser.add_argument("--branch", default="main")
        parser.add_argument("--dry-run", action="store_true", help="check, and write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        with Progress(transient=True) as bar:
            task = bar.add_task("Importing", total=None)
            imported = import_export(
                options["place"],
                branch=options["branch"],
                dry_run=options["dry_run"],
                progress=lambda done, of: bar.update(task, completed=done, total=of),
            )
        counts = ", ".join(f"{count} {label}" for label, count in imported.counts.items())
        were = "would come in" if options["dry_run"] else "came in"
        self.stdout.write(f"{counts or 'Nothing'} {were} ({imported.manifest.viewpoint}).")
