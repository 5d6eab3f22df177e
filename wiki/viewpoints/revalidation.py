"""Pages that a browser has already: they say which state of the wiki they are of.

What such a page shows follows from the log alone (and from the code, the units that the reader
chose, the page's address). So the newest changeset that the reader may see is its validator: who
has the page of that one is told so, in one query, and nothing is rendered.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.views.decorators.http import condition

from eventstore.models import Changeset
from projections.cache.cached import code_version
from wiki.pages.kinds import KINDS
from wiki.preferences import chosen

MESSAGES = "messages"
"""The cookie in which Django keeps what it has to say to who has no session."""

View = Callable[..., HttpResponseBase]


def revalidated(view: View) -> View:
    """Answer 304 to readers who have the page as it stands; only those who have no session.

    Not for what follows the log behind it, as search and totals do. Cost: one query.
    """
    conditional = condition(etag_func=_validator)(view)

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase = conditional(request, *args, **kwargs)
        if response.has_header("ETag"):
            patch_cache_control(response, no_cache=True)
        return response

    return answer


def _validator(request: HttpRequest, *_: Any, plural: str, **__: Any) -> str | None:
    has_state = {settings.SESSION_COOKIE_NAME, MESSAGES}.intersection(request.COOKIES)
    if has_state or plural not in KINDS or request.headers.get("HX-Request"):
        return None
    # What is done on private branches changes nothing that this reader sees, and tells nothing.
    newest = Changeset.objects.order_by("-id").values_list("id", "hash").first()
    number, log_hash = newest or (0, b"")
    parts = (
        code_version(), str(number), bytes(log_hash).hex(), request.build_absolute_uri(),
        chosen(request)["units"],
    )  # fmt: skip
    return f'"{hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]}"'
