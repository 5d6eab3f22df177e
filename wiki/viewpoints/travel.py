"""From a page to the same page at another moment: a form's answers become an address."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from versioning.viewpoints.chain import MAIN_NAME
from versioning.viewpoints.names import read_name
from wiki.refusals import RequestRefused
from wiki.viewpoints.addresses import prefix_named


def travel(request: HttpRequest) -> HttpResponse:
    """`?when=2026-03-01&branch=spring&path=/rides/`: redirects there.

    Raises RequestRefused, NoSuchBranch, NoSuchMoment.
    """
    path = request.GET.get("path", "/")
    if not path.startswith("/") or not url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        raise RequestRefused("The page to show at that moment has no address of this wiki.")
    branch = request.GET.get("branch") or MAIN_NAME
    when = request.GET.get("when", "").strip()
    name = (branch if branch != MAIN_NAME or not when else "") + (f"@{when}" if when else "")
    read_name(name)
    return redirect(prefix_named(name) + path.lstrip("/"))
