"""Refusing to work on a database that lacks tables or columns, with a sentence."""

from django.core.management import CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def require_migrated() -> None:
    """Refuse what would end in a traceback. Raises CommandError.

    Cost: reads the migrations, some 0.1 s.
    """
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CommandError("The database is not migrated. Run `manage.py migrate` first.")
