"""The whole ORM: it reads at any viewpoint what was there, and writes events or refuses."""

from typing import Any

import pytest
from django.db import models
from django.db.models import Avg, Count, Exists, F, Max, OuterRef, Prefetch, Q, Subquery
from django.forms.models import modelform_factory

from eventstore import reading
from eventstore.errors import Refusal
from eventstore.models import Changeset, Event
from projections.audit.auditing import audit
from tests.library.models import Author, Book, Shelf
from versioning import branch_context, viewpoint
from versioning.branches.fork import fork
from versioning.entities.kinds import kind_of
from versioning.saving.queryset import LeftViewpoint

pytestmark = pytest.mark.django_db


READS: dict[str, Any] = {
    "joins": lambda: sorted(
        Book.objects.filter(shelf__label="upper", editor__name="Jane").values_list("title")
    ),
    "select_related": lambda: sorted(
        f"{b.title} {b.shelf and b.shelf.label} {b.editor and b.editor.name}"
        for b in Book.objects.select_related("shelf", "editor")
    ),
    "prefetch": lambda: sorted(
        (b.title, [a.name for a in b.authors.all()])
        for b in Book.objects.prefetch_related("authors")
    ),
    "prefetch with a queryset": lambda: sorted(
        (s.label, sorted(b.title for b in s.thick))
        for s in Shelf.objects.prefetch_related(
            Prefetch("books", Book.objects.filter(pages__gte=100), to_attr="thick")
        )
    ),
    "aggregates": lambda: Book.objects.aggregate(Count("id"), Max("pages"), Avg("pages")),
    "annotations": lambda: sorted(
        Shelf.objects.annotate(n=Count("books")).values_list("label", "n")
    ),
    "counts": lambda: (Book.objects.count(), Author.objects.filter(books__pages=200).count()),
    "exists": lambda: (Book.objects.filter(pages=200).exists(), Book.objects.exists()),
    "slices": lambda: [b.slug for b in Book.objects.order_by("-slug")[1:4]],
    "reverse relations": lambda: sorted(
        b.title for s in Shelf.objects.order_by("id")[:1] for b in s.books.all()
    ),
    "reverse references": lambda: sorted(
        Author.objects.filter(books__slug="upper-0").values_list("name", flat=True)
    ),
    "subqueries": lambda: sorted(
        Shelf.objects.annotate(
            best=Subquery(
                Book.objects.filter(shelf=OuterRef("pk")).order_by("-pages").values("slug")[:1]
            )
        ).values_list("best", flat=True)
    ),
    "exists in a query": lambda: Shelf.objects.filter(
        Exists(Book.objects.filter(shelf=OuterRef("pk"), pages=200))
    ).count(),
    "or and not": lambda: sorted(
        Book.objects.filter(Q(pages=0) | ~Q(shelf__label="upper")).values_list("slug", flat=True)
    ),
    "expressions": lambda: sorted(Book.objects.values_list(F("pages") * 2, flat=True)),
    "unions": lambda: sorted(
        Book.objects.filter(pages=0).union(Book.objects.filter(pages=200)).values_list("slug")
    ),
    "distinct": lambda: sorted(Book.objects.values_list("shelf__label", flat=True).distinct()),
    "in_bulk": lambda: sorted(b.title for b in Book.objects.in_bulk().values()),
    "generated columns": lambda: sorted(Book.objects.values_list("shouted", flat=True)),
    "iterator": lambda: sorted(b.slug for b in Book.objects.iterator(chunk_size=2)),
    "raw": lambda: sorted(b.slug for b in Book.objects.raw("SELECT * FROM library_book")),
    "dates": lambda: list(Author.objects.dates("born", "year")),
    "first and last": lambda: [
        getattr(Book.objects.order_by("slug").first(), "title", None),
        getattr(Book.objects.order_by("slug").last(), "title", None),
    ],
}


@pytest.mark.parametrize("name", READS)
def test_the_past_reads_as_the_present_read_then(name: str) -> None:
    read = READS[name]
    _fill()
    then = read()
    position = reading.last_position()
    fork("then")
    _change()
    assert read() != then or name == "dates"
    with viewpoint(at=position):
        assert read() == then
    with viewpoint("then"):
        assert read() == then
    with branch_context("then"):
        Shelf.objects.create(label="of the branch alone")
    with viewpoint("then", at=reading.last_position() - 1):
        assert read() == then


def _fill() -> None:
    jane, ann = (Author.objects.create(name=name) for name in ("Jane", "Ann"))
    for label in ("upper", "lower"):
        shelf = Shelf.objects.create(label=label)
        for number in range(3):
            book = Book.objects.create(
                slug=f"{label}-{number}", title=f"{label} {number}", pages=100 * number,
                shelf=shelf, editor=jane,
            )  # fmt: skip
            book.authors.set([ann, jane] if number else [jane])


def _change() -> None:
    """Nothing reads as it did."""
    Book.objects.filter(slug__in=["upper-2", "lower-2"]).delete()
    Book.objects.get(slug="upper-0").authors.clear()
    Book.objects.update(pages=7, title="changed", slug=models.functions.Concat("slug", "title"))
    Shelf.objects.update(label="changed")
    Author.objects.update(name="changed")


def test_get_or_create_and_update_or_create_are_events() -> None:
    made, created = Book.objects.get_or_create(slug="a", defaults={"title": "A"})
    again, created_again = Book.objects.get_or_create(slug="a", defaults={"title": "B"})
    assert (created, created_again, again.pk) == (True, False, made.pk)
    changed, is_new = Book.objects.update_or_create(slug="a", defaults={"title": "C"})
    assert (is_new, changed.title, changed.version) == (False, "C", 2)
    assert audit().findings == ()


def test_bulk_writes_are_one_changeset_each() -> None:
    before = Changeset.objects.count()
    Book.objects.bulk_create([Book(slug=f"b-{n}", title="B") for n in range(10)])
    books = list(Book.objects.all())
    for book in books[:3]:
        book.title = "changed"
    assert Book.objects.bulk_update(books, ["title"]) == 3
    assert Book.objects.filter(title="changed").update(pages=F("pages") + 1, in_print=False) == 3
    assert Book.objects.filter(in_print=False).delete()[0] == 3
    assert Changeset.objects.count() == before + 4
    assert audit().findings == ()


def test_a_forms_save_is_an_event() -> None:
    form = modelform_factory(Book, fields=["slug", "title", "authors"])
    jane = Author.objects.create(name="Jane")
    filled = form({"slug": "a", "title": "A", "authors": [str(jane.pk)]})
    assert filled.is_valid(), filled.errors
    book = filled.save()
    assert list(book.authors.all()) == [jane]
    assert audit().findings == ()


def test_related_managers_write_events() -> None:
    shelf = Shelf.objects.create(label="S")
    book = shelf.books.create(slug="a", title="A")
    other = Book.objects.create(slug="b", title="B")
    shelf.books.add(other)
    assert shelf.books.count() == 2
    shelf.books.remove(book)
    jane, ann = (Author.objects.create(name=name) for name in ("Jane", "Ann"))
    other.authors.add(jane, ann)
    other.authors.remove(jane)
    assert list(other.authors.all()) == [ann]
    assert list(ann.books.all()) == [other]
    assert audit().findings == ()


@pytest.mark.parametrize(
    ("write", "sentence"),
    [
        (lambda: list(Book.objects.select_for_update()), "never locked"),
        (lambda: Book.objects.bulk_create([Book(slug="x")], ignore_conflicts=True), "no upsert"),
        (lambda: Book.objects.all()[:1].update(title="x"), "slice"),
        (lambda: Book.objects.all()[:1].delete(), "limit"),
        (lambda: Changeset().save(), "follows from what was appended"),
        (lambda: Event().save(), "follows from what was appended"),
        (lambda: kind_of(Book).version_model().save(), "follows from what was appended"),
    ],
)
def test_what_is_no_event_is_refused_with_a_sentence(write: Any, sentence: str) -> None:
    Book.objects.create(slug="a", title="A")
    with pytest.raises((Refusal, TypeError), match=sentence):
        write()


def test_a_query_that_outlives_its_viewpoint_refuses() -> None:
    book = Book.objects.create(slug="a", title="A", shelf=Shelf.objects.create(label="S"))
    position = reading.last_position()
    with viewpoint(at=position):
        lazy = Book.objects.all()
        then = Book.objects.get(pk=book.pk)
    with pytest.raises(LeftViewpoint):
        list(lazy)
    with pytest.raises(LeftViewpoint):
        lazy.count()
    with pytest.raises(LeftViewpoint):
        then.shelf  # noqa: B018  # it would show main's head


@pytest.mark.parametrize("fields", [[], ["id"], ["version"], ["authors"]])
def test_a_bulk_update_of_no_content_is_refused(fields: list[str]) -> None:
    book = Book.objects.create(slug="emma", title="Emma")
    with pytest.raises(ValueError, match=r"bulk_update\(\)"):
        Book.objects.bulk_update([book], fields)


def test_a_bulk_update_takes_what_was_saved_alone() -> None:
    for other in (Book(slug="emma", title="Emma"), Author.objects.create(name="Jane")):
        with pytest.raises(ValueError, match=r"bulk_update\(\) got"):
            Book.objects.bulk_update([other], ["title"])
