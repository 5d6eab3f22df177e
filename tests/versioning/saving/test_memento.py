"""What was rolled back was never saved: neither the log nor an instance believes otherwise."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, transaction

from eventstore import reading
from eventstore.models import Changeset
from projections.audit.auditing import audit
from tests.library.models import Book
from versioning import BatchOperation, branch_context
from versioning.branches.fork import fork

pytestmark = pytest.mark.django_db(transaction=True)


class Undone(Exception):
    pass


@contextmanager
def rolled_back() -> Iterator[None]:
    """A block of which nothing stays: the whole transaction, or a savepoint inside another."""
    try:
        with transaction.atomic():
            yield
            raise Undone
    except Undone:
        pass


@pytest.fixture
def emma() -> Book:
    return Book.objects.create(slug="emma", title="Emma", pages=400)


def titles() -> list[str]:
    return sorted(Book.objects.values_list("title", flat=True))


def test_an_edit_that_was_rolled_back_is_saved_again(emma: Book) -> None:
    emma.title = "Emma II"
    with rolled_back():
        emma.save()
        assert emma.version == 2
    assert emma.version == 1
    emma.save()
    assert (titles(), emma.version) == (["Emma II"], 2)
    assert audit().findings == ()


def test_a_creation_that_was_rolled_back_is_saved_again() -> None:
    book = Book(slug="emma", title="Emma")
    with rolled_back():
        book.save()
        book.title = "Emma II"
        book.save()
    assert book._state.adding
    book.save()
    assert (titles(), book.version) == (["Emma II"], 1)
    assert audit().findings == ()


def test_a_bulk_create_that_was_rolled_back_is_done_again() -> None:
    books = [Book(slug=f"b{n}", title=f"B{n}") for n in range(3)]
    with rolled_back():
        Book.objects.bulk_create(books)
    Book.objects.bulk_create(books)
    assert titles() == ["B0", "B1", "B2"]


def test_a_batch_that_was_rolled_back_is_done_again(emma: Book) -> None:
    emma.title = "Emma II"
    for _ in range(2):
        with rolled_back(), BatchOperation() as batch:
            batch.process_changes([emma])
        assert batch.changed == 1
    emma.save()
    assert titles() == ["Emma II"]


def test_a_savepoint_takes_back_what_came_after_it(emma: Book) -> None:
    with transaction.atomic():
        emma.title = "Emma II"
        emma.save()
        with rolled_back():
            emma.pages = 500
            emma.save()
        assert emma.version == 2
    emma.save()
    assert (Book.objects.get().title, Book.objects.get().pages) == ("Emma II", 500)
    assert audit().findings == ()


def test_references_that_were_rolled_back_are_set_again(emma: Book) -> None:
    other = Book.objects.create(slug="b", title="B")
    author = emma.authors.model.objects.create(name="Jane")
    for book in (emma, other):
        with rolled_back():
            book.authors.set([author])
        book.title += "!"
        book.save()
        book.authors.set([author])
        assert list(book.authors.all()) == [author]
    assert audit().findings == ()


def test_what_was_read_in_a_transaction_that_was_rolled_back_is_merged(emma: Book) -> None:
    mine = Book.objects.get()
    with rolled_back():
        mine.text = "Never written. " * 40
        mine.save()
        phantom = Book.objects.get()
    emma.text = "Written. " * 40
    emma.save()  # a second version, as the phantom was
    phantom.pages = 7
    phantom.save()
    assert (Book.objects.get().text, Book.objects.get().pages) == ("Written. " * 40, 7)
    assert audit().findings == ()


def test_what_was_read_of_a_creation_that_was_rolled_back_is_nowhere() -> None:
    with rolled_back():
        Book.objects.create(slug="a", title="A")
        phantom = Book.objects.get()
    phantom.title = "B"
    with pytest.raises(Book.DoesNotExist):
        phantom.save()


@pytest.mark.parametrize("branch", ["main", "spring"])
def test_a_savepoint_inside_a_context_leaves_the_rest_and_no_gap(emma: Book, branch: str) -> None:
    fork("spring")
    with branch_context(branch) as opened:
        with rolled_back():
            Book.objects.create(slug="x", title="X")
        Book.objects.create(slug="a", title="A")
        with rolled_back():
            Book.objects.bulk_create([Book(slug=f"y{n}", title="Y") for n in range(3)])
        Book.objects.create(slug="b", title="B")
        with rolled_back():
            Book.objects.create(slug="z", title="Z")
    assert opened.sealed is not None
    assert opened.sealed.last_position - opened.sealed.first_position == 1
    with branch_context(branch):
        assert titles() == ["A", "B", "Emma"]
    assert reading.last_position() == opened.sealed.last_position
    assert audit().findings == ()


def test_a_context_of_which_nothing_is_left_is_no_changeset() -> None:
    before = Changeset.objects.count()
    with branch_context() as opened, rolled_back():
        Book.objects.create(slug="x", title="X")
    assert (opened.sealed, Changeset.objects.count()) == (None, before)
    Book.objects.create(slug="a", title="A")
    assert audit().findings == ()


def test_get_or_creates_race_leaves_the_rest(emma: Book) -> None:
    with branch_context() as opened:
        Book.objects.create(slug="a", title="A")
        with rolled_back():
            Book.objects.create(slug="b", title="B")
        Book.objects.get_or_create(slug="b", defaults={"title": "B"})
    assert opened.sealed is not None
    assert titles() == ["A", "B", "Emma"]
    assert audit().findings == ()


def test_a_log_with_a_gap_inside_a_changeset_passes_the_audit() -> None:
    # So it was when the positions of what was rolled back were not given again.
    with branch_context() as opened:
        Book.objects.create(slug="a", title="A")
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('eventstore_position')")
        Book.objects.create(slug="b", title="B")
    assert opened.sealed is not None
    assert opened.sealed.last_position - opened.sealed.first_position == 2
    assert audit().findings == ()


def test_a_commit_that_fails_takes_everything_back(emma: Book) -> None:
    other = Book(slug="emma", title="Twice")
    with pytest.raises(IntegrityError), transaction.atomic():
        other.save()  # the constraint is asked at the commit
    other.slug = "other"
    other.save()
    assert titles() == ["Emma", "Twice"]
    assert audit().findings == ()
