"""The moderators' desk: who changed what and from where; block, protect, roll back, give roles."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from versioning.viewpoints.chain import MAIN_NAME
from wiki.branches.finding import get_branch
from wiki.changes.listed import counted, listed
from wiki.fields.letters import with_shown_letters
from wiki.moderation import commands, desk
from wiki.moderation.finding import account_called
from wiki.moderation.forms import BlockForm, ProtectionForm, RoleForm, RollBackForm
from wiki.names.finding import find_page
from wiki.requests.numbers import read_number
from wiki.requests.refusals import CannotBeDone
from wiki.rights.blocks import block_of
from wiki.rights.models import ACTS, Protection
from wiki.rights.rights import Right, may, require, roles_of
from wiki.viewpoints.addresses import branch_to_write

PAGE_SIZE = 50


@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """Changes by account and network, and what is blocked and protected now."""
    require(request.user, Right.MODERATE)
    search = desk.Search(
        with_shown_letters(request.GET.get("account", "").strip()),
        with_shown_letters(request.GET.get("network", "").strip()),
        read_number(request.GET.get("before", "")) or 0,
    )
    page = list(counted(search.changesets())[: PAGE_SIZE + 1])
    networks = desk.networks_of(page)
    context = {
        "search": search,
        "changesets": [
            (each, networks.get(each.changeset.pk)) for each in listed(page[:PAGE_SIZE])
        ],
        "before": page[PAGE_SIZE - 1].pk if len(page) > PAGE_SIZE else None,
        "may_administer": may(request.user, Right.ADMINISTER),
        **desk.standing(),
    }
    return render(request, "moderation/overview.html", context)


@login_required
def account(request: HttpRequest, name: str) -> HttpResponse:
    """What a moderator sees of an account, and does to it."""
    require(request.user, Right.MODERATE)
    found = account_called(name)
    form = BlockForm(request.POST if "block" in request.POST else None)
    role = RoleForm(
        request.POST if "role" in request.POST else None,
        initial={"role": (roles_of(found) or [""])[0]},
    )
    if request.method == "POST" and (done := _act_on(request, found, form, role)):
        messages.success(request, done)
        return redirect("moderation_account", name=found.get_username())
    changes = counted(desk.Search(account=found.get_username()).changesets())[:PAGE_SIZE]
    context = {
        "account": found,
        "roles": roles_of(found),
        "held": block_of(found.pk),
        "networks": desk.networks_of_account(found),
        "changesets": listed(list(changes)),
        "block_form": form,
        "role_form": role if may(request.user, Right.ADMINISTER) else None,
        "roll_back_form": RollBackForm(),
    }
    status = 422 if form.errors or role.errors else 200
    return render(request, "moderation/account.html", context, status=status)


def _act_on(request: HttpRequest, found: User, form: BlockForm, role: RoleForm) -> str:
    """What was done, in a sentence; nothing where a form is wrong."""
    if "unblock" in request.POST:
        commands.unblock(found, actor=request.user)
        return f"{found} may write again."
    if form.is_bound and form.is_valid():
        reason = form.cleaned_data["reason"]
        commands.block(found, reason=reason, ends_at=form.ends_at, actor=request.user)
        return f"{found} is blocked."
    if role.is_bound and role.is_valid():
        commands.give_role(found, role.cleaned_data["role"], actor=request.user)
        return f"{found} is one of the {role.cleaned_data['role']} now."
    return ""


@login_required
def protect_page(request: HttpRequest, plural: str, slug: str) -> HttpResponse:
    """Who may edit, rename and delete a page: of main's, and so of every branch's."""
    require(request.user, Right.MODERATE)
    if branch_to_write(request).name != MAIN_NAME:
        raise CannotBeDone("A page is protected on all branches, from main.", hint="Go to main.")
    page = find_page(plural, slug, address="protect")
    return _protect(request, page.pk, page.name, page.get_absolute_url())


@login_required
def protect_branch(request: HttpRequest, name: str) -> HttpResponse:
    """Who may write to, rename and archive a branch; main itself too."""
    require(request.user, Right.MODERATE)
    branch = get_branch(name)
    address = "/" if branch.is_main else f"/branches/{branch.name}/"
    return _protect(request, branch.pk, f"The branch {branch.name}", address)


def _protect(request: HttpRequest, subject_id: Any, name: str, address: str) -> HttpResponse:
    found = Protection.objects.filter(subject_id=subject_id).first()
    held = {act: getattr(found, act) for act in ACTS} if found else {}
    form = ProtectionForm(request.POST if "protect" in request.POST else None, initial=held)
    if "unprotect" in request.POST:
        commands.unprotect(subject_id, name, actor=request.user)
        messages.success(request, f"{name} is no longer protected.")
        return redirect(address)
    if form.is_bound and form.is_valid():
        commands.protect(
            subject_id,
            name,
            settings=form.settings,
            reason=form.cleaned_data["reason"],
            actor=request.user,
        )
        messages.success(request, f"{name} is protected.")
        return redirect(address)
    context = {"name": name, "address": address, "form": form, "protection": found}
    return render(request, "moderation/protect.html", context, status=422 if form.errors else 200)
