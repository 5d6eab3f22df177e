"""`get(pk=...)` takes a shorter way, on which nobody can see anything else than on Django's own."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from eventstore import reading
from tests.library.models import Author, Book, Shelf
from versioning import branch_context, viewpoint
from versioning.branches.fork import fork
from versioning.fields.quantities import Quantity
from versioning.saving.queryset import LeftViewpoint

pytestmark = pytest.mark.django_db


def _book() -> Book:
    shelf = Shelf.objects.create(label="A")
    book: Book = Book.objects.create(
        slug="kestrel", title="Kestrel", pages=7, price="12.50", text="Long.\n" * 90, shelf=shelf,
        extra={"isbn": ["1", {"2": 3}]}, tags=["steel"], thickness=Quantity(Decimal(2), "cm"),
    )  # fmt: skip
    return book


def _held(book: Book) -> tuple[Any, ...]:
    """All that an instance holds, types included."""
    shown, read = vars(book).copy(), book.loaded_values()
    state, _ = shown.pop("_state"), shown.pop("_loaded")
    return shown, [type(value) for value in shown.values()], dict(read), state.db, state.adding


def test_an_entity_is_the_same_on_both_ways_wherever_it_is_read() -> None:
    book = _book()
    position = reading.last_position()
    fork("spring")
    with branch_context("spring"):
        changed = Book.objects.get(pk=book.pk)
        changed.title, changed.extra, changed.tags, changed.pages = "Merlin", {}, [], None
        changed.save()
    Book.objects.filter(pk=book.pk).update(price=None, thickness=None)
    places: dict[str, Callable[[], AbstractContextManager[Any]]] = {
        "main": nullcontext,
        "past": lambda: viewpoint(at=position),
        "branch": lambda: viewpoint("spring"),
        "writing to the branch": lambda: branch_context("spring"),
        "main again": nullcontext,
    }
    titles = {}
    for name, place in places.items():
        with place():
            quick, slow = Book.objects.get(pk=book.pk), Book.objects.filter(pk=book.pk).get()
            assert _held(quick) == _held(slow), name
            titles[name] = quick.title, quick.price is None
    assert titles == {
        "main": ("Kestrel", True),
        "past": ("Kestrel", False),
        "branch": ("Merlin", False),
        "writing to the branch": ("Merlin", False),
        "main again": ("Kestrel", True),
    }


def test_what_is_narrowed_or_widened_is_asked_as_it_is() -> None:
    book = _book()
    other = Shelf.objects.create(label="B")
    replaced = Book.objects.all()
    replaced.query = Book.objects.exclude(pk=book.pk).query
    for narrowed in (Book.objects.exclude(pk=book.pk), other.books, replaced):
        with pytest.raises(Book.DoesNotExist):
            narrowed.get(pk=book.pk)
    with pytest.raises(Book.DoesNotExist):
        Book.objects.get(pk=book.pk, slug="merlin")
    assert Book.objects.only("slug").get(pk=book.pk).get_deferred_fields() >= {"title"}
    assert Book.objects.annotate(n=Count("authors")).get(pk=book.pk).n == 0
    assert Book.objects.values_list("slug").get(pk=book.pk) == ("kestrel",)
    assert Book.objects.select_related("shelf").get(pk=book.pk).shelf == book.shelf
    assert Book.objects.get(pk=str(book.pk)) == Book.objects.get(id=book.pk) == book


def test_what_is_not_there_is_told_as_ever() -> None:
    book = _book()
    with pytest.raises(Book.DoesNotExist, match="Book matching query does not exist"):
        Book.objects.get(pk=uuid4())
    with pytest.raises(Author.DoesNotExist):
        Author.objects.get(pk=book.pk)
    with pytest.raises(ValidationError):
        Book.objects.get(pk="kestrel")
    book.delete()
    with pytest.raises(Book.DoesNotExist):
        Book.objects.get(pk=book.pk)


def test_a_query_of_a_viewpoint_that_was_left_refuses() -> None:
    book = _book()
    with viewpoint(at=reading.last_position()):
        lazy = Book.objects.all()
    with pytest.raises(LeftViewpoint):
        lazy.get(pk=book.pk)


def test_who_counts_queries_sees_it() -> None:
    book = _book()
    with CaptureQueriesContext(connection) as asked:
        Book.objects.get(pk=book.pk)
    assert len(asked) == 1
