"""A save becomes an event, a version and a row."""

import pytest

from tests.library.models import Author, Book, Shelf
from versioning import BatchOperation, branch_context, viewpoint
from versioning.branches.fork import fork
from versioning.branches.merge import merge
from versioning.branches.sync import sync

pytestmark = pytest.mark.django_db


def test_the_loop():
    book = Book(slug="emma", title="Emma", pages=400)
    book.save()
    assert Book.objects.get(slug="emma").title == "Emma"
    p1 = Book.history.__class__
    first = book.history.all()[0].valid_from
    book.title = "Emma II"
    book.save()
    assert book.version == 2
    with viewpoint(at=first):
        assert Book.objects.get().title == "Emma"
    assert Book.objects.get().title == "Emma II"
    fork("spring")
    with branch_context("spring", message="go"):
        mine = Book.objects.get()
        mine.pages = 401
        mine.save()
        Book(slug="other", title="Other").save()
    with viewpoint("spring"):
        assert Book.objects.get(slug="emma").pages == 401
        assert Book.objects.count() == 2
    assert Book.objects.get().pages == 400
    book = Book.objects.get()
    book.title = "Emma III"
    book.save()
    from versioning.models import Branch
    sync(Branch.objects.get(name="spring"))
    with viewpoint("spring"):
        assert Book.objects.get(slug="emma").pages == 401
        assert Book.objects.get(slug="emma").title == "Emma III"
    merge(Branch.objects.get(name="spring"))
    assert Book.objects.get(slug="emma").pages == 401
    a = Author.objects.create(name="Jane"); b = Author.objects.create(name="Ann")
    book = Book.objects.get(slug="emma")
    book.authors.set([a, b])
    assert list(book.authors.all()) == [a, b]
    assert [x.title for x in a.books.all()] == ["Emma III"]
    at = book.history.all()[0].valid_from
    book.authors.set([b])
    assert list(book.authors.all()) == [b]
    with viewpoint(at=at):
        assert list(Book.objects.get(slug="emma").authors.all()) == [a, b]
        assert [list(x.authors.all()) for x in Book.objects.prefetch_related("authors").order_by("slug")] == [[a, b], []]
    book.delete()
    assert not Book.objects.filter(slug="emma").exists()
