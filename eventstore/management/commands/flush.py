"""`manage.py flush`, which the tests' teardown calls: only ever on a test database.

Django's own truncates, which the log's guards refuse. This one lifts them in
its own transaction, as only the tables' owner can, and puts them back.
"""

from typing import Any

from django.core.management import CommandError
from django.core.management.commands.flush import Command as DjangoFlush
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, transaction

KEPT = frozenset({"django_migrations", "django_content_type", "auth_permission"})
"""What migrations seed, and every later test takes for granted."""


_GUARDS = """
SELECT c.relname, t.tgname FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
 WHERE t.tgenabled = 'A' AND NOT t.tgisinternal AND c.relname = ANY(%s)
"""


class Command(DjangoFlush):
    help = "Empty a test database, its log included. Refused on any other."

    def handle(self, **options: Any) -> None:
        name = str(connection.settings_dict["NAME"])
        if not name.startswith("test_"):
            raise CommandError(
                f"The log of {name!r} is append-only and is not emptied. "
                "To begin anew, make another database."
            )
        self._empty()
        if not options.get("inhibit_post_migrate"):
            emit_post_migrate_signal(0, interactive=False, db="default")

    def _empty(self) -> None:
        """Delete what rows there are: few of many tables, whose indexes take long to truncate."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(map(_name_if_filled, self._tables())))
            filled = [table for (table,) in cursor.fetchall()]
            cursor.execute(_GUARDS, [filled])
            guards = cursor.fetchall()
            for table, trigger in guards:
                cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER "{trigger}"')
            for table in filled:
                cursor.execute(f'DELETE FROM "{table}"')
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # ALTER TABLE waits for no checks
            for table, trigger in guards:
                cursor.execute(f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "{trigger}"')

    def _tables(self) -> list[str]:
        tables = connection.introspection.django_table_names(only_existing=True)
        return [table for table in tables if table not in KEPT]


def _name_if_filled(table: str) -> str:
    return f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")"
