"""Expressions and values as fields have them: each is counted once, and nothing said twice."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import F, Value
from django.db.models.functions import Concat, Upper

from eventstore import reading
from projections.audit.auditing import audit
from tests.library.models import Book, Shelf
from tests.threads import at_once
from versioning import BatchOperation, branch_context
from versioning.branches.fork import fork
from versioning.entities.conflicts import EditConflict
from versioning.entities.expressions import ExpressionRefused
from versioning.saving.queryset import IdentityIsFixed

pytestmark = pytest.mark.django_db(transaction=True)

THREADS, TURNS = 4, 50


@pytest.fixture
def emma() -> Book:
    return Book.objects.create(slug="emma", title="Emma", pages=0)


def saved(book: Book) -> None:
    book.pages = F("pages") + 1
    book.save()


def bulk_updated(book: Book) -> None:
    book.pages = F("pages") + 1
    Book.objects.bulk_update([book], ["pages"])


INCREMENTS: dict[str, Callable[[Book], Any]] = {
    "update": lambda book: Book.objects.filter(pk=book.pk).update(pages=F("pages") + 1),
    "save": saved,
    "bulk_update": bulk_updated,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", INCREMENTS)
def test_each_increment_counts_once(emma: Book, name: str) -> None:
    def work(_: int) -> None:
        mine = Book.objects.get(pk=emma.pk)
        for _ in range(TURNS):
            INCREMENTS[name](mine)

    at_once(THREADS, work)
    assert Book.objects.get().pages == THREADS * TURNS
    assert audit().findings == ()


def test_increments_of_a_branch_count_there(emma: Book) -> None:
    fork("spring")
    with branch_context("spring"):
        Book.objects.update(pages=F("pages") + 1)
        saved(Book.objects.get())
        assert Book.objects.get().pages == 2
    assert Book.objects.get().pages == 0


@pytest.mark.slow
def test_batches_at_once_merge_as_saves_do(emma: Book) -> None:
    Book.objects.update(extra={})

    def work(number: int) -> None:
        for turn in range(10):
            mine = Book.objects.get(pk=emma.pk)
            mine.extra[f"{number}-{turn}"] = turn
            with BatchOperation() as batch:
                batch.process_changes([mine])

    at_once(THREADS, work)
    assert len(Book.objects.get().extra) == THREADS * 10
    assert audit().findings == ()


def test_a_batch_takes_what_others_changed(emma: Book) -> None:
    mine, same = Book.objects.get(), Book.objects.get()
    emma.pages = 7
    emma.save()
    mine.title, same.pages = "Emma II", 7
    Book.objects.bulk_update([mine], ["title"])
    assert (mine.title, mine.pages, mine.version) == ("Emma II", 7, 3)
    assert Book.objects.bulk_update([same], ["pages"]) == 0
    same.title = "Emma III"
    same.save()
    late = Book.objects.get()
    Book.objects.update(title="Emma IV")
    late.title = "Emma V"
    with pytest.raises(EditConflict):
        Book.objects.bulk_update([late], ["title"])
    assert Book.objects.get().title == "Emma IV"
    assert audit().findings == ()


def test_a_save_computes_expressions(emma: Book) -> None:
    emma.pages, emma.title = F("pages") + 2, Concat("title", Value(" II"))
    emma.save()
    assert (emma.pages, emma.title) == (2, "Emma II")
    before = reading.last_position()
    emma.save()
    assert reading.last_position() == before
    assert Book.objects.create(slug="b", title=Upper(Value("b"))).title == "B"
    assert audit().findings == ()


def test_an_expression_that_has_no_row_is_refused() -> None:
    with pytest.raises(ExpressionRefused, match="no row"):
        Book.objects.create(slug="b", title="B", pages=F("pages") + 1)
    assert not Book.objects.exists()


def test_a_batch_refuses_expressions_with_a_sentence(emma: Book) -> None:
    emma.pages = F("pages") + 1
    with pytest.raises(ExpressionRefused, match="save"), BatchOperation() as batch:
        batch.process_changes([emma])


@pytest.mark.parametrize(
    ("name", "value"),
    [("pages", "0"), ("price", "1.5"), ("in_print", "True"), ("title", "Emma"), ("pages", 0.0)],
)
def test_an_equal_value_in_another_form_records_nothing(emma: Book, name: str, value: Any) -> None:
    Book.objects.update(price=1.5)
    before = reading.last_position()
    book = Book.objects.get()
    setattr(book, name, value)
    book.save()
    Book.objects.bulk_update([book], [name])
    Book.objects.update(**{name: value})
    assert reading.last_position() == before


def test_a_value_is_kept_as_its_field_has_it(emma: Book) -> None:
    emma.pages = "78"
    emma.save()
    assert (emma.pages, emma.history.replayed(2)["pages"]) == (78, 78)
    made = Book.objects.create(slug="b", title=12, pages="9")
    assert (made.title, made.pages, made.history.replayed(1)["pages"]) == ("12", 9, 9)
    with pytest.raises(ValueError, match="pages"):
        Book.objects.create(slug="c", title="C", pages="many")
    assert audit().findings == ()


@pytest.mark.parametrize("name", ["pk", "id", "version", "on_branch"])
def test_an_update_of_the_identity_is_refused(emma: Book, name: str) -> None:
    with pytest.raises(IdentityIsFixed, match="identity"):
        Book.objects.update(**{name: emma.pk})


def test_a_bulk_create_settles_its_fields() -> None:
    (book,) = Book.objects.bulk_create([Book(slug="a", title="A", thickness="3 cm")])
    assert book.thickness == Book.objects.get().thickness
    Shelf.objects.bulk_create([Shelf(label="a")])
    assert audit().findings == ()
