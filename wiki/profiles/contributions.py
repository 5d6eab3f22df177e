"""What an account wrote, on the branch and up to the moment that is looked at."""

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from eventstore.models import Changeset
from wiki.accounts.models import AccountName
from wiki.changes.listed import counted, listed
from wiki.requests.numbers import read_number
from wiki.rights.rights import Right, may, roles_of
from wiki.viewpoints.addresses import viewpoint_of

PAGE_SIZE = 50


def contributions(request: HttpRequest, name: str) -> HttpResponse:
    """The changesets of an account, a deleted one's too, newest first. Raises Http404."""
    account = User.objects.filter(username=name).first()
    account_id = account.pk if account else _formerly_called(name)
    renamed = None if account else User.objects.filter(pk=account_id).first()
    if renamed is not None:
        return redirect("contributions", name=renamed.get_username())
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


def _formerly_called(name: str) -> int:
    """The key of an account that was called so, and may be gone. Raises Http404."""
    found = AccountName.objects.filter(name=name).order_by("since").last()
    if found is None:
        raise Http404(f"There is no account called {name!r}.")
    return found.account_id
