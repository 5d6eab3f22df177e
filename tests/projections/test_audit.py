"""The audit is clean after anything the wiki does, and names whatever was tampered with."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from projections.audit.auditing import audit
from projections.rebuild import rebuild
from tests.library.models import Author, Book
from versioning import branch_context
from versioning.branches.fork import fork
from versioning.branches.merge import merge
from versioning.branches.sync import sync
from versioning.models import Branch

pytestmark = pytest.mark.django_db


@pytest.fixture
def library() -> None:
    jane = Author.objects.create(name="Jane")
    emma = Book.objects.create(slug="emma", title="Emma", text="A text. " * 60)
    emma.authors.set([jane])
    fork("spring")
    with branch_context("spring"):
        mine = Book.objects.get()
        mine.pages = 400
        mine.save()
        Book.objects.create(slug="new", title="New")
    emma.text += "And its end."
    emma.save()
    sync(Branch.objects.get(name="spring"))
    with branch_context("spring"):
        Book.objects.get(slug="emma").authors.add(Author.objects.create(name="Ann"))
    merge(Branch.objects.get(name="spring"))
    Book.objects.get(slug="new").delete()


@contextmanager
def as_a_superuser_would() -> Iterator[None]:
    """Behind every guard: the owner may switch triggers off, and no trigger fires."""
    tables = [
        "library_book", "library_bookversion", "library_book_authors",
        "library_book_authorsversion", "eventstore_event", "eventstore_changeset",
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal",
                [table],
            )
            for (trigger,) in cursor.fetchall():
                cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}")


def test_replay_equals_live(library: None) -> None:
    report = audit()
    assert report.findings == ()
    assert report.versions > report.entities > 3


@pytest.mark.parametrize(
    ("tampering", "named"),
    [
        ("UPDATE library_book SET title = 'Evil'", "library_book:"),
        ("DELETE FROM library_book_authors", "library_book_authors"),
        ("UPDATE library_bookversion SET pages = 7 WHERE version = 1", "library_bookversion"),
        ("UPDATE library_bookversion SET valid_to = valid_to - 1", "library_bookversion"),
        ("DELETE FROM library_bookversion WHERE version = 2", "library_bookversion"),
        ("DELETE FROM library_book_authorsversion", "library_book_authors"),
        ("UPDATE eventstore_event SET salt = ''", "event"),
        ("UPDATE eventstore_changeset SET message = 'x' WHERE id = 2", "changeset 2"),
        ("UPDATE eventstore_changeset SET actor_id = 9 WHERE id = 2", "changeset 2"),
        ("UPDATE eventstore_changeset SET hash = '' WHERE id = 3", "changeset 3"),
    ],
)
def test_what_was_tampered_with_is_named(library: None, tampering: str, named: str) -> None:
    with as_a_superuser_would(), connection.cursor() as cursor:
        cursor.execute(tampering)
    assert any(named in finding.subject for finding in audit().findings)


def test_a_rebuild_mends_whatever_was_tampered_with(library: None) -> None:
    assert rebuild().mended == 0
    with as_a_superuser_would(), connection.cursor() as cursor:
        cursor.execute("UPDATE library_book SET title = 'Evil'")
        cursor.execute("UPDATE library_bookversion SET pages = 7 WHERE version = 1")
        cursor.execute("DELETE FROM library_book_authors")
        cursor.execute("DELETE FROM library_book_authorsversion")
    assert audit().findings
    assert rebuild().mended > 0
    assert audit().findings == ()


def test_a_guard_that_was_switched_off_is_named(library: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE eventstore_event DISABLE TRIGGER refuse_change")
    assert [finding.subject for finding in audit().findings] == [
        "trigger refuse_change on eventstore_event"
    ]
