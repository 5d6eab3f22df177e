"""Branches: listed, looked at, forked, changed. Outside any viewpoint."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from eventstore.errors import Refusal
from versioning.branches import changes
from versioning.branches.fork import NameTaken
from versioning.models import Branch, BranchState
from versioning.viewpoints.moments import NoSuchMoment, read_moment
from wiki.branches.commands import change_branch, fork_branch, may_change
from wiki.branches.finding import get_branch
from wiki.branches.forms import BranchForm, ForkForm
from wiki.branches.listing import listed_branches
from wiki.branches.overview import overview
from wiki.limits.spending import TooMuch
from wiki.requests.numbers import read_number
from wiki.requests.refusals import CannotBeDone
from wiki.rights.protections import Act
from wiki.rights.rights import Right, may, require

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
    """All about a branch: what it is for, what it brings, and whether it can be merged."""
    found = get_branch(name)
    if found.parent is None:
        return redirect("branches")
    before = read_number(request.GET.get("before", ""))
    context = overview(found, request.user, comments_before=before)
    return render(request, "branches/branch.html", context)


@login_required
def change(request: HttpRequest, name: str) -> HttpResponse:
    """Rename, describe, archive or reopen a branch."""
    found = get_branch(name)
    require(request.user, Right.BRANCH)
    if not may_change(request.user, found.owner_id):
        raise PermissionDenied(f"Only the owner of {found.name}, or a moderator, may change it.")
    if found.parent is None:
        raise CannotBeDone(
            "main belongs to everybody, so it cannot be renamed, described or archived."
        )
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
