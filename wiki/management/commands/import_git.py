"""`manage.py import_git REPOSITORY`: text files become articles with their whole history."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from rich.progress import Progress

from eventstore.management.migrated import MigratedCommand
from wiki.exchange.git.bounds import LONGEST_MESSAGE
from wiki.exchange.git.loading import import_git


class Command(MigratedCommand):
    help = "Import a git repository's text files as articles, each commit a changeset."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("repository", type=Path, help="its folder, or a bundle of it")
        parser.add_argument("--path", default="*.md", help="which files, as a pattern (*.md)")
        parser.add_argument("--branch", default="main", help="where HEAD's line goes (main)")

    def handle(self, *args: Any, **options: Any) -> None:
        with Progress(transient=True) as bar:
            task = bar.add_task("Importing commits", total=None)
            report = import_git(
                options["repository"],
                glob=options["path"],
                branch=options["branch"],
                progress=lambda done, of: bar.update(task, completed=done, total=of),
            )
        for path, reason in sorted(report.skipped.items()):
            self.stderr.write(f"{path} {reason}; it was left out.")
        for commit in report.shortened:
            self.stderr.write(
                f"The message of the commit {commit} was cut after {LONGEST_MESSAGE:,} characters."
            )
        if report.is_known:
            self.stdout.write("Everything in it is here already.")
        else:
            self.stdout.write(
                f"{report.commits} commits, {report.branches} branches, {report.pages} pages."
            )
