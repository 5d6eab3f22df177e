"""From a page to the same page at another moment, or on another branch."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from versioning.models import Branch
from versioning.viewpoints.chain import MAIN_NAME
from versioning.viewpoints.names import read_name
from wiki.requests.refusals import RequestRefused
from wiki.viewpoints.addresses import prefix_named

MOST_BRANCHES = 50


def travel(request: HttpRequest) -> HttpResponse:
    """`?when=2026-03-01&branch=spring&path=/rides/`: redirects there.

    Raises RequestRefused, NoSuchBranch, NoSuchMoment.
    """
    path = _path(request)
    branch = request.GET.get("branch") or MAIN_NAME
    when = request.GET.get("when", "").strip()
    name = (branch if branch != MAIN_NAME or not when else "") + (f"@{when}" if when else "")
    read_name(name)
    return redirect(prefix_named(name) + path.lstrip("/"))


@dataclass(frozen=True)
class Choice:
    """A branch, and the page there."""

    called: str
    href: str


def branches(request: HttpRequest) -> HttpResponse:
    """The page at `?path=` on main and on open branches, the newest first; `?part=choices` alone.

    Raises RequestRefused. Cost: one query.
    """
    path = _path(request).lstrip("/")
    is_open = Branch.objects.filter(state="open").exclude(name=MAIN_NAME)
    choices = [Choice(MAIN_NAME, prefix_named(MAIN_NAME) + path)] + [
        Choice(each.called, prefix_named(each.name) + path)
        for each in is_open.order_by("-number")[:MOST_BRANCHES]
    ]
    part = "#choices" if request.GET.get("part") == "choices" else ""
    return render(request, f"viewpoints/branches.html{part}", {"choices": choices})


def _path(request: HttpRequest) -> str:
    """The page that is to be read elsewhere. Raises RequestRefused."""
    path = request.GET.get("path", "/")
    if not path.startswith("/") or not url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        raise RequestRefused("The page to show at that moment is not a page of this wiki.")
    return path
