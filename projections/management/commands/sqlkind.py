"""`manage.py sqlkind`: the views and functions that are generated for kinds, as they are made.

What is asked for a unique constraint on branches is no part of the database: it is a comment.
"""

from typing import Any
from uuid import UUID

from django.core.management import BaseCommand, CommandError
from django.core.management.base import CommandParser

from projections.inline import schema
from versioning.branches.constraints import clash_query, rules_of
from versioning.entities.kinds import kinds, kinds_by_label
from versioning.viewpoints.chain import HEAD_OF_MAIN


class Command(BaseCommand):
    help = "Print the SQL that is generated for a kind: its views, its writer, its guards."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "labels", nargs="*", metavar="KIND", help="as in library.book; all if none is named"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        known = kinds_by_label()
        labels = [label.lower() for label in options["labels"]]
        if unknown := [label for label in labels if label not in known]:
            raise CommandError(
                f"There is no kind {unknown[0]}. These are there: {', '.join(sorted(known))}."
            )
        for kind in [known[label] for label in labels] or kinds():
            self.stdout.write(f"-- {kind.label}\n")
            for statement in schema.statements_of(kind):
                self.stdout.write(f"{statement.strip().rstrip(';')};\n")
            for rule in rules_of(kind).unique:
                query, _ = clash_query(kind, rule, {UUID(int=0): {}}, HEAD_OF_MAIN.chain)
                self.stdout.write(
                    f"-- Asked for {rule.name!r}, here of one entity on main: {query};\n"
                )
