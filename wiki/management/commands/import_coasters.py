"""`manage.py import_coasters FILE`: a table of roller coasters becomes pages."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from versioning.viewpoints.chain import NoSuchBranch
from wiki.imports.coasters.documents import documents_of
from wiki.imports.coasters.loading import load
from wiki.imports.coasters.table import BadFile, bad_cell_lines, read_table


class Command(BaseCommand):
    help = "Import roller coasters, their parks, makers and models from a CSV file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--branch", default="main")
        parser.add_argument("--dry-run", action="store_true", help="report, and write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            table = read_table(options["file"])
            loaded = load(
                documents_of(table.rides),
                branch=options["branch"],
                message=f"Import {options['file'].name}",
                dry_run=options["dry_run"],
            )
        except (BadFile, NoSuchBranch) as error:
            raise CommandError(str(error)) from None
        for line in bad_cell_lines(table.bad_cells):
            self.stderr.write(line)
        if table.unknown_columns:
            self.stderr.write(f"Columns that were not read: {', '.join(table.unknown_columns)}.")
        self.stdout.write(
            f"{'Would be' if options['dry_run'] else 'Were'} created: {loaded.created}, "
            f"changed: {loaded.changed}, left as they are: {loaded.unchanged}; "
            f"cells that could not be read: {len(table.bad_cells)}."
        )
