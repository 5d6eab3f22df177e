"""Deletions of what moved on meanwhile: merged as edits are, or a conflict with a sentence."""

from collections.abc import Callable, Sequence

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from eventstore.models import Changeset
from projections.audit.auditing import audit
from tests.library.models import Author, Book, Shelf
from versioning import BatchOperation, EditConflict, branch_context, viewpoint
from versioning.branches.fork import fork

pytestmark = pytest.mark.django_db

Delete = Callable[[Sequence[Book]], None]


def in_a_batch(books: Sequence[Book]) -> None:
    with BatchOperation() as batch:
        batch.delete(books)


def one_by_one(books: Sequence[Book]) -> None:
    for book in books:
        book.delete()


@pytest.fixture(params=[in_a_batch, one_by_one])
def delete(request: pytest.FixtureRequest) -> Delete:
    act: Delete = request.param
    return act


@pytest.fixture
def books() -> list[Book]:
    return [Book.objects.create(slug=name, title=name.title()) for name in ("emma", "other")]


def test_what_others_changed_stays_and_is_told(books: list[Book], delete: Delete) -> None:
    again = Book.objects.get(slug="emma")
    again.title = "Emma II"
    again.save()
    with pytest.raises(EditConflict, match="changed while it was being deleted, and stays") as met:
        delete([books[0]])
    conflict = met.value
    assert conflict.base is not None
    assert conflict.theirs is not None
    assert (conflict.base["title"], conflict.theirs["title"]) == ("Emma", "Emma II")
    assert (conflict.mine, conflict.theirs_version) == (None, 2)
    assert Book.objects.count() == 2


def test_a_batch_that_meets_a_conflict_keeps_nothing(books: list[Book]) -> None:
    Book.objects.filter(slug="other").update(title="Another")
    with pytest.raises(EditConflict):
        in_a_batch(books)
    assert Book.objects.count() == 2


def test_lists_of_references_count_as_well(books: list[Book], delete: Delete) -> None:
    """The instance does not hold them."""
    jane = Author.objects.create(name="Jane")
    Book.objects.get(slug="emma").authors.set([jane])
    with pytest.raises(EditConflict):
        delete([books[0]])


def test_what_stands_as_it_was_read_is_deleted(books: list[Book], delete: Delete) -> None:
    for title in ("Emma II", "Emma"):
        Book.objects.filter(slug="emma").update(title=title)
    delete(books)
    assert not Book.objects.exists()
    newest = Book.history.of(books[0].pk).all()[0]
    assert (newest.deleted, newest.version, newest.title) == (True, 4, "Emma")
    assert audit().findings == ()


def test_what_is_gone_stays_gone(books: list[Book], delete: Delete) -> None:
    Book.objects.get(slug="emma").delete()
    before = Changeset.objects.count()
    delete([books[0]])
    assert Changeset.objects.count() == before
    delete(books)
    assert not Book.objects.exists()
    assert audit().findings == ()


def test_on_a_branch_what_it_inherits_is_what_is_deleted(books: list[Book]) -> None:
    fork("spring")
    with branch_context("spring"):
        stale = Book.objects.get(slug="emma")
        Book.objects.filter(slug="emma").update(pages=9)
        with pytest.raises(EditConflict):
            in_a_batch([stale])
        in_a_batch([Book.objects.get(slug="emma")])
    assert Book.objects.count() == 2
    assert audit().findings == ()


def test_what_a_deletion_clears_is_merged_with_others_edits() -> None:
    inside = Shelf.objects.create(label="Upper", inside=(shelf := Shelf.objects.create(label="A")))
    with BatchOperation() as batch:
        batch.delete([shelf])
        Shelf.objects.filter(pk=inside.pk).update(label="Uppermost")
    found = Shelf.objects.get()
    assert (found.label, found.inside) == ("Uppermost", None)
    assert audit().findings == ()


def test_a_cascade_asks_no_query_for_each_that_goes() -> None:
    def queries(count: int) -> int:
        shelf = Shelf.objects.create(label="Novels")
        Book.objects.bulk_create(
            Book(slug=f"n-{count}-{n}", title="N", shelf=shelf) for n in range(count)
        )
        with CaptureQueriesContext(connection) as asked:
            shelf.delete()
        return len(asked)

    assert queries(3) == queries(30)


def test_a_batch_on_a_branch_takes_along_what_stands_there() -> None:
    """Main's books stand elsewhere by then; the branch's have come to the shelf."""
    shelf, other = Shelf.objects.create(label="One"), Shelf.objects.create(label="Other")
    Book.objects.create(slug="main", title="Of main", shelf=shelf)
    fork("spring")
    Book.objects.update(shelf=other)
    Book.objects.create(slug="later", title="Of main, later", shelf=shelf)
    with branch_context("spring"):
        Book.objects.create(slug="spring", title="Of spring", shelf=shelf)
        there = Shelf.objects.get(label="One")
    with BatchOperation(branch="spring") as batch:
        batch.delete([there])
    assert batch.deleted == {"library.Shelf": 1, "library.Book": 2}
    with viewpoint("spring"):
        assert not Book.objects.exists()
    assert Book.objects.count() == 2
    assert audit().findings == ()
