"""The front page: where to begin, and what changed last."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from eventstore.models import Changeset
from wiki.accounts.names import names_of
from wiki.pages.kinds import KINDS
from wiki.viewpoints.addresses import viewpoint_of

NEWEST = 5


def home(request: HttpRequest) -> HttpResponse:
    """Some pages of each kind, and the last changes of the viewpoint's branch."""
    seen = viewpoint_of(request)
    branch, position = next(link for link in seen.chain if link[0] > 0)
    changesets = list(
        Changeset.objects.filter(branch=branch, last_position__lte=position)
        .exclude(kind="branch")
        .order_by("-last_position")[:NEWEST]
    )
    names = names_of(changeset.actor_id for changeset in changesets)
    sections = [
        (model._meta.verbose_name_plural, plural, list(model.objects.defer("body")[:NEWEST]))
        for plural, model in KINDS.items()
    ]
    context = {
        "sections": sections,
        "changesets": [(each, names.get(each.actor_id)) for each in changesets],
    }
    return render(request, "pages/home.html", context)
