"""`manage.py export --format FORMAT --output PLACE`: the whole wiki at a viewpoint, as files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from rich.progress import Progress

from eventstore.management.migrated import MigratedCommand
from wiki.exchange.exporting import export
from wiki.exchange.formats import FORMATS


class Command(MigratedCommand):
    help = "Write every page of a viewpoint into a new folder or ZIP archive."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=list(FORMATS), required=True)
        parser.add_argument(
            "--output", type=Path, required=True, help="a new folder, or a new archive (NAME.zip)"
        )
        parser.add_argument("--branch", default="main")
        parser.add_argument(
            "--at", help="a date, a time, a position (p120) or a changeset (c45); otherwise now"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with Progress(transient=True) as bar:
            task = bar.add_task("Exporting", total=None)
            manifest = export(
                options["output"],
                options["format"],
                branch=options["branch"],
                at=options["at"],
                progress=lambda done, of: bar.update(task, completed=done, total=of),
            )
        counts = ", ".join(f"{file.count} {file.kind}" for file in manifest.files if file.count)
        self.stdout.write(
            f"{options['output']}: {manifest.viewpoint}; {counts or 'nothing was there yet'}."
        )
