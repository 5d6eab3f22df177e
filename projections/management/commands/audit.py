"""`manage.py audit`: exit 0 and a report, or 1 and what is not as it was written."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.db import ProgrammingError
from rich.progress import Progress

from eventstore import reading
from eventstore.heads import keep_head, read_heads
from eventstore.management.migrated import MigratedCommand
from projections.audit.auditing import Report, audit
from projections.audit.merges import Merges
from projections.audit.tables import verify_tables
from projections.models import AuditRun
from versioning.viewpoints.moments import position_of


def first_finding(report: Report) -> str:
    """What was found first, in a sentence, and how much there is; nothing where all is well."""
    if not report.findings:
        return ""
    first = report.findings[0]
    said = f"{first.subject} {first.sentence}"
    return said if report.faults == 1 else f"{said} ({report.faults} faults in all.)"


def kept_heads() -> Path | None:
    """Where each clean audit of the whole wiki notes the log's end, if the settings name a file."""
    file = getattr(settings, "LOG_HEADS_FILE", None)
    return None if file is None else Path(file)


def keep(report: Report) -> None:
    """Remember an audit of the whole wiki, for the page about it."""
    AuditRun.objects.create(
        position=report.position,
        seconds=report.seconds,
        events=report.replayed.events,
        versions=report.replayed.versions,
        finding=first_finding(report),
    )


class Command(MigratedCommand):
    help = "Verify the log, its guards, and every row that follows from it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--at", help="Only up to a moment: a date, a time, p123 or c45.")
        parser.add_argument(
            "--branch", help="Only the rows that this branch reads: its own and its ancestors'."
        )

        parser.add_argument(
            "--since",
            type=Path,
            metavar="FILE",
            help="Also compare with the ends of the log that a file holds: see --note.",
        )
        parser.add_argument(
            "--note",
            type=Path,
            metavar="FILE",
            help="Where all is well, note in a file where the log ends now. Keep it elsewhere.",
        )
        parser.add_argument(
            "--merges",
            action="store_true",
            help="Derive each merge and sync again from its parents and its recorded answers.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        files = [file for file in (kept_heads(), options["since"]) if file is not None]
        if options["since"] and not options["since"].exists():
            raise CommandError(f"There is no file {options['since']}.")
        heads = [head for file in files for head in read_heads(file)]
        try:
            upto = position_of(options["at"]) if options["at"] else reading.last_position()
            with Progress(transient=True) as bar:
                task = bar.add_task("Replaying the log", total=upto)
                report = audit(
                    upto if options["at"] else None,
                    branch=options["branch"],
                    merges=options["merges"],
                    schema=True,
                    heads=heads,
                    progress=lambda position: bar.update(task, completed=position),
                )
        except ProgrammingError as error:
            reason = str(error).splitlines()[0]
            said = [f"A table is not as the migrations made it: {reason}."]
            raise CommandError("\n".join([*said, *map(str, verify_tables())])) from None
        if not (options["at"] or options["branch"]):
            keep(report)
        if report.findings:
            count = "One thing is" if report.faults == 1 else f"{report.faults} things are"
            said = [f"{count} not as written:", *map(str, report.findings)]
            raise CommandError("\n".join(said))
        is_whole = not (options["at"] or options["branch"])
        for file in {kept_heads() if is_whole else None, options["note"]} - {None}:
            keep_head(file, report.position)
        replayed = report.replayed
        self.stdout.write(
            f"All is as it was written: {replayed.events} events, {report.changesets} changesets, "
            f"{replayed.entities} entities, {replayed.versions} versions, {report.seconds:.1f} s."
        )
        if report.merges is not None:
            self.stdout.write(_told(report.merges))


def _told(merges: Merges) -> str:
    said = f"{merges.derived} merges and syncs, derived again, are what was recorded."
    if merges.untold:
        said += (
            f" {merges.untold} cannot be judged: they are from before merges told their "
            "answers and how fields were merged, followed earlier rules, or have a value that "
            "nothing reads any more."
        )
    return said
