"""Proposals: listed, one, its conflicts. Outside any viewpoint."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from versioning.branches.conflicts import EntityConflict, UnresolvedConflicts
from versioning.branches.merge import NotABranch
from versioning.branches.plans import Plan
from versioning.branches.proposals import (
    earlier_answers,
    every_conflict,
    plan_of,
)
from versioning.branches.sync import NothingToSync
from versioning.entities.kinds import kind_of
from versioning.models import Proposal, ProposalPurpose, ProposalState
from versioning.viewpoints.names import merge_name
from wiki.accounts.names import names_of
from wiki.accounts.rights import Right, may
from wiki.branches.answers import OWN, answers_to
from wiki.branches.commands import (
    answer_conflicts,
    carry_out,
    may_change,
    reopen_conflict,
    withdraw,
)
from wiki.branches.plan_tokens import PlanMoved
from wiki.branches.plans import Question, question_of, shown_plan, sides_of
from wiki.numbers import read_number
from wiki.pages.values import shelf_of
from wiki.summaries import summary_of
from wiki.viewpoints.addresses import prefix_named

PAGE_SIZE = 50
_STOPPED = (
    "The next of the branch's changesets asks something. What came before it is merged; the rest "
    "waits for your answers."
)


def proposal_list(request: HttpRequest) -> HttpResponse:
    """Proposals, newest first; the open ones, or all."""
    found = Proposal.objects.select_related("branch", "branch__parent").order_by("-number")
    shows_all = bool(request.GET.get("all"))
    if not shows_all:
        found = found.filter(state=ProposalState.OPEN)
    if before := read_number(request.GET.get("before", "")):
        found = found.filter(number__lt=before)
    proposals = list(found[: PAGE_SIZE + 1])
    names = names_of(each.opened_by_id for each in proposals)
    context = {
        "proposals": [(each, names.get(each.opened_by_id)) for each in proposals[:PAGE_SIZE]],
        "before": proposals[PAGE_SIZE - 1].number if len(proposals) > PAGE_SIZE else None,
        "shows_all": shows_all,
    }
    return render(request, "proposals/list.html", context)


def proposal(request: HttpRequest, number: int) -> HttpResponse:
    """What a proposal would do now; POST carries it out or withdraws it."""
    found = _proposal(number)
    if request.method == "POST":
        return _act(request, found)
    return _shown(request, found)


def _shown(request: HttpRequest, found: Proposal, refusals: Sequence[str] = ()) -> HttpResponse:
    context: dict[str, Any] = {
        "refusals": refusals,
        "proposal": found,
        "by": names_of([found.opened_by_id]).get(found.opened_by_id),
        "may_answer": may(request.user, Right.BRANCH),
        "may_withdraw": may_change(request.user, found.opened_by_id),
        "may_carry_out": may(request.user, _right(found)),
    }
    if found.state == ProposalState.OPEN:
        plan = _plan(found)
        context["is_empty"] = plan is None
        if plan is not None:
            context |= shown_plan(plan, labels=_labels(found))
            if found.purpose == ProposalPurpose.MERGE:
                context["preview"] = prefix_named(merge_name(plan.target.name, found.branch.name))
    status = 409 if refusals else 200
    return render(request, "proposals/proposal.html", context, status=status)


@login_required
def _act(request: HttpRequest, found: Proposal) -> HttpResponse:
    try:
        if request.POST.get("action") == "withdraw":
            withdraw(found, actor=request.user)
            messages.success(request, f"Proposal {found.number} was withdrawn.")
            return redirect("branch", name=found.branch.name)
        plan_token = request.POST.get("plan_token", "")
        sealed = carry_out(
            found, actor=request.user, message=summary_of(request), plan_token=plan_token
        )
    except PlanMoved as moved:
        return _shown(request, found, [str(moved)])
    except UnresolvedConflicts as unresolved:
        asked = unresolved.sentence if not found.each else _STOPPED
        messages.warning(request, asked)
        return redirect("conflicts", number=found.number)
    messages.success(request, f"It was done, as changeset {sealed.changeset}.")
    return redirect("branch", name=found.branch.name)


def conflicts(request: HttpRequest, number: int) -> HttpResponse:
    """Each conflict with its sides and its answer; POST keeps answers, as many as are given."""
    found = _proposal(number)
    if request.method == "POST":
        return _answer(request, found)
    return _conflicts_page(request, found)


def _conflicts_page(
    request: HttpRequest, found: Proposal, refusals: list[str] | None = None
) -> HttpResponse:
    questions = _questions(found) if found.state == ProposalState.OPEN else []
    context = {
        "proposal": found,
        "questions": questions,
        "open_questions": [each for each in questions if not each.chosen],
        "refusals": refusals or [],
        "may_answer": may(request.user, Right.BRANCH),
    }
    status = 422 if refusals else 200
    return render(request, "proposals/conflicts.html", context, status=status)


@login_required
def _answer(request: HttpRequest, found: Proposal) -> HttpResponse:
    actor = request.user
    if key := request.POST.get("reopen"):
        reopen_conflict(found, key, actor=actor)
        return redirect("conflicts", number=found.number)
    asked = {each.key: each for each in _every_conflict(found)}
    answers = answers_to(list(asked.values()), request.POST, actor=actor)
    new = {
        key: value
        for key, value in answers.values.items()
        if not _is_answered(found, key, value, asked[key].signature)
    }
    answer_conflicts(found, asked, new, actor=actor)
    if answers.refusals:
        return _conflicts_page(request, found, answers.refusals)
    plan = _plan(found)
    if plan is not None and not plan.conflicts:
        messages.success(request, "Every conflict is answered. It can be carried out now.")
        return redirect("proposal", number=found.number)
    return redirect("conflicts", number=found.number)


def _is_answered(found: Proposal, key: str, value: Any, signature: str) -> bool:
    known = found.resolutions.get(key)
    return known is not None and known["value"] == value and known["signature"] == signature


def _questions(found: Proposal) -> list[Question]:
    """Every conflict, with the answer that it has, or one that was given elsewhere before."""
    asked = _every_conflict(found)
    offered = {**earlier_answers(found), **found.resolutions}
    labels = _labels(found)
    shelf = shelf_of(sides_of(asked))
    questions = []
    for each in asked:
        answer = offered.get(each.key)
        fits = answer is not None and answer["signature"] == each.signature
        question = question_of(each, labels=labels, shelf=shelf)
        if fits and answer is not None:
            own = kind_of(each.entity[0]).fields.get(each.conflict.path)
            chosen = next((c.key for c in question.choices if c.value == answer["value"]), OWN)
            held = own.to_python(answer["value"]) if own and chosen == OWN else None
            question = question_of(each, labels=labels, shelf=shelf, chosen=chosen, own=held)
        questions.append(question)
    return questions


def _every_conflict(found: Proposal) -> list[EntityConflict]:
    """The answered ones too, and those that only the answers bring about."""
    try:
        return every_conflict(found)
    except (NotABranch, NothingToSync):
        return []


def _plan(found: Proposal) -> Plan | None:
    try:
        return plan_of(found)
    except (NotABranch, NothingToSync):
        return None


def _labels(found: Proposal) -> tuple[str, str]:
    parent = found.branch.parent.name if found.branch.parent else ""
    branch = found.branch.name
    ours, theirs = (parent, branch) if found.purpose == ProposalPurpose.MERGE else (branch, parent)
    return f"{ours} has", f"{theirs} has"


def _right(found: Proposal) -> Right:
    return Right.MERGE if found.purpose == ProposalPurpose.MERGE else Right.BRANCH


def _proposal(number: int) -> Proposal:
    found = (
        Proposal.objects.select_related("branch", "branch__parent").filter(number=number).first()
        if number < 2**31
        else None
    )
    if found is None:
        raise Http404(f"There is no proposal {number}.")
    return found
