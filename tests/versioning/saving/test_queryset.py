"""What was made inside a viewpoint and is used outside refuses; a context joins its own branch."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Exists, OuterRef, Subquery

from eventstore import reading
from eventstore.models import ChangesetKind
from projections.audit.auditing import audit
from tests.library.models import Author, Book, Shelf
from versioning import BatchOperation, branch_context, viewpoint
from versioning.branches.fork import fork
from versioning.saving.context import ContextsDoNotNest
from versioning.saving.queryset import LeftViewpoint
from versioning.saving.recorded import WrittenElsewhere

pytestmark = pytest.mark.django_db


async def _all(rows: Any) -> list[Any]:
    return [row async for row in rows]


MADE: dict[str, Callable[[], Any]] = {
    "stream": lambda: Book.objects.iterator(chunk_size=1),
    "raw": lambda: Book.objects.raw("SELECT * FROM library_book"),
    "async stream": lambda: Book.objects.aiterator(),
    "explain": lambda: Book.objects.all(),
    "in": lambda: Book.objects.values("shelf"),
    "subquery": lambda: Subquery(Book.objects.filter(shelf=OuterRef("pk")).values("title")[:1]),
    "exists": lambda: Exists(Book.objects.filter(shelf=OuterRef("pk"))),
    "union": lambda: Book.objects.all(),
}
USED: dict[str, Callable[[Any], Any]] = {
    "stream": list,
    "raw": list,
    "async stream": lambda rows: asyncio.run(_all(rows)),
    "explain": lambda rows: rows.explain(),
    "in": lambda inner: Shelf.objects.filter(pk__in=inner).count(),
    "subquery": lambda inner: list(Shelf.objects.annotate(title=inner)),
    "exists": lambda inner: Shelf.objects.filter(inner).exists(),
    "union": lambda rows: list(Book.objects.all().union(rows)),
}


@pytest.fixture(autouse=True)
def _books() -> None:
    shelf = Shelf.objects.create(label="S")
    Book.objects.bulk_create([Book(slug=f"b{n}", title="B", shelf=shelf) for n in range(3)])


@pytest.mark.parametrize("name", MADE)
def test_what_a_viewpoint_made_refuses_outside(name: str) -> None:
    with viewpoint(at=reading.last_position()):
        made = MADE[name]()
    with pytest.raises(LeftViewpoint):
        USED[name](made)


@pytest.mark.parametrize("name", [each for each in MADE if each != "async stream"])
def test_it_serves_inside(name: str) -> None:
    with viewpoint(at=reading.last_position()):
        assert USED[name](MADE[name]())


@pytest.mark.django_db(transaction=True)
def test_a_stream_that_was_begun_inside_goes_on_nowhere_else() -> None:
    with viewpoint(at=reading.last_position()):
        rows = Book.objects.iterator(chunk_size=1)
        next(rows)
    with pytest.raises(LeftViewpoint):
        next(rows)


def test_a_context_inside_one_of_its_branch_joins_it() -> None:
    fork("spring")
    with branch_context("spring", message="Both") as outer:
        Book.objects.update(pages=1)
        with branch_context("spring", message="Unread") as inner:
            Shelf.objects.update(label="T")
        with BatchOperation(branch="spring") as batch:
            batch.process_changes([Shelf(label="U")])
    assert inner is outer
    assert outer.sealed is not None
    assert outer.sealed.last_position - outer.sealed.first_position == 4
    assert audit().findings == ()


def test_an_exception_of_the_inner_context_keeps_the_outer_ones_edits() -> None:
    with branch_context():
        Book.objects.update(pages=1)
        with pytest.raises(ZeroDivisionError), branch_context():
            Shelf(label=str(Shelf.objects.update(label="T") / 0)).save()
    assert {book.pages for book in Book.objects.all()} == {1}
    assert Shelf.objects.get().label == "S"
    assert audit().findings == ()


def test_a_context_of_another_branch_or_kind_is_refused() -> None:
    fork("spring")
    with branch_context():
        with pytest.raises(ContextsDoNotNest, match="'main' is open already"):
            branch_context("spring").__enter__()
        with pytest.raises(ContextsDoNotNest, match="kind edit"):
            branch_context(kind=ChangesetKind.IMPORT).__enter__()


EDITS: dict[str, Callable[[Any, Any], object]] = {
    "set": lambda book, author: book.authors.set([author]),
    "set nothing": lambda book, author: book.authors.set([]),
    "clear": lambda book, author: book.authors.clear(),
    "add": lambda book, author: book.authors.add(author),
    "remove": lambda book, author: book.authors.remove(author),
    "set from the other side": lambda book, author: author.books.set([]),
    "clear from the other side": lambda book, author: author.books.clear(),
    "add from the other side": lambda book, author: author.books.add(book.pk),
    "add an owner": lambda book, author: Author.objects.get().books.add(book),
    "remove from the other side": lambda book, author: author.books.remove(book.pk),
}


@pytest.mark.parametrize("name", EDITS)
@pytest.mark.parametrize("branch", ["main", "spring"])
def test_references_of_what_was_read_elsewhere_are_not_edited_here(branch: str, name: str) -> None:
    author = Author.objects.create(name="Jane")
    Book.objects.get(slug="b0").authors.set([author])
    position = reading.last_position()
    fork("spring")
    with viewpoint(branch, at=position if branch == "main" else None):
        book, author = Book.objects.get(slug="b0"), Author.objects.get()
    with pytest.raises((WrittenElsewhere, LeftViewpoint)):
        EDITS[name](book, author)
    assert [each.name for each in Book.objects.get(slug="b0").authors.all()] == ["Jane"]
