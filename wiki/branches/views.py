"""Branches: listed, looked at, forked, changed, synced, merged. Outside any viewpoint."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import pluralize

from eventstore.errors import Refusal
from versioning.branches import changes
from versioning.branches.compare import Difference, changed_on, distance
from versioning.branches.conflicts import UnresolvedConflicts
from versioning.branches.fork import NameTaken
from versioning.branches.merge import plan_merge
from versioning.branches.proposals import open_proposals
from versioning.branches.sync import NothingToSync, plan_sync
from versioning.models import Branch, BranchState, ProposalPurpose
from versioning.viewpoints.moments import NoSuchMoment, read_moment
from versioning.viewpoints.names import merge_name
from wiki.accounts.names import names_of
from wiki.accounts.rights import Right, may, require
from wiki.branches.commands import (
    change_branch,
    fork_branch,
    may_change,
    merge_branch,
    merge_changesets,
    propose,
    sync_branch,
)
from wiki.branches.forms import BranchForm, ForkForm
from wiki.branches.listing import listed_branches
from wiki.branches.plan_tokens import PlanMoved
from wiki.branches.plans import shown_plan
from wiki.limits.spending import TooMuch
from wiki.moderation.protections import Act
from wiki.numbers import read_number
from wiki.pages.models import Page
from wiki.refusals import CannotBeDone
from wiki.summaries import summary_of
from wiki.viewpoints.addresses import prefix_named

MOST_SHOWN = 100


def branch_list(request: HttpRequest) -> HttpResponse:
    """Every branch, and the form that forks another; POST forks."""
    form = ForkForm(request.POST or None, initial={"parent": request.GET.get("parent") or "main"})
    if request.method == "POST":
        require(request.user, Right.BRANCH)
        if form.is_valid() and (forked := _fork(form, request.user)):
            messages.success(request, f"{forked.called} was forked: edit its pages as you like.")
            return redirect("branch", name=forked.name)
    shows_archived = bool(request.GET.get("archived"))
    found = (
        Branch.objects.all() if shows_archived else Branch.objects.filter(state=BranchState.OPEN)
    )
    if before := read_number(request.GET.get("before", "")):
        found = found.filter(number__lt=before)
    branches = listed_branches(found, MOST_SHOWN + 1)
    context = {
        "branches": branches[:MOST_SHOWN],
        "before": branches[MOST_SHOWN - 1].branch.number if len(branches) > MOST_SHOWN else None,
        "shows_archived": shows_archived,
        "form": form,
        "may_fork": may(request.user, Right.BRANCH),
    }
    return render(request, "branches/list.html", context, status=422 if form.errors else 200)


def _fork(form: ForkForm, actor: Any) -> Branch | None:
    asked = form.cleaned_data
    try:
        return fork_branch(
            form.naming.name,
            title=form.naming.title,
            actor=actor,
            parent=asked["parent"] or "main",
            at=read_moment(asked["at"]).position if asked["at"] else None,
            description=asked["description"],
            is_private=asked["is_private"],
        )
    except ValidationError as refusal:
        form.add_error("name", refusal)
    except NameTaken as refusal:
        form.add_error("name", str(refusal))
    except NoSuchMoment as refusal:
        form.add_error("at", str(refusal))
    except TooMuch:
        raise  # nothing is wrong with the form
    except Refusal as refusal:
        form.add_error("parent", str(refusal))
    return None


def branch(request: HttpRequest, name: str) -> HttpResponse:
    """What it changes, how far it and its parent are apart, what waits."""
    found = get_branch(name)
    if found.parent is None:
        return redirect("branches")
    differences = changed_on(found)
    names = names_of([found.owner_id, *found.member_ids])
    context = {
        "branch": found,
        "distance": distance(found),
        "differences": [(d, page_of(d)) for d in differences[:MOST_SHOWN]],
        "more": max(0, len(differences) - MOST_SHOWN),
        "proposals": open_proposals(found),
        "owner": names.get(found.owner_id),
        "members": [names.get(key, "") for key in found.member_ids],
        "may_change": may_change(request.user, found.owner_id),
        "may_moderate": may(request.user, Right.MODERATE),
        "preview": prefix_named(merge_name(found.parent.name, found.name)),
    }
    return render(request, "branches/branch.html", context)


def page_of(difference: Difference) -> str:
    """The path of the page that differs, without a viewpoint; nothing for what has no page."""
    model = difference.kind.model
    document = next((d for d in reversed(difference.documents) if d), None)
    if document is None or not issubclass(model, Page):
        return ""
    return f"{model.plural}/{document['slug']}/"


@login_required
def change(request: HttpRequest, name: str) -> HttpResponse:
    """Rename, describe, archive or reopen a branch."""
    found = get_branch(name)
    require(request.user, Right.BRANCH)
    if not may_change(request.user, found.owner_id):
        raise PermissionDenied(f"Only the owner of {found.name}, or a moderator, may change it.")
    if found.parent is None:
        raise CannotBeDone("main is where everything comes together; it stays as it is.")
    initial = {"name": found.called, "description": found.description}
    form = BranchForm(request.POST or None, initial=initial)
    if request.method == "POST":
        action = request.POST.get("action", "save")
        try:
            if action in ("archive", "reopen"):
                act = changes.archive if action == "archive" else changes.reopen
                change_branch(found, act, act=Act.DELETE, actor=request.user)
                return redirect("branch", name=found.name)
            if form.is_valid():
                _save_branch(found, form, request.user)
                return redirect("branch", name=found.name)
        except ValidationError as refusal:
            form.add_error("name", refusal)
        except NameTaken as refusal:
            form.add_error("name", str(refusal))
    context = {"branch": found, "form": form}
    return render(request, "branches/change.html", context, status=422 if form.errors else 200)


def _save_branch(found: Branch, form: BranchForm, actor: Any) -> None:
    is_called_so = form.cleaned_data["name"] == found.called
    name, title = (found.name, found.title) if is_called_so else form.naming

    def save(branch: Branch) -> None:
        changes.describe(branch, form.cleaned_data["description"])
        if name != branch.name:
            changes.rename(branch, name)
        changes.entitle(branch, title)

    act = Act.EDIT if (name, title) == (found.name, found.title) else Act.RENAME
    change_branch(found, save, act=act, actor=actor)


@login_required
def merge(request: HttpRequest, name: str) -> HttpResponse:
    """What merging would do; POST merges, or opens a proposal where conflicts wait."""
    found = get_branch(name)
    if found.parent is None:
        raise CannotBeDone("main is merged into nothing.")
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
        **shown_plan(planned.plan, labels=(f"{found.parent.name} has", f"{found.name} has")),
    }
    return render(request, "branches/merge.html", context, status=409 if refusals else 200)


@login_required
def sync(request: HttpRequest, name: str) -> HttpResponse:
    """What syncing would do; POST syncs, or opens a proposal where conflicts wait."""
    found = get_branch(name)
    if found.parent is None:
        raise CannotBeDone("main is synced from nothing.")
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
        **shown_plan(planned.plan, labels=(f"{found.name} has", f"{found.parent.name} has")),
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
    except UnresolvedConflicts as unresolved:
        messages.warning(request, f"{unresolved.sentence} They wait here.")
        return _propose(found, purpose, actor, summary)
    done = "merged" if is_merge else "synced"
    messages.success(request, f"{found.name} was {done}, as changeset {sealed.changeset}.")
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
            request, f"{found.name} was merged: {done} changeset{pluralize(done)}, one by one."
        )
        return redirect("branch", name=found.name)
    messages.warning(
        request,
        f"{done} of {done + merged.remaining} changesets were merged. The next one asks something, "
        "and waits here with those behind it.",
    )
    return redirect("conflicts", number=merged.proposal.number)


def _propose(
    found: Branch, purpose: ProposalPurpose, actor: Any, summary: str, *, each: bool = False
) -> HttpResponse:
    proposal = propose(found, purpose, actor=actor, message=summary, each=each)
    view = "conflicts" if proposal.conflicts else "proposal"
    return redirect(view, number=proposal.number)


def get_branch(name: str) -> Branch:
    """A branch by its name, with its parent. Raises Http404."""
    found = Branch.objects.select_related("parent").filter(name=name).first()
    if found is None:
        raise Http404(f"There is no branch called {name!r}.")
    return found
