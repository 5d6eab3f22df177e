"""`manage.py schema [KIND]`: what records look like, as JSON Schema."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from versioning.branches.documents import branch_kinds
from wiki.schema.kinds import kind_schema


class Command(BaseCommand):
    help = "Print the JSON Schema of a kind's records, or of every kind's."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", nargs="?", help="as wiki.ride; otherwise all of them")

    def handle(self, *args: Any, **options: Any) -> None:
        known = {kind.label: kind for kind in branch_kinds()}
        wanted = options["kind"]
        if wanted is None:
            found = {label: kind_schema(kind) for label, kind in known.items()}
        elif wanted in known:
            found = kind_schema(known[wanted])
        else:
            raise CommandError(f"There is no kind {wanted!r}. There are {', '.join(known)}.")
        self.stdout.write(json.dumps(found, indent=2, ensure_ascii=False))
