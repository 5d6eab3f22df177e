"""One database has the log: another is refused with a sentence, whoever names it."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.library.models import Book, Shelf
from versioning.saving.queryset import AnotherDatabase

pytestmark = pytest.mark.django_db

WAYS: dict[str, Callable[[Book], Any]] = {
    "save": lambda book: book.save(using="other"),
    "delete": lambda book: book.delete(using="other"),
    "refresh": lambda book: book.refresh_from_db(using="other"),
    "using": lambda book: Book.objects.using("other"),
    "manager": lambda book: list(Book.objects.db_manager("other").all()),
    "create": lambda book: Book.objects.db_manager("other").create(slug="b", title="B"),
    "bulk_create": lambda book: Book.objects.db_manager("other").bulk_create([Book(slug="b")]),
    "bulk_update": lambda book: Book.objects.db_manager("other").bulk_update([book], ["title"]),
    "update": lambda book: Book.objects.db_manager("other").update(title="B"),
    "delete all": lambda book: Book.objects.db_manager("other").all().delete(),
    "count": lambda book: Book.objects.db_manager("other").count(),
    "raw": lambda book: Book.objects.raw("SELECT * FROM library_book", using="other"),
}


@pytest.mark.parametrize("name", WAYS)
def test_another_database_is_refused(name: str) -> None:
    book = Book.objects.create(slug="a", title="A")
    with pytest.raises(AnotherDatabase, match="'other' has none"):
        WAYS[name](book)
    assert [each.title for each in Book.objects.all()] == ["A"]


def test_the_default_database_may_be_named() -> None:
    book = Book(slug="a", title="A")
    book.save(using="default")
    assert Book.objects.using("default").count() == 1
    Shelf.objects.using("default").create(label="S")
    book.delete(using="default")
    assert not Book.objects.exists()
