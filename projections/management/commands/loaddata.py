"""`manage.py loaddata`: what a fixture brings is one changeset, named after it."""

import math
from pathlib import Path
from typing import Any

from django.core.management.commands import loaddata
from django.db import DEFAULT_DB_ALIAS

from eventstore import log
from eventstore.management.migrated import MigratedCommand
from versioning.saving.context import branch_context, open_context
from versioning.viewpoints.chain import MAIN_NAME


class Command(MigratedCommand, loaddata.Command):
    def loaddata(self, fixture_labels: Any) -> None:
        """As Django's, inside its transaction; on main, or on the branch of an open context."""
        if self.using != DEFAULT_DB_ALIAS:
            super().loaddata(fixture_labels)
            return
        opened = open_context()
        branch = opened.at.name if opened else MAIN_NAME
        with branch_context(branch, longest_seconds=math.inf) as context:
            log.lock()  # what an entity is compared with stands until all is loaded
            super().loaddata(fixture_labels)
            if opened is None:
                names = [
                    Path(file).name
                    for label in fixture_labels
                    for file, *_ in self.find_fixtures(label)
                ]
                context.message = f"Load fixture {', '.join(names)}"
