"""What is derived from each kind in the database: its views, its writer, its place.

Made from the models as they are, today's or those of a migration's state. A digest in a
comment on the schema of the writers tells what all of it was made from.
"""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.migrations.state import StateApps

from eventstore.models import Changeset, Event, SuppressedChangeset
from projections.inline import functions, suppression
from projections.migrating.locking import lock_kinds
from versioning.branches.genesis import ensure_main
from versioning.entities.kinds import HEADS, Kind, head_relation, kinds, kinds_by_label, reading_as
from versioning.models import Branch, SuppressedVersions
from versioning.schema.states import kinds_in
from versioning.viewpoints import sql_views

_NEEDED = (Changeset, Event, SuppressedChangeset, Branch, SuppressedVersions)

SENDER = "versioning"
"""The app whose signal is listened to: one is enough, and it must have models."""


def statements() -> Iterator[str]:
    """Everything that is derived from the kinds, in the order in which it is made."""
    yield from _foundation()
    for kind in kinds():
        yield from statements_of(kind)


def _foundation() -> Iterator[str]:
    """What all kinds stand on."""
    yield f"CREATE SCHEMA IF NOT EXISTS {HEADS}"
    yield from sql_views.schema_statements()
    yield f"CREATE SCHEMA {functions.SCHEMA}"
    yield functions.GUARD
    yield from suppression.statements()


def statements_of(kind: Kind) -> Iterator[str]:
    """What is derived from one kind: its views, its writer and guards, how its texts are kept."""
    yield from sql_views.view_statements(kind)
    yield from functions.writer_statements(kind)
    yield from storage_statements(kind)


def storage_statements(kind: Kind) -> Iterator[str]:
    """Long texts are kept as they are: to compress one takes longer than to write its version.

    See docs/decisions/0011-long-texts-are-not-compressed.md.
    """
    for f in kind.columns_by_name:
        if f.merge_kind == "text":
            for relation in (kind.head, kind.versions):
                yield f'ALTER TABLE {relation} ALTER "{f.column}" SET STORAGE EXTERNAL'


def digest() -> str:
    """What the statements are, in short."""
    return hashlib.sha256("\n".join(statements()).encode()).hexdigest()


def made_digest() -> str | None:
    """What stands in the database, in short; None where nothing was made yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = %s",
            [functions.SCHEMA],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def make_after_migrating(sender: Any, **options: Any) -> None:
    """Make what is missing or out of date, whatever it was that changed."""
    if not _is_migrated(sender, options):
        return
    with reading_as(_migrated(options)):
        if not tables_exist() or made_digest() == digest():
            return
        with transaction.atomic():
            lock_kinds(kinds())
            make_all()


def make_all() -> None:
    """Make everything anew, whatever stands."""
    run([*sql_views.drop_statements(), *functions.drop_statements(), *_foundation()])
    make(kinds())
    sign()


def begin_log(sender: Any, **options: Any) -> None:
    """A log begins with main; a flushed one begins again."""
    if not _is_migrated(sender, options):
        return
    with reading_as(_migrated(options)):
        if tables_exist():
            ensure_main()


def _is_migrated(sender: Any, options: dict[str, Any]) -> bool:
    """Whether it is the log's database that was migrated."""
    is_of_log = options.get("using", DEFAULT_DB_ALIAS) == DEFAULT_DB_ALIAS
    return is_of_log and bool(sender.label == SENDER)


def _migrated(options: dict[str, Any]) -> dict[str, Kind]:
    """The kinds as the database has them: those of the last migration, or the code's."""
    apps = options.get("apps")
    return kinds_in(apps) if isinstance(apps, StateApps) else kinds_by_label()


def make(changed: Iterable[Kind]) -> None:
    """Make what is derived from some kinds; none of it is there."""
    changed = list(changed)
    place(changed)
    for kind in changed:
        run(
            f"DROP TRIGGER IF EXISTS refuse_strangers ON {r}"
            for r in functions.guarded_relations(kind)
        )
        run(statements_of(kind))


def sign() -> None:
    """Say that all is made, and of what."""
    run([f"COMMENT ON SCHEMA {functions.SCHEMA} IS '{digest()}'"])


def place(some: Iterable[Kind]) -> None:
    """Put head tables where they belong; a migration makes them in `public`."""
    run([f"CREATE SCHEMA IF NOT EXISTS {HEADS}"])
    for kind in some:
        for table in functions.head_tables(kind):
            if not _exists(head_relation(table)):
                run([f'ALTER TABLE public."{table}" SET SCHEMA {HEADS}'])


def remove(changed: Iterable[Kind]) -> None:
    """Take away what keeps the tables of some kinds from being altered; guards stay in force."""
    for kind in changed:
        run(sql_views.drop_view_statements(kind))
        run(functions.drop_writer_statements(kind))


def run(statements: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _exists(relation: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [relation])
        return bool(cursor.fetchone()[0])


def tables_exist() -> bool:
    """False while only some apps were migrated (`migrate APP`), the engine's own not among them."""
    wanted = {table for kind in kinds() for table in functions.guarded_tables(kind)}
    wanted |= {model._meta.db_table for model in _NEEDED}
    return wanted <= set(connection.introspection.table_names())
