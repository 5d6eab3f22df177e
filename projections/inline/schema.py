"""Views and functions follow the models: dropped before migrations, made after.

Views block ALTER TABLE; and whatever is derived is made from the models of
today. A digest in a comment on the schema tells whether anything changed.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from projections.inline import functions
from versioning.branches.genesis import ensure_main
from versioning.entities.kinds import kinds
from versioning.viewpoints import views

SENDER = "versioning"
"""The app whose signal is listened to: one is enough, and it must have models."""


def statements() -> Iterator[str]:
    """Everything that is made after migrations, in order."""
    yield from views.view_statements()
    yield from functions.function_statements()
    yield from storage_statements()


def storage_statements() -> Iterator[str]:
    """Long texts are kept as they are: to compress one takes longer than to write its version.

    See docs/decisions/0011-long-texts-are-not-compressed.md.
    """
    for kind in kinds():
        for f in kind.column_fields:
            if f.merge_kind == "text":
                for table in (kind.table, kind.version_table):
                    yield f'ALTER TABLE public.{table} ALTER "{f.column}" SET STORAGE EXTERNAL'


def digest() -> str:
    """What the statements are, in short."""
    return hashlib.sha256("\n".join(statements()).encode()).hexdigest()


def drop_before_migrating(sender: Any, **options: Any) -> None:
    """Clear the way for ALTER TABLE, once per migrate."""
    if sender.label != SENDER or not options.get("plan"):
        return
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in (*views.drop_statements(), *functions.drop_statements()):
            cursor.execute(statement)


def make_after_migrating(sender: Any, **_: Any) -> None:
    """Make views and functions where they are missing or out of date."""
    if sender.label != SENDER or not _tables_exist() or made_digest() == digest():
        return
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in (*views.drop_statements(), *functions.drop_statements(), *statements()):
            cursor.execute(statement)
        cursor.execute(f"COMMENT ON SCHEMA {functions.SCHEMA} IS '{digest()}'")


def begin_log(sender: Any, **_: Any) -> None:
    """A log begins with main; a flushed one begins again."""
    if sender.label == SENDER and _tables_exist():
        ensure_main()


def made_digest() -> str | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = %s",
            [functions.SCHEMA],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _tables_exist() -> bool:
    """False while only some apps were migrated (`migrate APP`)."""
    wanted = {table for kind in kinds() for table in functions.guarded_tables(kind)}
    return wanted <= set(connection.introspection.table_names())
