"""Commands that work on the database, and refuse one that lacks tables, columns or functions."""

from django.core.management import CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from eventstore.management.refusing import RefusingCommand


class MigratedCommand(RefusingCommand):
    """A command that needs every migration; without them it says so instead of failing.

    Cost: reads the migrations, some 0.1 s.
    """

    requires_migrations_checks = True

    def check_migrations(self) -> None:
        """Django only warns, and what follows would end in a traceback. Raises CommandError."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CommandError("The database is not migrated. Run `manage.py migrate` first.")
