"""`manage.py import_csv FILE --mapping MAPPING.toml`: any table of pages, by its columns."""

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management import CommandError
from django.db import IntegrityError, transaction
from rich.progress import Progress

from eventstore.management.migrated import MigratedCommand
from versioning.viewpoints.entering import viewpoint
from wiki.exchange.mapped.deciding import Aside, put_aside
from wiki.exchange.mapped.mapping import read_mapping
from wiki.exchange.mapped.plan import Plan
from wiki.exchange.mapped.planning import plan_import
from wiki.exchange.mapped.reading import Sheet, read_sheet
from wiki.exchange.tables.loading import Loaded, load
from wiki.exchange.tables.remarks import lines

MARK = "table"


class Command(MigratedCommand):
    help = (
        "Import pages from a CSV file, by a mapping of its columns. Pages that are there already "
        "are matched; what is doubtful goes to a branch."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", type=Path, required=True, help="a TOML file")
        parser.add_argument("--branch", default="main")
        parser.add_argument("--dry-run", action="store_true", help="report, and write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        path, branch, is_dry = options["file"], options["branch"], options["dry_run"]
        try:
            mapping = read_mapping(options["mapping"])
            with Progress(transient=True) as bar:
                task = bar.add_task("Importing", total=None)
                sheet = read_sheet(path, mapping)
                with viewpoint(branch):
                    plan = plan_import(sheet, mapping)
                with transaction.atomic():
                    loaded = load(
                        plan.documents,
                        mark=MARK,
                        only_if_named=plan.only_named,
                        branch=branch,
                        message=f"Import {path.name}",
                        dry_run=is_dry,
                        progress=lambda done, of: bar.update(task, completed=done, total=of),
                    )
                    aside = Aside()
                    if not is_dry:
                        aside = put_aside(
                            plan,
                            path.name,
                            parent=branch,
                            mark=MARK,
                            addresses=loaded.addresses,
                        )
        except IntegrityError:
            raise CommandError(
                "Somebody edited the same pages while the file was read, so nothing was "
                "imported. Run the command again."
            ) from None
        self._report_cells(sheet, plan)
        if options["verbosity"] > 1:
            self._report_rows(plan, loaded)
        self._report(plan, loaded, aside, is_dry=is_dry)

    def _report_cells(self, sheet: Sheet, plan: Plan) -> None:
        for line in lines([*sheet.bad_cells, *plan.again]):
            self.stderr.write(line)
        if sheet.unknown_columns:
            self.stderr.write(f"Columns that were not read: {', '.join(sheet.unknown_columns)}.")
        for column, filled in sheet.filled.most_common():
            self.stdout.write(f"{column}: {sheet.read[column]} of {filled} cells were read.")

    def _report_rows(self, plan: Plan, loaded: Loaded) -> None:
        """Each row that was matched or is new, with its page; doubtful ones are always named."""
        told = {each.row: f"{each.name}: matched {each.page.said({})}" for each in plan.matched}
        for made in (*plan.named, *plan.new):
            if (address := loaded.addresses.get(made.page_id)) is None:
                continue
            if made.field:
                line = f"{made.field} {made.name!r} is new ({address})"
                self.stdout.write(f"Row {made.row}: {line}.")
            else:
                told[made.row] = f"{made.name}: new ({address})"
        for row, line in sorted(told.items()):
            self.stdout.write(f"Row {row}, {line}.")

    def _report(self, plan: Plan, loaded: Loaded, aside: Aside, *, is_dry: bool) -> None:
        doubts = [row.said(loaded.addresses) for row in plan.doubtful_rows]
        for line in (*loaded.kept, *doubts):
            self.stderr.write(f"{line}.")
        for line in aside.kept:
            self.stderr.write(f"On the branch {aside.branch}: {line}.")
        made = Counter(each.label for each in plan.named if each.page_id in loaded.addresses)
        named = "".join(f", {count} new {label}" for label, count in made.items())
        self.stdout.write(
            f"Rows matched: {len(plan.matched)}, new: {len(plan.new)}{named}, "
            f"doubtful: {len(doubts)}."
        )
        were = "Would be" if is_dry else "Were"
        self.stdout.write(
            f"{were} created: {loaded.created}, changed: {loaded.changed}, "
            f"left as they are: {loaded.unchanged}."
        )
        if aside.branch:
            self.stdout.write(
                f"The doubtful rows are on the branch {aside.branch}, which says what each may "
                "mean: keep, change or delete its pages, then merge it."
            )
