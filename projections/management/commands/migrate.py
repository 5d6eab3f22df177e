"""`manage.py migrate`: Django's own, by an executor that keeps log and tables together."""

from typing import Any

from django.apps import apps
from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS
from django.db.migrations.state import ProjectState

from projections.migrating.elsewhere import without_models_of_log
from projections.migrating.executor import SteppingExecutor
from versioning.migrating.autodetector import VersionedAutodetector

# Django's command has no other way to be given an executor.
migrate.MigrationExecutor = SteppingExecutor  # type: ignore[attr-defined]  # an import of Django's


class Command(migrate.Command):
    autodetector = VersionedAutodetector

    def sync_apps(self, connection: Any, app_labels: Any) -> None:
        """Make the tables of apps without migrations; of the log's in its own database alone."""
        if connection.alias == DEFAULT_DB_ALIAS:
            super().sync_apps(connection, app_labels)
            return
        with without_models_of_log(ProjectState.from_apps(apps)):
            super().sync_apps(connection, app_labels)
