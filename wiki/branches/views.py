"""Branches: listed, looked at, forked, synced, merged. Outside any viewpoint."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from eventstore.log import StaleStreams
from versioning.branches.compare import compare, distance
from versioning.branches.fork import NameTaken, fork
from versioning.branches.merge import NothingToMerge, merge, plan_merge
from versioning.branches.plans import UnresolvedConflicts
from versioning.branches.sync import NothingToSync, sync
from versioning.context import BranchIsClosed, acting_as
from versioning.models import Branch
from versioning.viewpoints.chain import resolve, resolve_number
from wiki.accounts.rights import Right, require

REFUSALS = (NothingToMerge, NothingToSync, BranchIsClosed, UnresolvedConflicts, StaleStreams)


def branch_list(request: HttpRequest) -> HttpResponse:
    """Every branch, and the form that forks another; POST forks."""
    refusal, status = "", 200
    if request.method == "POST":
        require(request.user, Right.BRANCH)
        name = request.POST.get("name", "")
        try:
            with acting_as(request.user.pk):
                fork(name, description=request.POST.get("description", ""))
        except (ValidationError, NameTaken) as error:
            refusal = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
            status = 422
        else:
            return redirect("branch", name=name)
    context = {"branches": Branch.objects.select_related("parent").order_by("number"),
               "refusal": refusal}  # fmt: skip
    return render(request, "branches/list.html", context, status=status)


def branch(request: HttpRequest, name: str) -> HttpResponse:
    """What differs from the parent, how far apart they are, and what a merge would do."""
    found = get_object_or_404(Branch.objects.select_related("parent"), name=name)
    if found.parent_id is None:
        return redirect("branches")
    context = {
        "branch": found,
        "distance": distance(found),
        "differences": compare(resolve_number(found.parent_id), resolve(found.name)),
        "planned": plan_merge(found),
    }
    return render(request, "branches/branch.html", context)


@login_required
@require_POST
def merge_branch(request: HttpRequest, name: str) -> HttpResponse:
    """Merge into the parent."""
    require(request.user, Right.MERGE)
    found = get_object_or_404(Branch, name=name)
    try:
        with acting_as(request.user.pk):
            sealed = merge(found, message=request.POST.get("summary", ""))
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{name} was merged, as changeset {sealed.changeset}.")
    return redirect("branch", name=name)


@login_required
@require_POST
def sync_branch(request: HttpRequest, name: str) -> HttpResponse:
    """Bring the branch up to its parent."""
    require(request.user, Right.BRANCH)
    found = get_object_or_404(Branch, name=name)
    try:
        with acting_as(request.user.pk):
            sealed = sync(found, message=request.POST.get("summary", ""))
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{name} was synced, as changeset {sealed.changeset}.")
    return redirect("branch", name=name)
