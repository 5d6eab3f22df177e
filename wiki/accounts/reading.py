"""Who reads a page: the account that is signed in, or nobody's; and who may read everything."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase, StreamingHttpResponse

from eventstore.sqlfiles import statement
from versioning.viewpoints.readers import reading_as, register_overseers
from wiki.rights.rights import Right, roles_with


def let_moderators_read() -> None:
    """Private branches are hidden from no moderator: there is no place for abuse to hide."""
    roles = ", ".join(f"'{role}'" for role in sorted(roles_with(Right.MODERATE)))
    register_overseers(statement(__file__, "overseer").format(roles=roles))


class ReaderMiddleware:
    """Has everything that a request reads read for its account, also what is sent bit by bit."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        def account() -> int | None:
            return _account_of(request)

        with reading_as(account):
            response = self._get_response(request)
        if isinstance(response, StreamingHttpResponse) and not response.is_async:
            parts: Any = response.streaming_content
            response.streaming_content = _read_as(account, parts)
        return response


def _account_of(request: HttpRequest) -> int | None:
    """Asked when it counts first, so that a page which has no branches asks for no session."""
    # Whoever brings no session has none: what they read depends on no cookie.
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    user = getattr(request, "user", None)
    return user.pk if user is not None else None


def _read_as(account: Callable[[], int | None], parts: Iterable[bytes]) -> Iterator[bytes]:
    """The parts of a stream, each read for the account, whatever is read between them."""
    remaining = iter(parts)
    while True:
        with reading_as(account):
            part = next(remaining, None)
        if part is None:
            return
        yield part
