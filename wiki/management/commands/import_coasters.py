"""`manage.py import_coasters FILE`: a table of roller coasters becomes pages."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import CommandError
from django.db import IntegrityError
from rich.progress import Progress

from eventstore.management.migrated import MigratedCommand
from wiki.exchange.coasters.documents import MARK, documents_of
from wiki.exchange.coasters.namesakes import bring_together
from wiki.exchange.coasters.table import NOT_TAKEN, Table, read_table
from wiki.exchange.tables.loading import Loaded, load
from wiki.exchange.tables.remarks import lines


class Command(MigratedCommand):
    help = "Import roller coasters, their parks, makers and models from a CSV file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--branch", default="main")
        parser.add_argument("--dry-run", action="store_true", help="report, and write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with Progress(transient=True) as bar:
                task = bar.add_task("Importing coasters", total=None)
                table = read_table(options["file"])
                documents = documents_of(bring_together(table))
                loaded = load(
                    documents,
                    mark=MARK,
                    branch=options["branch"],
                    message=f"Import {options['file'].name}",
                    dry_run=options["dry_run"],
                    progress=lambda done, of: bar.update(task, completed=done, total=of),
                )
        except IntegrityError:
            raise CommandError(
                "Somebody edited the same pages while the file was read, so nothing was "
                "imported. Run the command again."
            ) from None
        self._report_cells(table, in_full=options["verbosity"] > 1)
        self._report(table, loaded, "Would be" if options["dry_run"] else "Were")

    def _report_cells(self, table: Table, *, in_full: bool) -> None:
        for line in lines(table.bad_cells):
            self.stderr.write(line)
        if table.unknown_columns:
            self.stderr.write(f"Columns that were not read: {', '.join(table.unknown_columns)}.")
        if not in_full:
            return
        for line in lines(table.notes):
            self.stderr.write(line)
        for column, reason in NOT_TAKEN.items():
            self.stderr.write(f"The column {column!r} was left out: it {reason}.")
        for column, filled in table.filled.most_common():
            self.stderr.write(f"{column}: {table.read[column]} of {filled} cells were read.")

    def _report(self, table: Table, loaded: Loaded, were: str) -> None:
        for line in loaded.kept:
            self.stderr.write(f"{line}.")
        self.stdout.write(
            f"{were} created: {loaded.created}, changed: {loaded.changed}, "
            f"left as they are: {loaded.unchanged}; "
            f"cells that could not be read: {len(table.bad_cells)}, "
            f"read in part or with a doubt: {len(table.notes)} (-v 2 names them)."
        )
