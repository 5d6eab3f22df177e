"""Pages that a browser has already: they say which state of the wiki they are of.

What such a page shows follows from the log alone (and from the code, the units that the reader
chose, the page's address). So the newest changeset that the reader may see is its validator: who
has the page of that one is told so, in one query, and nothing is rendered. A page of the past is no
exception: what is hidden later is hidden there, too.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import condition

from eventstore.models import Changeset
from projections.cache.cached import code_version
from wiki.kinds.registry import KINDS
from wiki.requests.preferences import chosen

MESSAGES = "messages"
"""The cookie in which Django keeps what it has to say to who has no session."""

SETTLED: Final = timedelta(seconds=3)
"""How old a change must be to date a page: HTTP counts whole seconds, and in the one of a change
there may be another."""

_BEGUN: Final = timezone.now()
"""No page of this process is older: the code may be new."""

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class State:
    """What a page is of: a validator, and when it became so, where that can be told."""

    etag: str
    modified: datetime | None


def revalidated(view: View) -> View:
    """Answer 304 to readers who have the page as it stands; only those who have no session.

    Not for what follows the log behind it, as search and totals do. Cost: one query.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        state = _state_of(request, kwargs["plural"])
        if state is None:
            return view(request, *args, **kwargs)
        conditional = condition(lambda *_, **__: state.etag, lambda *_, **__: state.modified)
        response: HttpResponseBase = conditional(view)(request, *args, **kwargs)
        if response.has_header("ETag"):
            patch_cache_control(response, no_cache=True)
        return response

    return answer


def _state_of(request: HttpRequest, plural: str) -> State | None:
    has_state = {settings.SESSION_COOKIE_NAME, MESSAGES}.intersection(request.COOKIES)
    if has_state or plural not in KINDS or request.headers.get("HX-Request"):
        return None
    # What is done on private branches changes nothing that this reader sees, and tells nothing.
    newest = Changeset.objects.order_by("-id").values_list("id", "hash", "recorded_at").first()
    number, log_hash, recorded_at = newest or (0, b"", _BEGUN)
    units = chosen(request)["units"]
    parts = (
        code_version(), str(number), bytes(log_hash).hex(), request.build_absolute_uri(), units,
    )  # fmt: skip
    etag = f'"{hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]}"'
    # Whoever chose units had other pages at the same time.
    is_settled = not units and recorded_at < timezone.now() - SETTLED
    return State(etag, max(recorded_at, _BEGUN) if is_settled else None)
