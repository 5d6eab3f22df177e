"""Proposals that wait while models change: their answers count for as long as they fit."""

from typing import Any

import pytest

from tests.evolution import shop
from tests.evolution.project import Project
from tests.evolution.test_data import audited
from tests.evolution.test_fields import CODE, NOTE, SIZE, changed


def test_an_answer_that_a_shortened_field_does_not_take_is_open_again(project: Project) -> None:
    project.run(propose_and_answer)
    project.models(changed((CODE, CODE.replace("50", "5"))))
    project.migrate()
    assert project.run(open_again) == ["code"]
    assert project.run(answer_and_carry_out) == "short"
    project.run(audited)


def propose_and_answer() -> None:
    from shop.models import Item

    from versioning import answer, branch_context, every_conflict, propose
    from versioning.branches.fork import fork
    from versioning.models import ProposalPurpose

    spring = fork("spring")
    for branch, code in {"spring": "77", "main": "88"}.items():
        with branch_context(branch):
            lamp = Item.objects.get(name="Lamp")
            lamp.code = code
            lamp.save()
    proposal = propose(spring, ProposalPurpose.MERGE, "Another code")
    (conflict,) = every_conflict(proposal)
    answer(proposal, conflict, "a long answer")


def open_again() -> list[str]:
    from versioning import UnresolvedConflicts, carry_out
    from versioning.models import Proposal

    try:
        carry_out(Proposal.objects.get())
    except UnresolvedConflicts as unresolved:
        return [each.conflict.path for each in unresolved.conflicts]
    return []


def answer_and_carry_out() -> str:
    from shop.models import Item

    from versioning import answer, carry_out, every_conflict
    from versioning.models import Proposal

    proposal = Proposal.objects.get()
    (conflict,) = every_conflict(proposal)
    answer(proposal, conflict, "short")
    carry_out(proposal)
    return str(Item.objects.get(name="Lamp").code)


ANSWERS = {"size": 300, "code": "97", "note": "Both say so."}


@pytest.mark.parametrize(
    ("models", "answers", "reopened"),
    [
        pytest.param(shop.MODELS, [], set(), id="nothing"),
        pytest.param(
            changed((SIZE, SIZE.replace("size", "width")), (NOTE, NOTE.replace("note", "words"))),
            ["y", "y"], {"width", "words"}, id="fields renamed",
        ),
        pytest.param(
            changed((SIZE, SIZE.replace(
                "IntegerField(", "DecimalField(max_digits=8, decimal_places=2, "))),
            [], {"size"}, id="a type changed",
        ),
        pytest.param(changed((SIZE, ""), (NOTE, "")), [], set(), id="fields removed"),
        pytest.param(
            shop.MODELS.replace("class Item(", "class Ware("), ["y"], {"size", "code", "note"},
            id="model renamed",
        ),
        pytest.param(shop.MODELS.split("class Item(")[0], [], set(), id="model removed"),
    ],
)  # fmt: skip
def test_answered_proposals_are_carried_out_whatever_became_of_the_models(
    project: Project, models: str, answers: list[str], reopened: set[str]
) -> None:
    """At once, or after what cannot be told to be answered any more was answered again."""
    project.run(propose_of_every_sort)
    project.models(models)
    project.migrate(*answers)
    asked_again = project.run(carry_out_all)
    assert asked_again.keys() == {"merged", "synced", "each"}
    assert all(paths <= reopened for paths in asked_again.values()), asked_again
    project.run(audited)


def propose_of_every_sort() -> None:
    """Each about an item of its own, so that to carry out one leaves the others as they are."""
    from shop.models import Item

    from versioning import answer, every_conflict, propose
    from versioning.models import Branch, ProposalPurpose

    for name in ("merged", "synced", "each"):
        disagree_about(name)
    branches = {branch.name: branch for branch in Branch.objects.all()}
    proposals = [
        propose(branches["merged"], ProposalPurpose.MERGE, "Merge"),
        propose(branches["synced"], ProposalPurpose.SYNC, "Sync"),
        Item.version_control.merge("each", each=True).proposal,
    ]
    for proposal in proposals:
        assert proposal is not None
        conflicts = every_conflict(proposal)
        assert {each.conflict.path for each in conflicts} == ANSWERS.keys()
        for each in conflicts:
            answer(proposal, each, ANSWERS[each.conflict.path])


def disagree_about(name: str) -> None:
    """An item of the branch's name, which the branch and main have otherwise in three fields."""
    from shop.models import Item

    from versioning import branch_context
    from versioning.branches.fork import fork

    Item.objects.create(name=name, size=1, code="1", note="At first.")
    fork(name)
    for branch, size in ((name, 101), ("main", 200)):
        with branch_context(branch):
            item = Item.objects.get(name=name)
            item.size, item.code, item.note = size, f"c-{size}", f"{branch} says {size}."
            item.save()


def carry_out_all() -> dict[str, set[str]]:
    """What each proposal asked again, by its branch, until it was done."""
    from versioning import UnresolvedConflicts, answer, answer_of, carry_out, every_conflict
    from versioning.models import Proposal, ProposalState

    asked: dict[str, set[str]] = {}
    for proposal in Proposal.objects.order_by("number"):
        asked[proposal.branch.name] = set()
        current: Any = proposal
        while current.state == ProposalState.OPEN:
            try:
                carry_out(current)
            except UnresolvedConflicts as unresolved:
                for each in unresolved.conflicts:
                    asked[proposal.branch.name].add(each.conflict.path)
                for conflict in every_conflict(current):
                    answer(current, conflict, answer_of(conflict.conflict.theirs))
            current = Proposal.objects.get(pk=proposal.pk)
    return asked
