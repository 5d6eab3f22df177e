"""Edits that are saved in part, read again in part, or given another key: none is lost."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError
from django.db.models import F

from eventstore.models import Changeset
from projections.audit.auditing import audit
from tests.library.models import Author, Book
from versioning import BatchOperation, branch_context
from versioning.branches.fork import fork
from versioning.saving.recorded import IncompleteCopy

pytestmark = pytest.mark.django_db


@pytest.fixture
def book() -> Book:
    Book.objects.create(slug="emma", title="Emma", pages=100)
    return Book.objects.get(slug="emma")


def fresh(book: Book) -> Book:
    return Book.objects.get(pk=book.pk)


def test_an_edit_outlives_what_is_read_again_beside_it(book: Book) -> None:
    book.pages = 99
    Book.objects.filter(pk=book.pk).update(title="Emma II")
    book.refresh_from_db(fields=["title"])
    assert (book.title, book.pages) == ("Emma II", 99)
    book.save()
    assert (fresh(book).title, fresh(book).pages) == ("Emma II", 99)


def test_what_is_read_again_is_no_edit(book: Book) -> None:
    book.title = "Mine"
    book.refresh_from_db(fields=["title"])
    book.save()
    assert fresh(book).version == 1


def test_an_edit_outlives_the_reading_of_what_was_deferred(book: Book) -> None:
    partly = Book.objects.only("title").get(pk=book.pk)
    partly.title = "New"
    assert partly.pages == 100
    partly.save()
    assert fresh(book).title == "New"


SAVES: dict[str, Callable[[Book], object]] = {
    "save": lambda book: book.save(update_fields=["title"]),
    "bulk_update": lambda book: Book.objects.bulk_update([book], ["title"]),
}


@pytest.mark.parametrize("way", SAVES)
@pytest.mark.parametrize("is_stale", [False, True])
def test_an_edit_outlives_the_save_of_another_field(book: Book, way: str, is_stale: bool) -> None:
    if is_stale:
        Book.objects.filter(pk=book.pk).update(text="Others'")
    book.title, book.pages = "New", 72
    SAVES[way](book)
    assert (fresh(book).title, fresh(book).pages) == ("New", 100)
    assert book.pages == 72
    book.save()
    assert (fresh(book).pages, fresh(book).text) == (72, "Others'" if is_stale else "")
    book.save()
    assert fresh(book).version == book.version


def test_an_edit_outlives_an_expression_in_another_field(book: Book) -> None:
    book.pages, book.title = F("pages") + 1, "New"
    book.save(update_fields=["pages"])
    assert (fresh(book).pages, fresh(book).title) == (101, "Emma")
    book.save()
    assert fresh(book).title == "New"


def another_key(book: Book) -> None:
    book.pk = uuid4()


def no_key(book: Book) -> None:
    book.pk = None


def djangos_recipe(book: Book) -> None:
    book.pk = None
    book._state.adding = True


@pytest.mark.parametrize("give", [another_key, no_key, djangos_recipe])
def test_a_copy_is_another_entity(book: Book, give: Callable[[Book], None]) -> None:
    original = book.pk
    give(book)
    book.slug = "emma-2"
    book.save()
    assert book.pk not in (None, original)
    assert (book.version, book.history.replayed(1)["slug"]) == (1, "emma-2")
    assert sorted(Book.objects.values_list("slug", "pages")) == [("emma", 100), ("emma-2", 100)]
    book.pages = 7
    book.save()
    assert (fresh(book).pages, Book.objects.get(pk=original).pages) == (7, 100)
    assert audit().findings == ()


def test_a_copy_of_what_another_branch_has(book: Book) -> None:
    fork("spring")
    with branch_context("spring"):
        copied = Book.objects.get(pk=book.pk)
    copied.pk, copied.slug = None, "emma-2"
    copied.save()
    assert fresh(copied).slug == "emma-2"


def test_a_copy_of_what_was_read_in_part_is_refused(book: Book) -> None:
    partly = Book.objects.only("title").get(pk=book.pk)
    partly.pk = None
    with pytest.raises(IncompleteCopy, match="was read without"):
        partly.save()
    assert Book.objects.count() == 1


def test_copies_may_be_made_in_a_batch(book: Book) -> None:
    copies = []
    for number in range(2):
        copied = fresh(book)
        copied.pk, copied.slug = None, f"copy-{number}"
        copies.append(copied)
    with BatchOperation() as batch:
        batch.process_changes(copies[:1])
    Book.objects.bulk_create(copies[1:])
    assert Book.objects.count() == 3
    assert audit().findings == ()


@pytest.mark.parametrize("key", [None, "018f0000-0000-7000-8000-000000000000"])
def test_a_key_that_is_left_out_or_told_as_text(key: str | None) -> None:
    made = Author.objects.create(pk=key, name="A")
    assert Author.objects.get(pk=made.pk).name == "A"
    assert key in (None, str(made.pk))


def test_what_is_there_is_not_inserted_again(book: Book) -> None:
    for again in (
        lambda: book.save(force_insert=True),
        lambda: Book.objects.bulk_create([book]),
        lambda: Book(pk=book.pk, slug="other", title="Other").save(),
    ):
        with pytest.raises(IntegrityError, match="Another book has the id"):
            again()
    assert (Book.objects.count(), fresh(book).version) == (1, 1)


def test_what_was_never_saved_is_not_deleted() -> None:
    before = Changeset.objects.count()
    assert Author(name="Nobody").delete() == (0, {"library.Author": 0})
    with pytest.raises(ValueError, match="nothing that could be deleted"):
        Author(pk=None, name="Nobody").delete()
    assert Changeset.objects.count() == before
    assert audit().findings == ()


def test_an_entity_is_deleted_by_its_key_alone(book: Book) -> None:
    assert Book(pk=book.pk).delete() == (1, {"library.Book": 1})
    assert not Book.objects.exists()
    assert audit().findings == ()


def test_an_update_counts_what_a_join_repeats_once(book: Book) -> None:
    book.authors.set([Author.objects.create(name=name) for name in ("A", "B")])
    assert Book.objects.filter(authors__in=Author.objects.all()).update(pages=F("pages") + 1) == 1
    assert fresh(book).pages == 101


def test_whatever_is_shown_of_them_matches_are_updated(book: Book) -> None:
    assert Book.objects.values("title").update(pages=1) == 1
    assert Book.objects.values_list("title", flat=True).filter(slug="emma").update(pages=2) == 1
    assert fresh(book).pages == 2


def test_of_an_entity_that_comes_twice_the_first_counts(book: Book) -> None:
    other = fresh(book)
    book.pages, other.pages = 1, 2
    assert Book.objects.bulk_update([book, other], ["pages"]) == 1
    assert fresh(book).pages == 1


def test_deletions_that_django_refuses_are_refused(book: Book) -> None:
    with pytest.raises(TypeError, match="values"):
        Book.objects.values("title").delete()
    with pytest.raises(TypeError, match="distinct"):
        Book.objects.distinct("title").delete()
    assert fresh(book).version == 1


def unread(book: Book, **values: Any) -> Book:
    """An instance that was made in place of being read."""
    made = Book(pk=book.pk, **values)
    made._state.adding = False
    return made


def test_what_was_not_read_is_edited_without_reading(book: Book) -> None:
    unread(book, pages=5).save(update_fields=["pages"])
    assert (fresh(book).pages, fresh(book).title, fresh(book).slug) == (5, "Emma", "emma")
    Book(pk=book.pk, pages=6).save(update_fields=["pages"])
    Book(pk=str(book.pk), pages=6).save(update_fields=["pages"])
    assert (fresh(book).pages, fresh(book).version) == (6, 3)
    whole = unread(book, slug="emma", title="Emma II")
    whole.save()
    assert (fresh(book).title, fresh(book).pages) == ("Emma II", None)
    whole.pages = 7
    whole.save()
    assert (fresh(book).pages, fresh(book).version, whole.version) == (7, 5, 5)
    Book(pk=book.pk, slug="emma", title="Emma III").save(force_update=True)
    assert fresh(book).title == "Emma III"
    unread(book).delete()
    assert not Book.objects.exists()
    assert audit().findings == ()


@pytest.mark.parametrize("options", [{"update_fields": ["pages"]}, {"force_update": True}])
@pytest.mark.parametrize("was_there", [False, True])
def test_an_update_alone_makes_no_entity(
    book: Book, options: dict[str, Any], was_there: bool
) -> None:
    key = book.pk if was_there else uuid4()
    if was_there:
        book.delete()
    for make in (Book(pk=key, slug="new"), unread(Book(pk=key), slug="new")):
        with pytest.raises(Book.NotUpdated):
            make.save(**options)
    count = Book.objects.count()
    assert Book.history.of(key).all().count() == (2 if was_there else 0)
    new = Book(slug="new")
    with pytest.raises(Book.NotUpdated):
        new.save(**options)
    new.save()
    unread(Book(), slug="newer").save()
    assert Book.objects.count() == count + 2
    assert audit().findings == ()


def test_a_key_in_text_is_the_key(book: Book) -> None:
    author = Author.objects.create(name="Jane")
    for edit in (
        lambda book: book.save(),
        lambda book: Book.objects.bulk_update([book], ["pages"]),
        lambda book: book.authors.set([str(author.pk)]),
        lambda book: book.delete(),
    ):
        book = fresh(book)
        book.pk = str(book.pk)
        book.pages = (book.pages or 0) + 1
        edit(book)
        assert book.pk == UUID(str(book.pk))
    assert (Book.history.all()[0].pages, Book.objects.count()) == (102, 0)
    assert audit().findings == ()
