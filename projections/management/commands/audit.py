"""`manage.py audit`: exit 0 and a report, or 1 and the first difference."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from projections.audit.auditing import audit
from versioning.viewpoints.moments import NoSuchMoment, position_of


class Command(BaseCommand):
    help = "Verify the log, its guards, and every row that follows from it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--at", help="Only up to a moment: a date, a time, p123 or c45.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            upto = position_of(options["at"]) if options["at"] else None
        except NoSuchMoment as error:
            raise CommandError(str(error)) from None
        report = audit(upto)
        if report.findings:
            first = report.findings[0]
            raise CommandError(
                f"{first.subject} {first.sentence}"
                + (f" ({len(report.findings) - 1} more)" if len(report.findings) > 1 else "")
            )
        self.stdout.write(
            f"All is as it was written: {report.events} events, {report.changesets} changesets, "
            f"{report.entities} entities, {report.versions} versions, {report.seconds:.1f} s."
        )
