"""An entity that a sync released from its branch is the parent's, and can be edited there again."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command

from eventstore.models import Changeset
from projections.audit.auditing import audit
from projections.rebuild import rebuild
from tests.library.models import Book
from versioning import branch_context, viewpoint
from versioning.branches.fork import fork
from versioning.branches.merge import merge
from versioning.branches.sync import sync
from versioning.models import Branch

pytestmark = pytest.mark.django_db


@pytest.fixture
def released() -> Branch:
    """Three edits on a branch; main says the same at once, and a sync lets go of the book."""
    emma = Book.objects.create(slug="emma", title="Emma")
    fork("spring")
    for pages in (1, 2, 3):
        with branch_context("spring"):
            there = Book.objects.get()
            there.pages = pages
            there.save()
    emma.pages = 3
    emma.save()
    spring = Branch.objects.get(name="spring")
    sync(spring)
    with viewpoint("spring"):
        assert Book.objects.get().version == emma.version
    spring.refresh_from_db()
    return spring


def edit() -> None:
    there = Book.objects.get()
    there.pages = 9
    there.save()


def edit_in_bulk() -> None:
    Book.objects.update(pages=9)


def edit_and_delete() -> None:
    edit()
    Book.objects.get().delete()


EDITS: dict[Callable[[], None], int | None] = {edit: 9, edit_in_bulk: 9, edit_and_delete: None}


@pytest.mark.parametrize("act", EDITS)
def test_it_is_edited_on_its_branch_again(released: Branch, act: Callable[[], None]) -> None:
    with branch_context("spring"):
        act()
    with viewpoint("spring"):
        assert [book.pages for book in Book.objects.all()] == [
            pages for pages in [EDITS[act]] if pages is not None
        ]
        if EDITS[act]:
            book = Book.objects.get()
            assert book.history.replayed(book.version)["pages"] == 9
            assert [row.pages for row in book.history.all()[:2]] == [9, 3]
    assert audit().findings == ()
    assert rebuild().mended == 0
    merge(released)
    assert [book.pages for book in Book.objects.all()] == [
        pages for pages in [EDITS[act]] if pages is not None
    ]


def test_a_branch_of_the_branch_merges_it_back(released: Branch) -> None:
    fork("early", parent="spring")
    with branch_context("early"):
        edit()
    merge(Branch.objects.select_related("parent").get(name="early"))
    with viewpoint("spring"):
        assert Book.objects.get().pages == 9
    assert audit().findings == ()


def test_a_fixture_is_loaded_onto_the_branch(released: Branch, tmp_path: Path) -> None:
    fixture = tmp_path / "emma.json"
    call_command("dumpdata", "library.book", output=str(fixture), verbosity=0)
    fixture.write_text(fixture.read_text().replace('"Emma"', '"Emma of the fixture"'))
    with branch_context("spring"):
        call_command("loaddata", str(fixture), verbosity=0)
    with viewpoint("spring"):
        assert Book.objects.get().title == "Emma of the fixture"
    assert Book.objects.get().title == "Emma"
    assert audit().findings == ()


def test_what_is_gone_on_both_sides_can_be_created_there_again(released: Branch) -> None:
    with branch_context("spring"):
        edit()
        emma = Book.objects.get().pk
        Book.objects.get().delete()
    Book.objects.get().delete()
    sync(Branch.objects.get(name="spring"))
    with branch_context("spring"):
        Book.objects.create(pk=emma, slug="emma", title="Emma, again")
    with viewpoint("spring"):
        assert Book.objects.get().title == "Emma, again"
    assert audit().findings == ()
    assert rebuild().mended == 0


def test_what_a_queryset_left_out_is_set_all_the_same() -> None:
    Book.objects.create(slug="emma", title="Emma", pages=3)
    Book.objects.only("id").update(pages=None)
    assert Book.objects.get().pages is None
    recorded = Changeset.objects.count()
    Book.objects.only("id").update(title="Emma")
    assert Changeset.objects.count() == recorded
    book = Book.objects.only("title").get()
    book.slug = "other"
    book.save()
    assert Book.objects.get().slug == "other"
