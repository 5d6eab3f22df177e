"""`manage.py import_csv FILE --mapping MAPPING.toml`: any table of pages, by its columns."""

from argparse import ArgumentParser
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import IntegrityError, transaction
from rich.progress import Progress

from eventstore.log import StaleStreams
from versioning.branches.fork import NameTaken, fork
from versioning.context import BranchIsClosed, BranchMoved
from versioning.viewpoints.chain import NestedTooDeep, NoSuchBranch
from versioning.viewpoints.entering import viewpoint
from wiki.imports.mapped.mapping import BadMapping, read_mapping
from wiki.imports.mapped.planning import Plan, plan_import
from wiki.imports.mapped.reading import Sheet, read_sheet
from wiki.imports.tables.file import BadFile
from wiki.imports.tables.loading import Loaded, load
from wiki.imports.tables.remarks import lines
from wiki.pages.addresses import address_of

MARK = "table"


class Command(BaseCommand):
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
                        branch=branch,
                        message=f"Import {path.name}",
                        dry_run=is_dry,
                        progress=lambda done, of: bar.update(task, completed=done, total=of),
                    )
                    beside = "" if is_dry else _load_doubtful(plan, path, branch)
        except (
            BadMapping, BadFile, NoSuchBranch, BranchIsClosed, BranchMoved, NestedTooDeep,
        ) as error:  # fmt: skip
            raise CommandError(str(error)) from None
        except (StaleStreams, IntegrityError):
            raise CommandError(
                "Somebody edited the same pages while the file was read, so nothing of it was "
                "imported. Run the command again."
            ) from None
        self._report(sheet, plan, loaded, beside, is_dry=is_dry)

    def _report(
        self, sheet: Sheet, plan: Plan, loaded: Loaded, beside: str, *, is_dry: bool
    ) -> None:
        for line in lines(sheet.bad_cells):
            self.stderr.write(line)
        if sheet.unknown_columns:
            self.stderr.write(f"Columns that were not read: {', '.join(sheet.unknown_columns)}.")
        for line in (*loaded.kept, *plan.doubts):
            self.stderr.write(f"{line}.")
        for column, filled in sheet.filled.most_common():
            self.stdout.write(f"{column}: {sheet.read[column]} of {filled} cells were read.")
        made = "".join(f", {count} new {label}" for label, count in plan.made_for.items())
        self.stdout.write(
            f"Rows matched: {plan.matched}, new: {plan.new}{made}, doubtful: {len(plan.doubts)}."
        )
        were = "Would be" if is_dry else "Were"
        self.stdout.write(
            f"{were} created: {loaded.created}, changed: {loaded.changed}, "
            f"left as they are: {loaded.unchanged}."
        )
        if beside:
            self.stdout.write(
                f"The doubtful rows are on the branch {beside}: keep, change or delete its pages, "
                "then merge it."
            )


def _load_doubtful(plan: Plan, path: Path, branch: str) -> str:
    """Put the doubtful rows on a branch of their own; its name, or nothing where there are none."""
    if not plan.doubts:
        return ""
    name = f"doubtful-{address_of(path.stem)[:40]}".rstrip("-")
    # The branch of an earlier run of the same file is brought up to date.
    with suppress(NameTaken):
        fork(name, parent=branch, description=f"Rows of {path.name} that a person must look at.")
    load(
        plan.doubtful,
        mark=MARK,
        branch=name,
        message=f"Doubtful rows of {path.name}",
        more_details={"doubts": " · ".join(plan.doubts)[:10_000]},
    )
    return name
