"""Addresses with a viewpoint: `/~branch/…`, `/@when/…`, `/~branch@when/…`.

The middleware takes the prefix off and makes it the script prefix, so that
every link of the page stays in the viewpoint; pages that only read are run
inside it. Session and user are read before it is entered.
"""

import re
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import set_script_prefix

from versioning.viewpoints.chain import HEAD_OF_MAIN, NoSuchBranch, Viewpoint
from versioning.viewpoints.entering import entered
from versioning.viewpoints.moments import NoSuchMoment
from versioning.viewpoints.names import name_of, read_name

_PREFIX = re.compile(r"/(?:~(?P<branch>[^/@]*))?(?:@(?P<when>[^/]*))?(?=/|$)")

GetResponse = Callable[[HttpRequest], HttpResponse]


def prefix_of(seen: Viewpoint) -> str:
    """The first part of an address at a viewpoint: `/~spring@p12/`, or `/`."""
    name = name_of(seen)
    if seen == HEAD_OF_MAIN:
        return "/"
    return f"/{name}/" if name.startswith("@") else f"/~{name}/"


def viewpoint_of(request: HttpRequest) -> Viewpoint:
    """The viewpoint that a request's address names."""
    seen: Viewpoint = getattr(request, "viewpoint", HEAD_OF_MAIN)
    return seen


class ViewpointMiddleware:
    """Reads the viewpoint off the address, and runs what only reads inside it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        match = _PREFIX.match(request.path_info)
        if match is None or not match[0].strip("/"):
            return self.get_response(request)
        try:
            named = read_name(
                (match["branch"] or "") + (f"@{match['when']}" if match["when"] else "")
            )
        except (NoSuchBranch, NoSuchMoment):
            request.path_info = "/no-such-viewpoint/"  # the site's 404, whatever was asked
            return self.get_response(request)
        rest = request.path_info[match.end() :] or "/"
        prefix = prefix_of(named.viewpoint)
        if match[0] + "/" != prefix:
            query = f"?{request.META['QUERY_STRING']}" if request.META["QUERY_STRING"] else ""
            # A moment that is not over can still come to mean more: never for good.
            settled = named.moment is None or named.moment.is_settled
            return HttpResponseRedirect(
                prefix + rest.lstrip("/") + query, status=301 if settled else 302
            )
        request.path_info = rest
        request.viewpoint = named.viewpoint  # type: ignore[attr-defined]
        request.META["SCRIPT_NAME"] = prefix.rstrip("/")
        set_script_prefix(prefix)
        try:
            if request.method not in ("GET", "HEAD"):
                return self.get_response(request)
            request.user.is_authenticated  # noqa: B018  # resolved before the viewpoint is entered
            with entered(named.viewpoint):
                return self.get_response(request)
        finally:
            set_script_prefix("/")


def refuse_the_past(seen: Viewpoint) -> None:
    """Commands act on a branch's head alone. Raises Http404."""
    if seen.is_past:
        raise Http404("What was, stays as it was.")
