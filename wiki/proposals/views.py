"""Proposals: listed, and one of them. Outside any viewpoint."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from versioning.branches.conflicts import UnresolvedConflicts
from versioning.branches.merge import NotABranch
from versioning.branches.plans import Plan
from versioning.branches.proposals import plan_of
from versioning.branches.sync import NothingToSync
from versioning.models import Proposal, ProposalPurpose, ProposalState
from versioning.viewpoints.names import merge_name
from wiki.accounts.names import names_of
from wiki.branches.commands import carry_out, may_change, withdraw
from wiki.branches.merging import done_sentence
from wiki.branches.plan_tokens import PlanMoved
from wiki.branches.plans import shown_plan
from wiki.branches.sides import labels_of
from wiki.fields.summaries import summary_of
from wiki.proposals.finding import get_proposal
from wiki.requests.numbers import read_number
from wiki.rights.rights import Right, may
from wiki.viewpoints.addresses import prefix_named

PAGE_SIZE = 50
_STOPPED = (
    "The branch's next changeset needs an answer. What came before it is merged; the rest "
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
    found = get_proposal(number)
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
            context |= shown_plan(plan, labels=labels_of(found.branch, found.purpose))
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
    messages.success(
        request, done_sentence(found.branch, found.purpose, sealed.changeset, request.user)
    )
    return redirect("branch", name=found.branch.name)


def _plan(found: Proposal) -> Plan | None:
    try:
        return plan_of(found)
    except (NotABranch, NothingToSync):
        return None


def _right(found: Proposal) -> Right:
    return Right.MERGE if found.purpose == ProposalPurpose.MERGE else Right.BRANCH
