"""What changed since somebody last looked: of the wiki, of a list, of a page.

Where somebody looked is a position of the log. It is kept in the session of whoever is signed in,
and in a cookie for everybody else; whoever has neither is shown a week. Only the changes of the
whole wiki move it, so that no page hides from its reader what became of the others.
"""

from datetime import timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from eventstore.models import Changeset
from eventstore.types import BEGINNING, Position
from wiki.kinds.registry import page_at
from wiki.requests.preferences import YEAR
from wiki.viewpoints.addresses import moved_to, prefix_at, viewpoint_of

LOOKED: Final = "looked"
"""The name of the cookie, and of what the session has."""

FIRST_LOOK: Final = timedelta(days=7)


def since_looked(request: HttpRequest) -> HttpResponse:
    """To what changed on the branch since the reader looked, of what stands at `?path=`.

    The address that it leads to is an ordinary one: it can be shared, and stays what it is.
    """
    end = _newest()
    plural, slug = page_at(request.GET.get("path", ""))
    query = {"from": _looked_at(request, end), "to": f"p{end}"}
    if slug:
        address = reverse("diff", args=[plural, slug])
    else:
        address, query = reverse("changes"), query | ({"of": plural} if plural else {})
    head = moved_to(prefix_at(viewpoint_of(request), None), address)
    answer = redirect(f"{head}?{urlencode(query)}")
    if not plural:
        _remember(request, answer, end)
    return answer


def _newest() -> Position:
    """The newest position that the reader may know of: what private branches did is none."""
    newest = Changeset.objects.order_by("-last_position").values_list("last_position", flat=True)
    return Position(newest.first() or BEGINNING)


def _looked_at(request: HttpRequest, end: Position) -> str:
    """The moment at which somebody looked last; what is no position of this log is none."""
    has_account = request.user.is_authenticated
    kept = request.session.get(LOOKED) if has_account else request.COOKIES.get(LOOKED)
    text = str(kept or "")
    if text.isascii() and text.isdecimal() and len(text) < 19 and int(text) <= end:
        return f"p{int(text)}"
    return (timezone.now() - FIRST_LOOK).date().isoformat()


def _remember(request: HttpRequest, answer: HttpResponse, end: Position) -> None:
    if request.user.is_authenticated:
        request.session[LOOKED] = end
        return
    answer.set_cookie(
        LOOKED, str(end), max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True
    )
