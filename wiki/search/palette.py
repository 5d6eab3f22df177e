"""The search box as a palette: what the page that one is on offers, other moments, branches."""

from collections.abc import Iterator, Sequence

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from eventstore.errors import Refusal
from versioning.models import Branch
from versioning.viewpoints.chain import MAIN_NAME
from versioning.viewpoints.names import read_name
from wiki.frame.tabs import tabs_of
from wiki.kinds.registry import KINDS, page_at
from wiki.search.offers import Offer
from wiki.viewpoints.addresses import prefix_named, viewpoint_of
from wiki.viewpoints.banner import viewpoint_context
from wiki.viewpoints.middleware import OUTSIDE
from wiki.viewpoints.spoken import day_said

SHORTEST_TITLE = 2
MOST_BRANCHES = 4


def actions(text: str, request: HttpRequest) -> list[Offer]:
    """What the page at `?path=` offers, and new pages; of what was typed, what goes on from it.

    Asks no database but for who is signed in.
    """
    words = text.lower().split()
    return [each for each in _actions(request) if _goes_on(each.name, words)]


def _goes_on(name: str, words: Sequence[str]) -> bool:
    said = name.lower().split()
    return all(any(each.startswith(word) for each in said) for word in words)


def _actions(request: HttpRequest) -> Iterator[Offer]:
    is_writable = bool(viewpoint_context(request)["is_writable"])
    is_signed_in = request.user.is_authenticated
    plural, slug = page_at(_path(request))
    if slug:
        for tab in tabs_of(plural, slug, is_writable=is_writable, is_signed_in=is_signed_in):
            yield Offer(tab.label, tab.href)
    if is_writable and is_signed_in:
        for each in [plural] if plural and not request.GET.get("q") else KINDS:
            yield Offer(f"New {KINDS[each]._meta.verbose_name}", reverse("new", args=[each]))


def _path(request: HttpRequest) -> str:
    """The address of the page that one is on, behind its viewpoint; nothing where it is none."""
    path = request.GET.get("path", "")
    is_own = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_own else ""


def moments(text: str, request: HttpRequest) -> list[Offer]:
    """The page at `?path=` as it was at the moment that was typed; nothing before the first one.

    Cost: a query or two where a moment was typed.
    """
    path, seen = _path(request), viewpoint_of(request)
    day = day_said(text, timezone.now().date())
    if not path or path.split("/")[1] in OUTSIDE or day is None or seen.is_preview:
        return []
    branch = "" if seen.name == MAIN_NAME else seen.name
    name = f"{branch}@{day.isoformat()}"
    try:
        then = read_name(name).viewpoint
    except Refusal:  # the branch was not there yet
        return []
    href = prefix_named(name) + path.lstrip("/")
    return [Offer(f"{day:%-d %B %Y}", href, "As it was then")] if then.position else []


def branches(text: str) -> list[Offer]:
    """Branches that have the words in their titles, open ones first. Cost: one query."""
    if len(text) < SHORTEST_TITLE:
        return []
    found = Branch.objects.exclude(name=MAIN_NAME).filter(
        Q(title__icontains=text) | Q(name__icontains=text)
    )
    newest = found.order_by("-state", "-number")[:MOST_BRANCHES]
    return [Offer(each.called, reverse("branch", args=[each.name]), "Branch") for each in newest]
