"""Merges and syncs as short conversations: what would change, what is asked, done, undo."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import pluralize
from django.urls import reverse
from django.utils.html import format_html

from versioning.branches.conflicts import UnresolvedConflicts
from versioning.branches.merge import plan_merge
from versioning.branches.sync import NothingToSync, plan_sync
from versioning.models import Branch, ProposalPurpose
from versioning.viewpoints.names import merge_name
from wiki.branches.commands import merge_branch, merge_changesets, propose, sync_branch
from wiki.branches.finding import get_branch
from wiki.branches.plan_tokens import PlanMoved
from wiki.branches.plans import shown_plan
from wiki.branches.sides import behind, labels_of
from wiki.fields.summaries import summary_of
from wiki.requests.refusals import CannotBeDone
from wiki.rights.rights import Right, may
from wiki.viewpoints.addresses import prefix_named


@login_required
def merge(request: HttpRequest, name: str) -> HttpResponse:
    """What merging would do; POST merges, or opens a proposal where conflicts wait."""
    found = get_branch(name)
    if found.parent is None:
        raise CannotBeDone("main has no parent branch that it could be merged into.")
    if request.method == "POST":
        return _act(request, found, ProposalPurpose.MERGE)
    return _merge_page(request, found)


def _merge_page(request: HttpRequest, found: Branch, refusals: Sequence[str] = ()) -> HttpResponse:
    assert found.parent is not None
    planned = plan_merge(found)
    context = {
        "refusals": refusals,
        "branch": found,
        "brings_nothing": planned.brings_nothing,
        "preview": prefix_named(merge_name(found.parent.name, found.name)),
        "may_merge": may(request.user, Right.MERGE),
        **shown_plan(
            planned.plan,
            labels=labels_of(found, ProposalPurpose.MERGE),
            behind=behind(found, ProposalPurpose.MERGE),
        ),
    }
    return render(request, "branches/merge.html", context, status=409 if refusals else 200)


@login_required
def sync(request: HttpRequest, name: str) -> HttpResponse:
    """What syncing would do; POST syncs, or opens a proposal where conflicts wait."""
    found = get_branch(name)
    if found.parent is None:
        raise CannotBeDone("main has no parent branch that it could be synced from.")
    if request.method == "POST":
        return _act(request, found, ProposalPurpose.SYNC)
    return _sync_page(request, found)


def _sync_page(request: HttpRequest, found: Branch, refusals: Sequence[str] = ()) -> HttpResponse:
    assert found.parent is not None
    try:
        planned = plan_sync(found)
    except NothingToSync as refusal:
        messages.info(request, str(refusal))
        return redirect("branch", name=found.name)
    context = {
        "refusals": refusals,
        "branch": found,
        **shown_plan(
            planned.plan,
            labels=labels_of(found, ProposalPurpose.SYNC),
            behind=behind(found, ProposalPurpose.SYNC),
        ),
    }
    return render(request, "branches/sync.html", context, status=409 if refusals else 200)


def _act(request: HttpRequest, found: Branch, purpose: ProposalPurpose) -> HttpResponse:
    is_merge = purpose is ProposalPurpose.MERGE
    summary = summary_of(request)
    actor = request.user
    each = is_merge and "each" in request.POST
    if request.POST.get("action") == "propose":
        return _propose(found, purpose, actor, summary, each=each)
    try:
        if each:
            return _merge_each(request, found, summary)
        act = merge_branch if is_merge else sync_branch
        sealed = act(
            found, actor=actor, message=summary, plan_token=request.POST.get("plan_token", "")
        )
    except PlanMoved as moved:
        return (_merge_page if is_merge else _sync_page)(request, found, [str(moved)])
    except UnresolvedConflicts:
        messages.warning(request, "Both sides changed something meanwhile. Say which is right.")
        return _propose(found, purpose, actor, summary)
    messages.success(request, done_sentence(found, purpose, sealed.changeset, actor))
    return redirect("branch", name=found.name)


def _merge_each(request: HttpRequest, found: Branch, summary: str) -> HttpResponse:
    """Merge changeset by changeset; what asks something waits on a proposal, the rest with it."""
    merged = merge_changesets(
        found,
        actor=request.user,
        message=summary,
        plan_token=request.POST.get("plan_token", ""),
    )
    done = len(merged.sealed)
    if merged.proposal is None:
        messages.success(
            request, f"{found.called} was merged: {done} change{pluralize(done)}, one by one."
        )
        return redirect("branch", name=found.name)
    messages.warning(
        request,
        f"{done} of {done + merged.remaining} changes were merged. The next one needs an answer, "
        "and waits here with those that follow it.",
    )
    return redirect("conflicts", number=merged.proposal.number)


def _propose(
    found: Branch, purpose: ProposalPurpose, actor: Any, summary: str, *, each: bool = False
) -> HttpResponse:
    proposal = propose(found, purpose, actor=actor, message=summary, each=each)
    view = "conflicts" if proposal.conflicts else "proposal"
    return redirect(view, number=proposal.number)


def done_sentence(found: Branch, purpose: str, changeset: int, actor: Any) -> str:
    """What was done, with the change that it is, and its undoing for who may undo a merge."""
    is_merge = purpose == ProposalPurpose.MERGE
    parent = found.parent.called if found.parent else ""
    done = f"merged into {parent}" if is_merge else f"synced from {parent}"
    change = reverse("changeset", args=[changeset])
    if is_merge and may(actor, Right.MERGE):
        return format_html(
            '{} was {}. <a href="{}">See the change</a>, or <a href="{}">undo it</a>.',
            found.called, done, change, reverse("revert", args=[changeset]),
        )  # fmt: skip
    return format_html('{} was {}. <a href="{}">See the change</a>.', found.called, done, change)
