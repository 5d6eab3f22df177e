"""Who sees a branch: everybody, or the members that its owner invites. Outside any viewpoint."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from versioning.branches.privacy import MembersRefused
from versioning.models import Branch
from wiki.accounts.names import names_of
from wiki.branches.commands import (
    invite,
    leave,
    make_private,
    make_public,
    may_invite,
    remove_member,
)
from wiki.branches.finding import get_branch
from wiki.fields.letter_forms import LettersForm
from wiki.requests.numbers import read_number
from wiki.requests.refusals import CannotBeDone


class InvitationForm(LettersForm):
    """The account that is to see a private branch."""

    account = forms.CharField(max_length=150, label="Name of the account")

    def clean_account(self) -> User:
        name = self.cleaned_data["account"]
        account = User.objects.filter(username__iexact=name, is_active=True).first()
        if account is None:
            raise ValidationError(f"There is no account called {name!r}.")
        return account


@login_required
def members(request: HttpRequest, name: str) -> HttpResponse:
    """Who sees a branch; POST makes it private or public, invites, removes, or leaves it."""
    found = get_branch(name)
    if found.parent is None:
        raise CannotBeDone("main is for everybody.")
    form = InvitationForm(request.POST if request.POST.get("action") == "invite" else None)
    if request.method == "POST" and _act(request, found, form):
        if request.POST["action"] == "leave":
            return redirect("account")
        return redirect("branch_members", name=found.name)
    names = names_of([found.owner_id, *found.member_ids])
    context = {
        "branch": found,
        "form": form,
        "owner": names.get(found.owner_id),
        "members": [(key, names.get(key)) for key in found.member_ids if key != found.owner_id],
        "may_invite": may_invite(request.user, found.owner_id),
        "follows_parent": found.parent.is_private,
    }
    return render(request, "branches/members.html", context, status=422 if form.errors else 200)


def _act(request: HttpRequest, found: Branch, form: InvitationForm) -> bool:
    """Whether what was asked for was done. Raises CannotBeDone, and what the commands raise."""
    actor: Any = request.user
    match request.POST.get("action"):
        case "private":
            make_private(found, actor=actor)
        case "public":
            make_public(found, actor=actor)
        case "remove":
            remove_member(found, read_number(request.POST.get("account", "")), actor=actor)
        case "leave":
            leave(found, actor=actor)
            messages.success(request, f"You left {found.name}.")
        case "invite":
            if not form.is_valid():
                return False
            try:
                invite(found, form.cleaned_data["account"].pk, actor=actor)
            except MembersRefused as refusal:
                form.add_error("account", str(refusal))
                return False
        case _:
            raise CannotBeDone("This page has no such action.")
    return True
