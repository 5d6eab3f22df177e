"""A save becomes an event, a version and a row; branches and the past read true."""

import pytest
from django.db import Error, connection, transaction

from eventstore import reading
from eventstore.integrity import verify_log
from eventstore.models import Changeset
from tests.library.models import Author, Book, Shelf
from versioning import BatchOperation, branch_context, viewpoint
from versioning.branches.conflicts import UnresolvedConflicts
from versioning.branches.fork import fork
from versioning.branches.merge import NothingToMerge, merge
from versioning.branches.revert import revert
from versioning.branches.sync import sync
from versioning.entities.conflicts import EditConflict
from versioning.models import Branch
from versioning.saving.context import WriteAtViewpoint
from versioning.saving.queryset import LeftViewpoint

pytestmark = pytest.mark.django_db


@pytest.fixture
def emma() -> Book:
    return Book.objects.create(slug="emma", title="Emma", pages=400, text="One.\n\nTwo.\n")


def branch(name: str) -> Branch:
    return Branch.objects.get(name=name)


def test_the_past_shows_what_was(emma: Book) -> None:
    before = reading.last_position()
    emma.title = "Emma II"
    emma.save()
    assert emma.version == 2
    with viewpoint(at=before):
        assert Book.objects.get(title__startswith="Emma").title == "Emma"
    assert Book.objects.get().title == "Emma II"


def test_a_fork_is_not_related_to_what_others_did_last(emma: Book) -> None:
    # main    1 (400) ────────────────────────────── merge spring: 401
    # summer       ├─ fork ── (401) ─┐ last in the log when spring is forked
    # spring       └──────────────────── fork, text ─┘
    fork("summer")
    with branch_context("summer"):
        mine = Book.objects.get()
        mine.pages = 401
        mine.save()
    fork("spring")
    with branch_context("spring"):
        mine = Book.objects.get()
        mine.pages = 402
        mine.save()
    merge(branch("spring"))
    assert Book.objects.get().pages == 402
    with pytest.raises(UnresolvedConflicts):
        merge(branch("summer"))


def test_a_save_of_unchanged_values_appends_nothing(emma: Book) -> None:
    before = reading.last_position()
    emma.save()
    Book.objects.get().save()
    assert reading.last_position() == before


def test_a_branch_does_not_see_later_edits_of_its_parent(emma: Book) -> None:
    fork("spring")
    with branch_context("spring", message="Count the pages"):
        mine = Book.objects.get()
        mine.pages = 401
        mine.save()
        assert Book.objects.get().pages == 401
    emma.title = "Emma II"
    emma.save()
    with viewpoint("spring"):
        assert Book.objects.get().title == "Emma"
        assert Book.objects.get().pages == 401
    assert Book.objects.get().pages == 400


def test_a_sync_takes_the_parents_edits_and_keeps_the_branchs(emma: Book) -> None:
    fork("spring")
    with branch_context("spring"):
        mine = Book.objects.get()
        mine.pages = 401
        mine.save()
    emma.title = "Emma II"
    emma.save()
    sync(branch("spring"))
    with viewpoint("spring"):
        assert (Book.objects.get().title, Book.objects.get().pages) == ("Emma II", 401)


def test_a_merge_brings_edits_creations_and_deletions(emma: Book) -> None:
    gone = Book.objects.create(slug="gone", title="Gone")
    fork("spring")
    with branch_context("spring"):
        mine = Book.objects.get(slug="emma")
        mine.pages = 401
        mine.save()
        Book.objects.create(slug="new", title="New")
        Book.objects.get(pk=gone.pk).delete()
    merge(branch("spring"))
    assert {book.slug for book in Book.objects.all()} == {"emma", "new"}
    assert Book.objects.get(slug="emma").pages == 401
    with pytest.raises(NothingToMerge):
        merge(branch("spring"))


def test_a_merge_with_a_conflict_changes_nothing_until_it_is_resolved(emma: Book) -> None:
    fork("spring")
    with branch_context("spring"):
        mine = Book.objects.get()
        mine.title = "Emma, theirs"
        mine.save()
    emma.title = "Emma, ours"
    emma.save()
    with pytest.raises(UnresolvedConflicts) as unresolved:
        merge(branch("spring"))
    assert Book.objects.get().title == "Emma, ours"
    (conflict,) = unresolved.value.conflicts
    merge(branch("spring"), resolutions={conflict.key: conflict.resolution("Emma, both", None)})
    assert Book.objects.get().title == "Emma, both"


def test_a_reverted_merge_can_be_merged_again(emma: Book) -> None:
    # git brings only what came after the revert, for the rest counts as merged.
    fork("spring")
    with branch_context("spring"):
        mine = Book.objects.get()
        mine.pages = 401
        mine.save()
    merged = merge(branch("spring"))
    revert([merged.changeset])
    assert Book.objects.get().pages == 400
    with branch_context("spring"):
        mine = Book.objects.get()
        mine.title = "Emma, mended"
        mine.save()
    merge(branch("spring"))
    assert (Book.objects.get().title, Book.objects.get().pages) == ("Emma, mended", 401)


def test_a_changeset_is_reverted_by_itself_or_by_its_number(emma: Book) -> None:
    for title in ("Emma II", "Emma III"):
        emma.title = title
        emma.save()
    last = Changeset.objects.latest("pk")
    Book.version_control.revert(last)
    Book.version_control.revert(last.pk - 1)
    assert Book.objects.get().title == "Emma"


def test_a_revert_keeps_what_came_after(emma: Book) -> None:
    emma.text = "One, falsely.\n\nTwo.\n"
    emma.save()
    false = emma.history.all()[0].valid_from
    emma.text = "One, falsely.\n\nTwo and a half.\n"
    emma.save()
    changeset = reading.changeset_at(false)
    assert changeset is not None
    revert([changeset.pk])
    assert Book.objects.get().text == "One.\n\nTwo and a half.\n"


def test_a_stale_save_is_merged_or_refused_but_never_lost(emma: Book) -> None:
    other = Book.objects.get()
    emma.title = "Emma II"
    emma.save()
    other.pages = 500
    other.save()
    assert (Book.objects.get().title, Book.objects.get().pages) == ("Emma II", 500)
    stale = emma
    other.title = "Emma III"
    other.save()
    stale.title = "Emma IV"
    with pytest.raises(EditConflict) as conflict:
        stale.save()
    assert [each.path for each in conflict.value.conflicts] == ["title"]
    assert Book.objects.get().title == "Emma III"


def test_references_are_versioned_in_their_order(emma: Book) -> None:
    jane, ann = Author.objects.create(name="Jane"), Author.objects.create(name="Ann")
    emma.authors.set([jane, ann])
    both = reading.last_position()
    emma.authors.remove(jane)
    assert list(emma.authors.all()) == [ann]
    with viewpoint(at=both):
        (book,) = Book.objects.prefetch_related("authors")
        assert list(book.authors.all()) == [jane, ann]
        assert [each.title for each in Author.objects.get(name="Jane").books.all()] == ["Emma"]


def test_a_branch_has_the_references_of_its_own_version(emma: Book) -> None:
    jane, ann = Author.objects.create(name="Jane"), Author.objects.create(name="Ann")
    emma.authors.set([jane])
    fork("spring")
    with branch_context("spring"):
        Book.objects.get().authors.add(ann)
    with viewpoint("spring"):
        assert list(Book.objects.get().authors.all()) == [jane, ann]
    assert list(Book.objects.get().authors.all()) == [jane]


def test_deleting_follows_on_delete_in_one_changeset(emma: Book) -> None:
    shelf = Shelf.objects.create(label="A")
    emma.shelf = shelf
    emma.save()
    inner = Shelf.objects.create(label="B", inside=shelf)
    shelf.delete()
    assert not Book.objects.exists()
    inner.refresh_from_db()
    assert inner.inside is None
    last = reading.changeset_at(reading.last_position())
    assert last is not None
    assert last.last_position - last.first_position == 2


def test_querysets_write_events(emma: Book) -> None:
    Book.objects.bulk_create([Book(slug=f"b{i}", title=f"B{i}", pages=i) for i in range(5)])
    before = reading.last_position()
    assert Book.objects.filter(slug__startswith="b").update(in_print=False) == 5
    assert reading.last_position() == before + 5
    assert Book.objects.filter(in_print=False).count() == 5
    Book.objects.filter(in_print=False).delete()
    assert list(Book.objects.all()) == [emma]


def test_a_batch_is_one_changeset(emma: Book) -> None:
    emma.pages = 1
    with BatchOperation(message="Two things") as batch:
        batch.process_changes([emma, Book(slug="b", title="B")])
    assert batch.sealed is not None
    changeset = reading.changeset_at(batch.sealed.last_position)
    assert changeset is not None
    assert (changeset.message, changeset.last_position - changeset.first_position) == (
        "Two things",
        1,
    )


def test_a_viewpoint_only_looks(emma: Book) -> None:
    with viewpoint(at=reading.last_position()):
        book = Book.objects.get()
        with pytest.raises(WriteAtViewpoint):
            book.save()
        with pytest.raises(WriteAtViewpoint):
            Book.objects.create(slug="x", title="X")
    with viewpoint(at=1):
        lazy = Book.objects.all()
    with pytest.raises(LeftViewpoint):
        list(lazy)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE eventstore_event SET topic = 'x'",
        "DELETE FROM eventstore_changeset",
        "TRUNCATE eventstore_event",
        "UPDATE library_book SET title = 'x'",
        "DELETE FROM library_bookversion",
        "INSERT INTO library_author SELECT id, 1, 1, 'x', NULL FROM library_book",
        "UPDATE viewpoint.library_book SET title = 'x'",
    ],
)
def test_the_database_refuses_what_goes_behind_the_logs_back(emma: Book, statement: str) -> None:
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Book.objects.get().title == "Emma"


def test_the_log_verifies(emma: Book) -> None:
    emma.title = "Emma II"
    emma.save()
    assert list(verify_log(reading.last_position())) == []
    events = [recorded.event for recorded in reading.forward()]
    assert [event.topic for event in events[-2:]] == ["entity.created", "entity.changed"]
    assert [recorded.event for recorded in reading.backward()] == events[::-1]


@pytest.mark.django_db(transaction=True)
def test_leaving_a_viewpoint_keeps_what_was_prepared() -> None:
    book = Book.objects.create(slug="a", title="a")
    book.title = "b"
    book.save()  # the append of one event asks to be prepared
    prepared = _prepared_statements()
    assert prepared
    with viewpoint(at=reading.last_position()):
        Book.objects.get(pk=book.pk)
    assert prepared <= _prepared_statements()


def _prepared_statements() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements")
        return {name for (name,) in cursor.fetchall()}
