"""Proposals that wait while models change: their answers count for as long as they fit."""

from tests.evolution.project import Project
from tests.evolution.test_data import audited
from tests.evolution.test_fields import CODE, changed


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
