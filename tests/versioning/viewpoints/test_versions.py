"""An edit begins from the version that was read, whatever an instance is told of it since."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import serializers

from projections.audit.auditing import audit
from projections.rebuild import rebuild
from tests.library.models import Book
from versioning import BatchOperation, branch_context, viewpoint
from versioning.branches.fork import fork
from versioning.entities.conflicts import EditConflict
from versioning.saving.recorded import WrittenElsewhere

pytestmark = pytest.mark.django_db

TEXT = "A long text, of which an event holds what differs and no more. " * 6


@pytest.fixture
def here() -> Book:
    """Read on main at version 2; the branch has a version 2 of its own."""
    book = Book.objects.create(slug="emma", title="Emma", pages=1, text=TEXT)
    fork("spring")
    with branch_context("spring"):
        Book.objects.update(title="Of the branch", text="Other words. " + TEXT)
    book.pages = 7
    book.save()
    return Book.objects.get()


def take_all_fields(book: Book) -> None:
    with viewpoint("spring"):
        there = Book.objects.get()
    for field in Book._meta.concrete_fields:
        if not field.generated:
            setattr(book, field.attname, getattr(there, field.attname))


def name_another_branch(book: Book) -> None:
    book.on_branch, book.pages = 77, 9


def name_another_version(book: Book) -> None:
    Book.objects.update(text=TEXT + "More. ")
    book.version, book.pages, book.text = 3, 9, TEXT + "Less. "


TELLINGS = [take_all_fields, name_another_branch, name_another_version]


def save(book: Book) -> None:
    book.save()


def bulk_update(book: Book) -> None:
    Book.objects.bulk_update([book], ["pages", "title"])


def batch(book: Book) -> None:
    with BatchOperation() as operation:
        operation.process_changes([book])


def delete(book: Book) -> None:
    book.delete()


def set_references(book: Book) -> None:
    book.authors.set([])
    save(book)


@pytest.mark.parametrize("tell", TELLINGS)
@pytest.mark.parametrize("write", [save, bulk_update, batch, delete, set_references])
def test_what_is_assigned_to_the_version_is_not_taken_for_it(
    here: Book, tell: Callable[[Book], None], write: Callable[[Book], None]
) -> None:
    tell(here)
    wanted, refusal = here.pages, None
    try:
        write(here)
    except EditConflict as conflict:  # somebody wrote beside it
        refusal = conflict
    assert (refusal is not None) == (tell is name_another_version and write is not bulk_update)
    assert audit().findings == ()
    assert rebuild().mended == 0
    if refusal is None:
        (now, *_) = here.history.all()
        assert (now.version, now.branch_number, now.deleted) == (
            4 if tell is name_another_version else 3,
            1,
            write is delete,
        )
        assert now.pages == (7 if write is delete else wanted)


def test_a_fixture_leaves_an_inherited_entity_with_the_branch_that_it_is_of(here: Book) -> None:
    fork("summer")
    told = serializers.serialize("json", Book.objects.all())
    with branch_context("summer"):
        (loaded,) = serializers.deserialize("json", told)
        loaded.save()
        book: Any = loaded.object
        assert (book.version, book.on_branch) == (2, 1)
        book.pages = 8
        book.save()
    assert audit().findings == ()


def test_what_a_rollback_left_unchanged_is_still_of_the_branch_that_it_was(here: Book) -> None:
    from django.db import transaction

    fork("summer")
    with branch_context("summer"):
        book = Book.objects.get()
        with transaction.atomic():
            Book.objects.update(pages=8)
            read = Book.objects.get()
            transaction.set_rollback(True)
        read.pages = 7
        read.save()
        assert (read.version, read.on_branch) == (2, 1)
        read.pages = 9
        read.save()
        assert book.history.all()[0].pages == 9
    assert audit().findings == ()


def test_what_was_read_without_its_version_undoes_nobodys_edit(here: Book) -> None:
    read: Callable[[], Book] = lambda: Book.objects.only("title").get()  # noqa: E731
    first, second = read(), read()
    first.title = "First"
    first.save()
    assert second.version == 3  # asked for, and of another title than was read
    second.title = "Second"
    with pytest.raises(EditConflict):
        second.save()
    with pytest.raises(EditConflict):
        second.delete()
    third = read()
    third.delete()
    assert not Book.objects.exists()
    assert audit().findings == ()


def test_a_batch_deletes_nothing_that_was_read_elsewhere(here: Book) -> None:
    with viewpoint("spring"):
        there = Book.objects.get()
    with pytest.raises(WrittenElsewhere), BatchOperation() as operation:
        operation.delete([there])
    assert Book.objects.get() == here
