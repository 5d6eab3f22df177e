"""`manage.py migrate`: Django's own, by an executor that keeps log and tables together."""

from django.core.management.commands import migrate

from projections.migrating.executor import SteppingExecutor
from versioning.migrating.autodetector import VersionedAutodetector

# Django's command has no other way to be given an executor.
migrate.MigrationExecutor = SteppingExecutor  # type: ignore[attr-defined]  # an import of Django's


class Command(migrate.Command):
    autodetector = VersionedAutodetector
