"""A branch merged changeset by changeset: authors, messages and times stay; a conflict waits."""

import json
from typing import Any

import pytest

from eventstore import reading
from eventstore.models import Changeset, ChangesetKind
from projections.audit.auditing import audit
from projections.audit.merges import verify_merges
from tests.library.models import Book
from versioning import acting_as, branch_context, viewpoint
from versioning.branches import plans
from versioning.branches.each import steps_of
from versioning.branches.fork import fork
from versioning.branches.merge import NothingToMerge, merge, plan_merge
from versioning.branches.proposals import all_conflicts, answer, carry_out, plan_of
from versioning.branches.revert import revert
from versioning.branches.sync import sync
from versioning.models import Branch, Proposal, ProposalState

pytestmark = pytest.mark.django_db

ANNA, BEN, MODERATOR = 11, 12, 13


def edit(branch: str, message: str, by: int | None = None, **values: Any) -> None:
    with acting_as(by), branch_context(branch, message=message):
        book = Book.objects.get(slug="emma")
        for name, value in values.items():
            setattr(book, name, value)
        book.save()


@pytest.fixture
def spring() -> Branch:
    """Three edits by two authors, with a sync in between."""
    Book.objects.create(slug="emma", title="Emma", pages=400, text="One.\n\nTwo.\n")
    fork("spring")
    edit("spring", "Count again", ANNA, pages=401)
    edit("spring", "Begin otherwise", BEN, text="One!\n\nTwo.\n")
    Book.objects.create(slug="other", title="Other")
    sync(Branch.objects.get(name="spring"))
    edit("spring", "A longer title", ANNA, title="Emma, again")
    return Branch.objects.get(name="spring")


def merges() -> list[Changeset]:
    return list(Changeset.objects.filter(kind=ChangesetKind.MERGE).order_by("id"))


def test_each_changeset_becomes_one_of_the_target(spring: Branch) -> None:
    originals = steps_of(spring)
    with acting_as(MODERATOR):
        merged = Book.version_control.merge("spring", each=True)
    assert merged.proposal is None
    assert [each.changeset for each in merged.sealed] == [each.pk for each in merges()]
    told = [(each.actor_id, each.message) for each in merges()]
    assert told == [(ANNA, "Count again"), (BEN, "Begin otherwise"), (ANNA, "A longer title")]
    for original, copy in zip(originals, merges(), strict=True):
        details = json.loads(copy.details)
        assert details["authored_at"] == original.recorded_at.isoformat(timespec="seconds")
        assert details["merge"]["by"] == MODERATOR
        assert details["merge"]["of"] == original.pk
    book = Book.objects.get(slug="emma")
    assert (book.title, book.pages, book.text) == ("Emma, again", 401, "One!\n\nTwo.\n")
    assert [row.pages for row in book.history.all()] == [401, 401, 401, 400]
    assert [row.title for row in book.history.all()[:2]] == ["Emma, again", "Emma"]
    assert steps_of(spring) == []
    spring.refresh_from_db()
    with pytest.raises(NothingToMerge):
        merge(spring)
    with pytest.raises(NothingToMerge):
        Book.version_control.merge("spring", each=True)


def test_it_comes_to_what_one_merge_comes_to(spring: Branch) -> None:
    edit("main", "Three", text="One.\n\nTwo.\n\nThree.\n")
    Book.version_control.merge("spring", each=True)
    one_by_one = Book.objects.get(slug="emma").values_to_save()
    for each in reversed(merges()):
        revert([each.pk])
    assert Book.objects.get(slug="emma").text == "One.\n\nTwo.\n\nThree.\n"
    spring.refresh_from_db()
    merge(spring)
    assert Book.objects.get(slug="emma").values_to_save() == one_by_one


def test_it_stops_at_a_conflict_and_goes_on_after_the_answer(spring: Branch) -> None:
    edit("main", "Mine", text="One, mine.\n\nTwo.\n")
    merged = Book.version_control.merge("spring", each=True)
    assert (len(merged.sealed), merged.remaining) == (1, 2)
    assert Book.objects.get(slug="emma").pages == 401
    proposal = Proposal.objects.select_related("branch", "branch__parent").get()
    assert merged.proposal == proposal
    assert proposal.each
    (asked,) = all_conflicts(proposal)
    assert asked.conflict.path == "text"
    assert [each.title for each in plan_of(proposal).changing] == ["Emma"]
    answer(proposal, asked, "Both.\n")
    with acting_as(MODERATOR):
        carry_out(proposal)
    book = Book.objects.get(slug="emma")
    assert (book.title, book.text) == ("Emma, again", "Both.\n")
    assert [each.message for each in merges()] == [
        "Count again", "Begin otherwise", "A longer title",
    ]  # fmt: skip
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.DONE


def test_what_a_step_brings_alone_is_a_changeset_too(spring: Branch) -> None:
    edit("main", "The same", pages=401)
    merged = Book.version_control.merge("spring", each=True)
    assert len(merged.sealed) == 3
    with viewpoint("main", at=merged.sealed[0].last_position):
        assert Book.objects.get(slug="emma").text == "One.\n\nTwo.\n"


@pytest.mark.parametrize("each", [False, True])
def test_every_merge_is_derived_again(spring: Branch, each: bool) -> None:
    edit("main", "Mine", text="One, mine.\n\nTwo.\n")
    if each:
        Book.version_control.merge("spring", each=True)
        proposal = Proposal.objects.select_related("branch", "branch__parent").get()
        answer(proposal, all_conflicts(proposal)[0], "Both.\n")
        carry_out(proposal)
    else:
        planned = Branch.objects.get(name="spring")
        (asked,) = plan_merge(planned).plan.conflicts
        merge(planned, resolutions={asked.key: asked.resolution("Both.\n")})
    report = audit(merges=True)
    assert report.findings == ()
    assert report.merges is not None
    assert (report.merges.derived, report.merges.untold) == (4 if each else 2, 0)


def test_a_merge_that_is_not_what_its_parents_lead_to_is_found(
    spring: Branch, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = plans.Plan.changes

    def dishonest(plan: plans.Plan) -> Any:
        changes = honest(plan)
        for change in changes:
            if "title" in change.values:
                change.values["title"] = "Emma, forged"
        return changes

    monkeypatch.setattr(plans.Plan, "changes", dishonest)
    merge(spring)
    monkeypatch.undo()
    assert audit().findings == ()
    (finding,) = verify_merges(reading.last_position()).findings
    (merged,) = merges()
    assert finding.subject == f"changeset {merged.pk}, a merge:"
    assert finding.sentence == "Emma, forged is not what its parents and its answers lead to."


def test_a_merge_of_before_answers_were_told_is_counted_apart(
    spring: Branch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("versioning.branches.merge.recorded_details", lambda *_: {})
    merge(spring)
    found = verify_merges(reading.last_position())
    assert (found.derived, found.untold, found.findings) == (2, 0, [])
    edit("spring", "Theirs", title="Theirs")
    edit("main", "Ours", title="Ours")
    spring.refresh_from_db()
    (asked,) = plan_merge(spring).plan.conflicts
    merge(spring, resolutions={asked.key: asked.resolution("Both")})
    found = verify_merges(reading.last_position())
    assert (found.derived, found.untold, found.findings) == (2, 1, [])
