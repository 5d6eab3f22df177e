"""What items name is there, and stays there, on main as on every branch."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from projections.audit.auditing import audit
from tests.library.models import Author, Book
from versioning import BatchOperation, branch_context, viewpoint
from versioning.branches.fork import fork
from versioning.branches.results import ResultRefused
from versioning.entities.kinds import kind_of
from versioning.saving.edits import record_restoration

pytestmark = pytest.mark.django_db


def edited_by(*editors: UUID) -> list[dict[str, Any]]:
    return [{"id": str(place), "editor": editor} for place, editor in enumerate(editors)]


@pytest.fixture
def jane() -> Author:
    return Author.objects.create(name="Jane")


@pytest.fixture
def book(jane: Author) -> Book:
    Book.objects.create(slug="emma", title="Emma", publications=edited_by(jane.pk))
    fork("spring")
    return Book.objects.get()


def delete(author: Author) -> None:
    author.delete()


def delete_all(_: Author) -> None:
    Author.objects.all().delete()


def delete_in_a_batch(author: Author) -> None:
    with BatchOperation() as batch:
        batch.delete([author])


@pytest.mark.parametrize("branch", ["main", "spring"])
@pytest.mark.parametrize("way", [delete, delete_all, delete_in_a_batch])
def test_what_an_item_names_is_not_deleted(
    book: Book, branch: str, way: Callable[[Author], None]
) -> None:
    with pytest.raises(ResultRefused, match="publications of a book"), branch_context(branch):
        way(Author.objects.get())
    with viewpoint(branch):
        assert Author.objects.count() == 1


@pytest.mark.parametrize("way", [delete, delete_all, delete_in_a_batch])
def test_nor_outside_of_a_context(book: Book, way: Callable[[Author], None]) -> None:
    with pytest.raises(ResultRefused, match="Emma: The publications of a book"):
        way(Author.objects.get())
    assert Author.objects.count() == 1
    assert audit().findings == ()


def create(publications: Any) -> None:
    Book.objects.create(slug="other", title="Other", publications=publications)


def save(publications: Any) -> None:
    book = Book.objects.get()
    book.publications = publications
    book.save()


def update(publications: Any) -> None:
    Book.objects.update(publications=publications)


def bulk_create(publications: Any) -> None:
    Book.objects.bulk_create([Book(slug="x", title="X", publications=publications)])


@pytest.mark.parametrize("branch", ["main", "spring", None])
@pytest.mark.parametrize("way", [create, save, update, bulk_create])
def test_an_item_names_nobody_who_is_not_there(
    book: Book, jane: Author, branch: str | None, way: Callable[[Any], None]
) -> None:
    before = (Book.objects.count(), book.version)
    context = nullcontext() if branch is None else branch_context(branch)
    with pytest.raises(ResultRefused, match="publications of a book"), context:
        way(edited_by(jane.pk, uuid4()))
    assert (Book.objects.count(), Book.objects.get().version) == before
    assert audit().findings == ()


def test_a_changeset_is_asked_at_its_end(book: Book, jane: Author) -> None:
    with branch_context():
        ann = Author(name="Ann", pk=uuid4())
        save(edited_by(ann.pk))
        ann.save()
        jane.delete()
    with branch_context():
        book.refresh_from_db()
        ann.delete()
        book.delete()
    assert (Author.objects.count(), Book.objects.count()) == (0, 0)


def test_what_a_savepoint_took_back_is_not_asked_about(book: Book) -> None:
    with branch_context():
        with transaction.atomic():
            save(edited_by(uuid4()))
            Author.objects.get().delete()
            transaction.set_rollback(True)
        Book.objects.update(pages=3)
    assert (Book.objects.get().pages, Author.objects.count()) == (3, 1)


def test_what_comes_back_names_nobody_who_is_gone(book: Book, jane: Author) -> None:
    book.delete()
    jane.delete()
    with pytest.raises(ResultRefused):
        record_restoration(kind_of(Book), book.pk)
    with branch_context():
        record_restoration(kind_of(Book), book.pk)
        record_restoration(kind_of(Author), jane.pk)
    assert Book.objects.get().publications[0].editor == str(jane.pk)


def test_it_costs_a_query_where_something_is_named_anew(book: Book, jane: Author) -> None:
    def queries(edit: Callable[[], object]) -> int:
        with (
            CaptureQueriesContext(connection) as asked,
            branch_context(),
        ):
            edit()
        return len(asked)

    ann = Author.objects.create(name="Ann")

    def saving(**values: Any) -> Callable[[], None]:
        read = Book.objects.get(pk=book.pk)
        for name, value in values.items():
            setattr(read, name, value)
        return read.save

    plain = queries(saving(title="Emma II"))
    assert queries(saving(publications=edited_by(jane.pk, ann.pk))) == plain + 1
    (first, second) = Book.objects.get().publications
    assert queries(saving(publications=[first.replace(imprint="X"), second])) == plain
    assert queries(saving(publications=[])) == plain
