"""Merges that wait: conflicts stored, answered one by one, carried out as one changeset."""

import pytest

from eventstore import reading
from eventstore.log import StaleStreams
from eventstore.models import Changeset
from projections.audit.auditing import audit
from tests.library.models import Author, Book
from versioning import answer_of, branch_context, viewpoint
from versioning.branches.answers import BadAnswer
from versioning.branches.conflicts import UnresolvedConflicts
from versioning.branches.fork import fork
from versioning.branches.merge import merge, plan_merge
from versioning.branches.preview import merge_preview
from versioning.branches.proposals import (
    AnsweredMeanwhile,
    ProposalIsClosed,
    all_conflicts,
    answer,
    carry_out,
    earlier_answers,
    plan_of,
    propose,
    reopen_conflict,
    withdraw,
)
from versioning.branches.results import ResultRefused
from versioning.branches.sync import sync
from versioning.entities.conflicts import AlreadyExists
from versioning.models import Branch, Proposal, ProposalPurpose, ProposalState

pytestmark = pytest.mark.django_db


@pytest.fixture
def spring() -> Branch:
    """A branch that calls Emma otherwise than main does, and counts her pages otherwise."""
    # main    1 (Emma, 400) ──────────── (Emma!, 500)
    # spring       └─ fork ── (Emma?, 401, a new text)
    emma = Book.objects.create(slug="emma", title="Emma", pages=400)
    fork("spring")
    with branch_context("spring"):
        mine = Book.objects.get()
        mine.title, mine.pages, mine.text = "Emma?", 401, "New.\n"
        mine.save()
    emma.title, emma.pages = "Emma!", 500
    emma.save()
    return Branch.objects.select_related("parent").get(name="spring")


def test_conflicts_wait_on_the_proposal_and_are_answered_one_by_one(spring: Branch) -> None:
    proposal = propose(spring, ProposalPurpose.MERGE)
    assert [each["path"] for each in proposal.conflicts] == ["title", "pages"]
    title, pages = all_conflicts(proposal)
    answer(proposal, title, "Emma, again")
    with pytest.raises(UnresolvedConflicts):
        carry_out(proposal)
    answer(proposal, pages, 401)
    before = reading.last_position()
    carry_out(proposal)
    merged = Book.objects.get()
    assert (merged.title, merged.pages, merged.text) == ("Emma, again", 401, "New.\n")
    assert Changeset.objects.filter(first_position__gt=before).count() == 1
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.DONE
    with pytest.raises(ProposalIsClosed):
        withdraw(proposal)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("title", "x" * 201, "title: Ensure this value has at most 200 characters"),
        ("pages", "many", "pages: .* value must be an integer"),
        ("pages", 2**40, "pages: Ensure this value is less than or equal to 2147483647"),
    ],
)
def test_an_answer_that_the_field_does_not_take_is_refused(
    spring: Branch, field: str, value: object, sentence: str
) -> None:
    proposal = propose(spring, ProposalPurpose.MERGE)
    asked = {each.conflict.path: each for each in all_conflicts(proposal)}
    with pytest.raises(BadAnswer, match=sentence):
        answer(proposal, asked[field], value)
    answers = {each.key: each.resolution(each.conflict.ours) for each in asked.values()}
    with pytest.raises(BadAnswer, match=sentence):
        asked[field].resolution(value)
    unfit = {**answers[asked[field].key], "value": value}
    with pytest.raises(UnresolvedConflicts):
        merge(spring, resolutions={**answers, asked[field].key: unfit})
    assert proposal.resolutions == {}
    assert Book.objects.get().title == "Emma!"


def test_an_answer_does_not_outlive_its_sides(spring: Branch) -> None:
    proposal = propose(spring, ProposalPurpose.MERGE)
    title, pages = all_conflicts(proposal)
    answer(proposal, title, "Emma, again")
    answer(proposal, pages, 401)
    emma = Book.objects.get()
    emma.title = "Emma!!"
    emma.save()
    assert [c.conflict.path for c in plan_of(proposal).conflicts] == ["title"]
    assert proposal.resolutions[title.key]["value"] == "Emma, again"


def test_two_people_answer_two_conflicts_at_once(spring: Branch) -> None:
    proposal = propose(spring, ProposalPurpose.MERGE)
    title, pages = all_conflicts(proposal)
    other = Proposal.objects.select_related("branch").get()
    answer(other, title, "Theirs")
    answer(proposal, pages, 7)
    assert plan_of(proposal).conflicts == []
    with pytest.raises(AnsweredMeanwhile):
        answer(other, pages, 8)


def test_an_answer_is_taken_back_and_offered_again_elsewhere(spring: Branch) -> None:
    proposal = propose(spring, ProposalPurpose.MERGE)
    title, _ = all_conflicts(proposal)
    answer(proposal, title, "x")
    withdraw(proposal)
    again = propose(spring, ProposalPurpose.MERGE)
    assert again.pk != proposal.pk
    assert earlier_answers(again)[title.key]["value"] == "x"
    answer(again, title, "y")
    reopen_conflict(again, title.key)
    assert len(plan_of(again).conflicts) == 2


def test_a_sync_with_conflicts_waits_in_the_same_way(spring: Branch) -> None:
    proposal = propose(spring, ProposalPurpose.SYNC)
    for conflict in all_conflicts(proposal):
        answer(proposal, conflict, conflict.conflict.ours)
    carry_out(proposal)
    with viewpoint("spring"):
        assert Book.objects.get().title == "Emma?"
    merge(Branch.objects.get(name="spring"))
    assert Book.objects.get().title == "Emma?"


def test_a_preview_shows_the_result_and_leaves_no_trace(spring: Branch) -> None:
    fork("autumn")
    with branch_context("autumn"):
        emma = Book.objects.get()
        emma.text = "Autumn.\n"
        emma.save()
        Book.objects.create(slug="persuasion", title="Persuasion")
    before = reading.last_position()
    with merge_preview(Branch.objects.get(name="autumn")) as seen:
        assert seen.is_preview
        assert list(Book.objects.values_list("title", "text")) == [
            ("Emma!", "Autumn.\n"),
            ("Persuasion", ""),
        ]
    assert reading.last_position() == before
    assert Book.objects.get().text == ""
    merge(Branch.objects.get(name="autumn"))
    assert Book.objects.count() == 2


def test_a_branch_refuses_a_doubled_address_as_main_does() -> None:
    Book.objects.create(slug="emma", title="Emma")
    fork("spring")
    with pytest.raises(ResultRefused, match="has this slug already"), branch_context("spring"):
        Book.objects.create(slug="emma", title="Another Emma")
    named = "^Another Emma: Another book has this slug already"
    two = [Book(slug="emma-2", title="Emma again"), Book(slug="emma", title="Another Emma")]
    with pytest.raises(ResultRefused, match=named), branch_context("spring"):
        Book.objects.bulk_create(two)
    with branch_context("spring"):
        emma = Book.objects.get()
        emma.slug = "emma-2"
        emma.save()
        Book.objects.create(slug="emma", title="Another Emma")
    with viewpoint("spring"):
        assert Book.objects.count() == 2
    sync_is_needed = Branch.objects.get(name="spring")
    Book.objects.create(slug="other", title="Other")
    sync(sync_is_needed)


@pytest.mark.parametrize("kept", ["ours", "theirs"])
def test_an_answer_counts_for_exactly_the_sides_that_it_was_given_to(kept: str) -> None:
    """Also where they move between the plan and the lock, and the target's side was kept."""
    book = Book.objects.create(slug="emma", title="Emma")
    branch = fork("winter")
    with branch_context("winter"):
        Book.objects.create(slug="new", title="New")
        Book.objects.get(slug="emma").delete()
    book.title = "Emma!"
    book.save()
    planned = plan_merge(branch)
    (asked,) = planned.plan.conflicts
    answers = {asked.key: asked.resolution(answer_of(getattr(asked.conflict, kept)))}
    book.title = "Emma?"
    book.save()
    with pytest.raises(StaleStreams):
        merge(branch, planned=planned, resolutions=answers)
    assert [each.title for each in Book.objects.all()] == ["Emma?"]
    assert audit(merges=True).findings == ()


def test_an_id_that_two_kinds_have_is_told_and_the_branch_can_be_mended() -> None:
    branch = fork("winter")
    taken = Book.objects.create(slug="emma", title="Emma").pk
    with branch_context("winter"):
        Author.objects.create(pk=taken, name="Jane")
        Author.objects.create(name="Ann")
    with pytest.raises(AlreadyExists, match=f"A book has the id {taken}, so that no author can"):
        merge(branch)
    with pytest.raises(AlreadyExists, match=f"A book has the id {taken}, so that no author can"):
        Author.objects.create(pk=taken, name="Jane")
    with branch_context("winter"):
        Author.objects.get(name="Jane").delete()
    merge(branch)
    assert [each.name for each in Author.objects.all()] == ["Ann"]
