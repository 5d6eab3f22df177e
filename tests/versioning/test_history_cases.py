"""The catalogue's situations that are histories, each by its number (merge_cases.json).

Documents are merged in `merge/test_cases.py`; here branches, merges, syncs and
reverts follow each other.
"""

from typing import Any
from unittest.mock import patch

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from eventstore import reading, standing
from eventstore.models import Changeset
from eventstore.types import Position
from tests.library.models import Book, Shelf
from versioning import BatchOperation, acting_as, branch_context, viewpoint
from versioning.branches.conflicts import UnresolvedConflicts
from versioning.branches.fork import fork
from versioning.branches.merge import NothingToMerge, merge, plan_merge
from versioning.branches.proposals import all_conflicts, answer, earlier_answers, plan_of, propose
from versioning.branches.revert import plan_revert, revert
from versioning.branches.sync import plan_sync, sync
from versioning.events import EntityChanged
from versioning.models import Branch, ProposalPurpose

pytestmark = pytest.mark.django_db


@pytest.fixture
def ride() -> Book:
    """A book, told like a ride: 62 pages for 62 metres."""
    return Book.objects.create(slug="r", title="R", pages=62, text="One.\n\nTwo.\n\nThree.\n")


def branch(name: str) -> Branch:
    return Branch.objects.select_related("parent").get(name=name)


def edit(on: str, slug: str = "r", **values: Any) -> int:
    """Edit on a branch; the number of the changeset."""
    with branch_context(on, message=f"{on}: {sorted(values)}"):
        book = Book.objects.get(slug=slug)
        for name, value in values.items():
            setattr(book, name, value)
        book.save()
    return last_changeset()


def last_changeset() -> int:
    found = Changeset.objects.order_by("-id").first()
    assert found is not None
    return int(found.pk)


def on(name: str, at: Any = None, slug: str = "r") -> Book:
    with viewpoint(name, at=at):
        return Book.objects.select_related("shelf").get(slug=slug)


def conflicts_of(name: str) -> dict[str, tuple[Any, Any]]:
    """By field, what each side has."""
    return {
        c.conflict.path: (c.conflict.ours, c.conflict.theirs)
        for c in plan_merge(branch(name)).plan.conflicts
    }


def test_109_a_branch_without_changes_merges_nothing(ride: Book) -> None:
    fork("b")
    before = reading.last_position()
    with pytest.raises(NothingToMerge):
        merge(branch("b"))
    assert reading.last_position() == before
    assert branch("b").merged_position is None


def test_111_what_was_created_and_deleted_on_a_branch_never_appears(ride: Book) -> None:
    fork("b")
    with branch_context("b"):
        x = Book.objects.create(slug="s", title="X")
    created = reading.last_position()
    with branch_context("b"):
        Book.objects.get(pk=x.pk).delete()
    Book.objects.create(slug="s", title="Y")
    merge(branch("b"))
    assert set(Book.objects.values_list("title", flat=True)) == {"R", "Y"}
    with viewpoint("b", at=created):
        assert Book.objects.get(slug="s").title == "X"


def test_113_blame_names_author_and_merger(ride: Book) -> None:
    fork("b")
    with acting_as(1):
        edit("b", pages=63)
    with acting_as(2):
        merge(branch("b"))
    (blamed,) = Book.objects.get().history.blame("pages")
    assert blamed.changeset.actor_id == 1
    assert blamed.merged_by is not None
    assert blamed.merged_by.actor_id == 2


def test_115_a_reverted_merge_comes_back_with_the_fix(ride: Book) -> None:
    fork("b")
    edit("b", pages=63)
    revert([merge(branch("b")).changeset])
    assert on("main").pages == 62
    edit("b", title="Fixed")
    merge(branch("b"))
    assert (on("main").pages, on("main").title) == (63, "Fixed")


def test_117_a_branch_made_anew_after_a_reverted_merge_merges_plainly(ride: Book) -> None:
    fork("b")
    edit("b", pages=63)
    revert([merge(branch("b")).changeset])
    fork("b2")
    edit("b2", pages=63)
    assert conflicts_of("b2") == {}
    merge(branch("b2"))
    assert on("main").pages == 63


def test_119_reverting_a_merge_keeps_what_others_set_since(ride: Book) -> None:
    fork("b")
    edit("b", pages=63, title="Renamed")
    merged = merge(branch("b")).changeset
    edit("main", pages=64)
    plan = plan_revert([merged]).plan
    (asked,) = plan.conflicts
    assert (asked.conflict.base, asked.conflict.ours, asked.conflict.theirs) == (63, 64, 62)
    (planned,) = plan.entities
    assert planned.merged is not None
    assert planned.merged["title"] == "R"
    with pytest.raises(UnresolvedConflicts):
        revert([merged])
    assert on("main").pages == 64


def test_121_undoing_an_edit_keeps_later_words(ride: Book) -> None:
    false = edit("main", text="One.\n\nTwo. A false sentence.\n\nThree.\n")
    edit("main", text="One.\n\nTwo. A false sentence.\n\nThree, corrected.\n")
    revert([false])
    assert on("main").text == "One.\n\nTwo.\n\nThree, corrected.\n"


def test_123_several_are_reverted_newest_first_whatever_the_order(ride: Book) -> None:
    with BatchOperation("c1") as batch:
        batch.process_changes(Book(slug=f"n-{n}", title="New") for n in range(20))
    c1 = last_changeset()
    with BatchOperation("c2") as batch:
        batch.process_changes(_retitled(Book.objects.filter(slug__startswith="n-")))
    c2 = last_changeset()
    before = Changeset.objects.count()
    revert([c1, c2])
    assert Book.objects.count() == 1
    assert Changeset.objects.count() == before + 1


def _retitled(books: Any) -> list[Book]:
    found = list(books)
    for book in found:
        book.title = "Newer"
    return found


def test_125_an_error_in_the_middle_of_a_merge_leaves_nothing(ride: Book) -> None:
    fork("b")
    with branch_context("b"):
        Book.objects.bulk_create([Book(slug=f"n-{n}", title="New") for n in range(50)])
    before = reading.last_position()
    with (
        patch("projections.inline.projector.row", side_effect=_failing_at(40)),
        pytest.raises(DatabaseError),
        transaction.atomic(),
    ):
        merge(branch("b"))
    assert reading.last_position() == before
    assert Book.objects.count() == 1
    merge(branch("b"))
    assert Book.objects.count() == 51


def _failing_at(number: int) -> Any:
    from projections.inline import projector

    whole, calls = projector.row, [0]

    def row(place: int, change: Any) -> Any:
        calls[0] += 1
        made = whole(place, change)
        if calls[0] == number:
            made["values"] = {**made["values"], "pages": "no number"}
        return made

    return row


@pytest.mark.parametrize("order", [("b1", "b2"), ("b2", "b1")])
def test_127_two_branches_merge_in_either_order(order: tuple[str, str]) -> None:
    Book.objects.bulk_create([Book(slug=f"n-{n}", title=f"T {n}") for n in range(10)])
    fork("b1")
    fork("b2")
    with branch_context("b1"):
        Book.objects.update(pages=7)
    with branch_context("b2"):
        Book.objects.update(text="Words.")
    for name in order:
        merge(branch(name))
    assert set(Book.objects.values_list("pages", "text")) == {(7, "Words.")}


def test_129_a_criss_cross_settled_differently_is_asked(ride: Book) -> None:
    fork("b")
    with branch_context("b"):
        Book.objects.get().delete()
    edit("main", title="Kept")
    to_main = propose(branch("b"), ProposalPurpose.MERGE)
    keeps = {c.key: c.resolution(c.conflict.ours, None) for c in all_conflicts(to_main)}
    planned_sync = plan_sync(branch("b"))
    deletes = {c.key: c.resolution(None, None) for c in planned_sync.plan.conflicts}
    merge(branch("b"), resolutions=keeps)
    sync(branch("b"), resolutions=deletes, planned=planned_sync)
    assert on("main").title == "Kept"
    assert "" in conflicts_of("b")


def test_131_sides_that_agree_settle_what_the_bases_did_not(ride: Book) -> None:
    fork("b")
    edit("b", pages=62 + 1)
    edit("main", pages=60)
    planned_merge, planned_sync = plan_merge(branch("b")), plan_sync(branch("b"))
    ours = {c.key: c.resolution(60, None) for c in planned_merge.plan.conflicts}
    mine = {c.key: c.resolution(63, None) for c in planned_sync.plan.conflicts}
    merge(branch("b"), resolutions=ours, planned=planned_merge)
    sync(branch("b"), resolutions=mine, planned=planned_sync)
    edit("main", pages=64)
    edit("b", pages=64)
    assert conflicts_of("b") == {}


def test_133_a_field_is_edited_after_it_was_synced(ride: Book) -> None:
    fork("b")
    edit("main", title="Offline")
    sync(branch("b"))
    edit("b", title="Inventory")
    merge(branch("b"))
    assert on("main").title == "Inventory"


def test_135_a_sync_brings_the_net_effect(ride: Book) -> None:
    fork("b")
    edit("main", title="Changed")
    Book.objects.get().delete()
    sync(branch("b"))
    with viewpoint("b"):
        assert not Book.objects.exists()


def test_137_a_dependant_of_what_main_deleted_is_asked_about() -> None:
    shelf = Shelf.objects.create(label="S")
    fork("b")
    with branch_context("b"):
        Book.objects.create(slug="l", title="L", shelf=Shelf.objects.get())
    shelf.delete()
    (asked,) = plan_sync(branch("b")).plan.conflicts
    assert (asked.conflict.path, asked.conflict.type) == ("shelf", "dangling_reference")
    sync(branch("b"), resolutions={asked.key: asked.resolution(None, None)})
    merge(branch("b"))
    assert Book.objects.get().shelf is None


def test_139_what_a_grandchild_contains_is_not_brought_twice(ride: Book) -> None:
    fork("b")
    edit("b", title="Q")
    fork("c", parent="b")
    edit("c", pages=70)
    merge(branch("c"))  # into its parent: a branch is merged nowhere else
    merge(branch("b"))
    assert (on("main").title, on("main").pages) == ("Q", 70)
    with pytest.raises(NothingToMerge):
        merge(branch("b"))


def test_141_a_fork_from_the_past_keeps_both_sides_edits(ride: Book) -> None:
    at = reading.last_position()
    edit("main", title="B")
    fork("b", at=at)
    edit("b", pages=63)
    assert on("b").title == "R"
    merge(branch("b"))
    assert (on("main").title, on("main").pages) == ("B", 63)


def test_145_an_answer_is_not_taken_when_a_side_moved_on(ride: Book) -> None:
    fork("b")
    edit("b", title="Theirs")
    edit("main", title="Ours")
    proposal = propose(branch("b"), ProposalPurpose.MERGE)
    (asked,) = all_conflicts(proposal)
    answer(proposal, asked, "N")
    assert plan_of(proposal).conflicts == []
    edit("b", title="Something else")
    (again,) = plan_of(proposal).conflicts
    assert again.conflict.theirs == "Something else"
    assert proposal.resolutions[again.key]["value"] == "N"
    assert earlier_answers(proposal) == {}


def test_147_a_conflict_goes_when_its_cause_is_settled_elsewhere(ride: Book) -> None:
    fork("b")
    edit("b", text="One of b.\n\nTwo.\n\nThree.\n")
    fork("c", parent="b")
    edit("c", text="One of b.\n\nTwo.\n\nThree of c.\n")
    edit("main", text="One of main.\n\nTwo.\n\nThree.\n")
    planned = plan_sync(branch("b"))
    settled = "One of both.\n\nTwo.\n\nThree.\n"
    sync(
        branch("b"),
        resolutions={c.key: c.resolution(settled, None) for c in planned.plan.conflicts},
    )
    assert plan_sync(branch("c")).plan.conflicts == []
    sync(branch("c"))
    assert on("c").text == "One of both.\n\nTwo.\n\nThree of c.\n"


def test_155_own_edits_are_protected_like_those_of_others(ride: Book) -> None:
    from versioning.entities.conflicts import EditConflict

    tab_1, tab_2 = Book.objects.get(), Book.objects.get()
    tab_1.title = "Renamed"
    tab_1.save()
    tab_2.pages = 63
    tab_2.save()
    assert (on("main").title, on("main").pages) == ("Renamed", 63)
    stale = Book.objects.get()
    edit("main", title="Newest")
    stale.title = "Old"
    with pytest.raises(EditConflict):
        stale.save()


def test_159_two_changesets_of_one_time_read_as_the_later(ride: Book) -> None:
    edit("main", title="Second")
    first, second = Changeset.objects.order_by("id").last(), None
    assert first is not None
    second = standing.at_time(first.recorded_at).position
    assert second == first.last_position
    with viewpoint(at=first.recorded_at):
        assert Book.objects.get().title == "Second"


def test_165_everything_is_of_its_time(ride: Book) -> None:
    p, q = Shelf.objects.create(label="Old name"), Shelf.objects.create(label="Q")
    ride.shelf = p
    ride.save()
    then = reading.last_position()
    p.label = "New name"
    p.save()
    edit("main", shelf=q)
    with viewpoint(at=then):
        book = Book.objects.select_related("shelf").get()
        assert book.shelf is not None
        assert book.shelf.label == "Old name"
        assert list(Shelf.objects.get(label="Old name").books.all()) == [book]
        assert not Shelf.objects.filter(label="New name").exists()
    assert list(Shelf.objects.get(label="New name").books.all()) == []


def test_167_as_of_on_a_branch_follows_its_syncs(ride: Book) -> None:
    fork("b")
    forked = reading.last_position()
    edit("main", title="At 120")
    with branch_context("b"):
        Book.objects.create(slug="mine", title="Mine")
    worked = reading.last_position()
    sync(branch("b"))
    synced = reading.last_position()
    edit("main", title="At 160")

    def title(at: Position) -> str:
        return on("b", at=at).title

    assert [title(forked), title(worked), title(synced)] == ["R", "R", "At 120"]
    assert on("b").title == "At 120"


def test_173_a_bulk_update_leaves_a_full_history() -> None:
    Book.objects.bulk_create([Book(slug=f"n-{n}", title=f"T {n}") for n in range(3_000)])
    before = Changeset.objects.count()
    with CaptureQueriesContext(connection) as asked:
        Book.objects.update(pages=1, text="Words.")
    assert Changeset.objects.count() == before + 1
    assert len(asked) < 20
    book = Book.objects.order_by("id").last()
    assert book is not None
    assert book.version == 2
    event = reading.stream(book.pk)[-1].event
    assert isinstance(event, EntityChanged)
    assert event.changes.keys() == {"pages", "text"}
