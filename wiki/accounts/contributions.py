"""What an account wrote, on the branch and up to the moment that is looked at."""

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from eventstore.models import Changeset
from wiki.accounts.models import FormerAccount
from wiki.accounts.rights import Right, may, roles_of
from wiki.changes.listed import counted, listed
from wiki.numbers import read_number
from wiki.viewpoints.addresses import viewpoint_of

PAGE_SIZE = 50


def contributions(request: HttpRequest, name: str) -> HttpResponse:
    """The changesets of an account, a deleted one's too, newest first. Raises Http404."""
    account = User.objects.filter(username=name).first()
    account_id = account.pk if account else _former(name)
    branch, position = next(link for link in viewpoint_of(request).chain if link[0] > 0)
    found = Changeset.objects.filter(
        actor_id=account_id, branch=branch, last_position__lte=position
    )
    if before := read_number(request.GET.get("before", "")):
        found = found.filter(last_position__lt=before)
    page = list(counted(found).order_by("-last_position")[: PAGE_SIZE + 1])
    context = {
        "name": name,
        "account": account,
        "roles": roles_of(account) if account else [],
        "changesets": listed(page[:PAGE_SIZE]),
        "before": page[PAGE_SIZE - 1].last_position if len(page) > PAGE_SIZE else None,
        "may_moderate": may(request.user, Right.MODERATE),
    }
    return render(request, "account/contributions.html", context)


def _former(name: str) -> int:
    """The key of a deleted account. Raises Http404."""
    former = FormerAccount.objects.filter(name=name).first()
    if former is None:
        raise Http404(f"There is no account called {name!r}.")
    return former.account_id
