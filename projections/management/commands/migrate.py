"""`manage.py migrate`: Django's own, by an executor that keeps log and tables together."""

from typing import Any

from django.apps import apps
from django.core.management import CommandError
from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS, ProgrammingError, connections
from django.db.migrations.state import ProjectState
from psycopg.errors import InsufficientPrivilege

from projections.migrating.elsewhere import without_models_of_log
from projections.migrating.executor import SteppingExecutor
from versioning.migrating.autodetector import VersionedAutodetector

# Django's command has no other way to be given an executor.
migrate.MigrationExecutor = SteppingExecutor  # type: ignore[attr-defined]  # an import of Django's


class Command(migrate.Command):
    autodetector = VersionedAutodetector

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate. Raises CommandError where the role that is signed in may not."""
        try:
            super().handle(*args, **options)
        except ProgrammingError as error:
            if not isinstance(error.__cause__, InsufficientPrivilege):
                raise
            role = connections[options["database"]].settings_dict["USER"]
            reason = error.__cause__.diag.message_primary
            raise CommandError(
                f"The role {role!r} may not change this database ({reason}). Nothing of the "
                "migration was kept. Let the owner of the database migrate."
            ) from None

    def sync_apps(self, connection: Any, app_labels: Any) -> None:
        """Make the tables of apps without migrations; of the log's in its own database alone."""
        if connection.alias == DEFAULT_DB_ALIAS:
            super().sync_apps(connection, app_labels)
            return
        with without_models_of_log(ProjectState.from_apps(apps)):
            super().sync_apps(connection, app_labels)
