"""The front page: where to begin, and what changed last."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from eventstore.models import Changeset
from projections.following.totals import totals_of_main
from versioning.branches.compare import Difference, changed_on
from versioning.models import Branch
from versioning.viewpoints.chain import MAIN_NAME, Viewpoint
from wiki.branches.finding import get_branch, page_of
from wiki.changes.listed import counted, listed
from wiki.discovery import linked_data
from wiki.home.front import front
from wiki.kinds.registry import KINDS
from wiki.pages.models import Page
from wiki.viewpoints.addresses import viewpoint_of

NEWEST = 5
MOST_BROUGHT = 50

_COUNTED = {"wiki.ride": ("roller coaster or other ride", "roller coasters and other rides")}
"""Kinds whose own name says too little among the totals."""


def home(request: HttpRequest) -> HttpResponse:
    """The ride of the day, records, years, and the last changes of the viewpoint's branch."""
    seen = viewpoint_of(request)
    branch, position = next(link for link in seen.chain if link[0] > 0)
    changesets = list(
        counted(Changeset.objects.filter(branch=branch, last_position__lte=position))
        .exclude(kind="branch")
        .order_by("-last_position")[:NEWEST]
    )
    context: dict[str, Any] = {
        "front": front(timezone.now().date()),
        "kinds": [
            (str(model._meta.verbose_name_plural).capitalize(), plural)
            for plural, model in KINDS.items()
        ],
        "totals": _totals() if seen.is_head_of_main else None,
        "branches": list(_open_branches()) if seen.is_head_of_main else [],
        "changesets": listed(changesets),
        "brought": _brought(seen) if seen.is_preview else [],
    }
    context["linked_data"] = linked_data.script(request, linked_data.website())
    return render(request, "pages/home.html", context)


@dataclass(frozen=True)
class Brought:
    """A page that a merge would change, and what of it."""

    title: str
    address: str
    state: str
    fields: str


def _brought(seen: Viewpoint) -> list[Brought]:
    """The pages that a merge which is only looked at would change."""
    differences = changed_on(get_branch(seen.name.split("+")[1]))[:MOST_BROUGHT]
    return [_mark(each, page) for each in differences if (page := page_of(each))]


def _mark(difference: Difference, page: str) -> Brought:
    before, after = difference.documents
    if before is None or after is None:
        return Brought(difference.title, page, "would be new" if after else "would go", "")
    return Brought(difference.title, page, "would change", ", ".join(difference.labels))


def _open_branches() -> QuerySet[Branch]:
    """The branches that people work on, the newest first."""
    return Branch.objects.filter(state="open").exclude(name=MAIN_NAME).order_by("-number")[:NEWEST]


def _totals() -> dict[str, Any] | None:
    """How much there is on main, in words; None while nobody has counted. Never counted here."""
    totals = totals_of_main()
    if totals is None:
        return None
    words = [
        _counted(model, totals.counts.get(model._meta.label_lower, 0)) for model in KINDS.values()
    ]
    return {
        "words": ", ".join(word for word in words if word),
        "position": totals.position if totals.is_behind else None,
    }


def _counted(model: type[Page], count: int) -> str:
    """`1,087 roller coasters and other rides`; nothing where there are none."""
    own = str(model._meta.verbose_name), str(model._meta.verbose_name_plural)
    one, several = _COUNTED.get(model._meta.label_lower, own)
    return f"{count:,} {one if count == 1 else several}" if count else ""
