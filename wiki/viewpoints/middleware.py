"""Addresses with a viewpoint: `/~branch/…`, `/@when/…`, `/~branch@when/…`, `/~main+branch/…`.

The middleware takes the prefix off and makes it the script prefix, so that
every link of the page stays in the viewpoint; pages that only read are run
inside it. Session and user are read before it is entered.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import set_script_prefix
from django.utils.http import escape_leading_slashes

from eventstore.errors import Refusal
from versioning.branches.preview import merge_preview
from versioning.models import Branch
from versioning.viewpoints.chain import NoSuchBranch, Viewpoint
from versioning.viewpoints.entering import entered
from versioning.viewpoints.names import NamedViewpoint, merge_name, name_of, read_name
from wiki.viewpoints import missing
from wiki.viewpoints.addresses import prefix_named

_PREFIX = re.compile(r"/(?:~(?P<branch>[^/@]*))?(?:@(?P<when>[^/]*))?(?=/|$)")

OUTSIDE = frozenset(
    ("account", "admin", "audit", "branches", "compare", "health", "metrics", "moderation",
     "proposals", "static", "travel")
)  # fmt: skip
"""First parts of addresses that are about viewpoints, accounts or machines, and so in none."""

GetResponse = Callable[[HttpRequest], HttpResponse]


class Moved(Exception):
    """The page has another address now; answered by a redirect.

    `keeps_query`: what else is asked there means the same.
    """

    def __init__(self, location: str, *, keeps_query: bool = False) -> None:
        self.location = location
        self.keeps_query = keeps_query
        super().__init__(location)


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
            merging = _branch_to_merge(named)
        except Refusal as refusal:
            request.path_info = missing.ADDRESS
            request.no_viewpoint = str(refusal)  # type: ignore[attr-defined]
            return self.get_response(request)
        rest = request.path_info[match.end() :] or "/"
        prefix = prefix_named(
            merge_name(named.viewpoint.name, merging.name) if merging else name_of(named.viewpoint)
        )
        if match[0] + "/" != prefix:
            # A moment that is not over can still come to mean more: never for good.
            settled = named.moment is None or named.moment.is_settled
            return HttpResponseRedirect(
                prefix + rest.lstrip("/") + _query_of(request), status=301 if settled else 302
            )
        if rest.split("/")[1] in OUTSIDE:
            return self._without_viewpoint(request, rest)
        request.path_info = rest
        request.META["SCRIPT_NAME"] = prefix.rstrip("/")
        set_script_prefix(prefix)
        try:
            request.user.is_authenticated  # noqa: B018  # resolved before a viewpoint is entered
            return self._answer_at(request, named.viewpoint, merging)
        finally:
            set_script_prefix("/")

    def _without_viewpoint(self, request: HttpRequest, rest: str) -> HttpResponse:
        """What stands outside viewpoints has one address: whoever reads is led there."""
        if request.method not in ("GET", "HEAD"):
            request.path_info = missing.ADDRESS
            return self.get_response(request)
        return HttpResponseRedirect(escape_leading_slashes(rest) + _query_of(request))

    def _answer_at(
        self, request: HttpRequest, seen: Viewpoint, merging: Branch | None
    ) -> HttpResponse:
        is_reading = request.method in ("GET", "HEAD")
        if not is_reading and merging is None:
            request.viewpoint = seen  # type: ignore[attr-defined]
            return self.get_response(request)
        with _shown(seen, merging) as shown:
            request.viewpoint = shown  # type: ignore[attr-defined]
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page that moved redirects: at main's head only for as long as it stands so.

        A form that was begun at the old address is sent on with all that was typed.
        """
        if not isinstance(exception, Moved):
            return None
        query = _query_of(request) if exception.keeps_query else ""
        is_reading = request.method in ("GET", "HEAD")
        status = 301 if is_reading else 308
        answer = HttpResponseRedirect(exception.location + query, status=status)
        answer.headers["Cache-Control"] = "no-cache"
        return answer


def _query_of(request: HttpRequest) -> str:
    """What an address asks behind its path, as it was written."""
    query = request.META["QUERY_STRING"]
    return f"?{query}" if query else ""


@contextmanager
def _shown(seen: Viewpoint, merging: Branch | None) -> Iterator[Viewpoint]:
    if merging is not None:
        with merge_preview(merging) as preview:
            yield preview
        return
    with entered(seen):
        yield seen


def _branch_to_merge(named: NamedViewpoint) -> Branch | None:
    """The branch whose merge a name previews; only into its own parent. Raises NoSuchBranch."""
    if named.merging is None:
        return None
    branch = Branch.objects.filter(
        name=named.merging, parent__number=named.viewpoint.branch
    ).first()
    if branch is None:
        raise NoSuchBranch(f"{named.merging!r} is not a branch of {named.viewpoint.name!r}.")
    return branch
