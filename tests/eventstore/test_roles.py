"""With the log owned by a role that nobody signs in as, the wiki's own role can only append.

The roles are made by the very SQL of the document that tells how.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent

import pytest
from django.db import Error, connection, transaction
from psycopg.errors import InsufficientPrivilege, RestrictViolation

from projections.audit.auditing import audit
from projections.following.followed import catch_up
from projections.rebuild import rebuild
from tests.library.models import Author, Book
from versioning import branch_context, viewpoint
from versioning.branches.fork import fork
from versioning.branches.merge import merge
from versioning.models import Branch

pytestmark = pytest.mark.django_db

DOCUMENT = Path(__file__).parents[2] / "docs" / "how-to" / "production-database.md"


@contextmanager
def signed_in_as(role: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role}")
        yield
        cursor.execute("RESET ROLE")


@pytest.fixture
def production() -> Iterator[None]:
    """The database as the document leaves it, seen by the wiki's own role."""
    found = re.search(r"```sql\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for _ in range(2):  # an upgrade runs it again
            cursor.execute(dedent("   " + found[1]))
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    with signed_in_as("thrillwiki_app"):
        yield


def test_the_wiki_works_as_before(production: None) -> None:
    emma = Book.objects.create(slug="emma", title="Emma", text="A text. " * 60)
    emma.authors.set([Author.objects.create(name="Jane")])
    fork("spring")
    with branch_context("spring"):
        Book.objects.update(pages=400)
    merge(Branch.objects.get(name="spring"))
    with viewpoint("spring"):
        assert Book.objects.get().pages == 400
    emma.refresh_from_db()
    emma.delete()
    # Which makes every function once more: no right of a superuser is needed for that.
    catch_up()
    assert audit().findings == ()
    assert rebuild().mended == 0


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE eventstore_event SET topic = 'x'",
        "DELETE FROM eventstore_event",
        "TRUNCATE eventstore_event",
        "UPDATE eventstore_changeset SET message = 'x'",
        "DELETE FROM eventstore_changeset",
        "TRUNCATE eventstore_changeset",
        "ALTER TABLE eventstore_event DISABLE TRIGGER refuse_change",
        "ALTER TABLE eventstore_event DISABLE TRIGGER ALL",
        "ALTER TABLE eventstore_event ALTER COLUMN topic TYPE text USING 'evil'",
        "ALTER TABLE eventstore_event OWNER TO thrillwiki_app",
        "DROP TRIGGER refuse_change ON eventstore_event",
        "CREATE TRIGGER evil AFTER INSERT ON eventstore_event EXECUTE FUNCTION eventstore_refuse()",
        "CREATE RULE evil AS ON INSERT TO eventstore_event DO INSTEAD NOTHING",
        "DROP TABLE eventstore_event",
        "DROP SCHEMA public CASCADE",
        "DROP FUNCTION eventstore_append CASCADE",
        "ALTER FUNCTION eventstore_refuse() RENAME TO gone",
        """CREATE OR REPLACE FUNCTION eventstore_refuse() RETURNS trigger LANGUAGE plpgsql
           AS 'BEGIN RETURN NULL; END'""",
        """CREATE OR REPLACE FUNCTION projection.refuse_strangers() RETURNS trigger
           LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'""",
        "ALTER TABLE head.library_book DISABLE TRIGGER refuse_strangers",
        "CREATE OR REPLACE VIEW past.library_shelf AS SELECT 1 AS id",
        "UPDATE past.library_book SET title = 'x'",
        "CREATE TABLE public.evil ()",
        "SET session_replication_role = 'replica'",
    ],
)
def test_the_wikis_role_is_not_permitted(production: None, deed: str) -> None:
    assert isinstance(_refusal(deed), InsufficientPrivilege)


@pytest.mark.parametrize(
    "deed", ["UPDATE head.library_book SET title = 'x'", "DELETE FROM library_bookversion"]
)
def test_what_follows_from_the_log_is_written_by_its_projector_alone(
    production: None, deed: str
) -> None:
    assert isinstance(_refusal(deed), RestrictViolation)


def test_what_the_wikis_role_may_do_to_each_table_is_told(production: None) -> None:
    """The document names what can be written; of all else nothing can be."""
    told = DOCUMENT.read_text(encoding="utf-8").partition("## What the password can do")[2]
    written_freely = set[str]()
    for line in told.splitlines():
        if line.count("|") == 5 and "| yes | yes |" in line:
            written_freely |= set(re.findall(r"`(\w+)`", line.split("|")[1]))
    found = {table: _may_be_written(table, column) for table, column in _tables()}
    assert {table for table, ways in found.items() if ways} == written_freely
    assert all(found[table] == {"INSERT", "UPDATE", "DELETE"} for table in written_freely)


def _tables() -> list[tuple[str, str]]:
    """Every table of the wiki, each with a column that can be set."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.oid::regclass::text, min(a.attname) FROM pg_class AS c"
            " JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0"
            " AND NOT a.attisdropped AND a.attgenerated = '' AND a.attidentity = ''"
            " WHERE c.relkind IN ('r', 'p') AND c.relnamespace::regnamespace::text"
            " IN ('public', 'head', 'past', 'viewpoint', 'projection') GROUP BY c.oid"
        )
        return list(cursor.fetchall())


def _may_be_written(table: str, column: str) -> set[str]:
    """The statements that change a table's rows and are not refused."""
    statements = (
        f"INSERT INTO {table} DEFAULT VALUES",
        f'UPDATE {table} SET "{column}" = "{column}"',
        f"DELETE FROM {table}",
        f"TRUNCATE {table}",
    )
    return {deed.split()[0] for deed in statements if not _is_refused(deed)}


def _is_refused(deed: str) -> bool:
    """Whether the database says no; that a row without values is none says yes."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(deed)
            transaction.set_rollback(True)
    except Error as error:
        return isinstance(error.__cause__, InsufficientPrivilege | RestrictViolation)
    return False


def test_nobody_signs_in_as_the_owner(production: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.rolname, r.rolcanlogin FROM pg_class AS c JOIN pg_roles AS r"
            " ON r.oid = c.relowner WHERE c.relname LIKE 'eventstore%%' GROUP BY 1, 2"
        )
        assert cursor.fetchall() == [("thrillwiki_owner", False)]


def _refusal(deed: str) -> BaseException | None:
    with pytest.raises(Error) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(deed)
    return refused.value.__cause__
