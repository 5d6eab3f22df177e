"""Error pages in the site's look: what happened, and what to do.

They query nothing: after a database error a query here would run at main's head, whatever the
viewpoint was, and would fail where the database is away.
"""

import logging
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string

from config.unavailable import is_unavailable
from eventstore.errors import Refusal
from wiki.forms.typed import Typed, typed_in
from wiki.requests.refusals import CannotBeDone
from wiki.viewpoints.banner import viewpoint_context
from wiki.viewpoints.missing import NoSuchViewpoint

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ErrorText:
    title: str
    explanation: str
    remedy: str


LONGEST_FORM: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
"""Bytes of a form."""

ERROR_TEXTS = {
    400: ErrorText(
        "This request cannot be read",
        "Something in the address or in what was sent is malformed.",
        "Check the address, or go back and try again.",
    ),
    403: ErrorText(
        "You may not do this",
        "Your account does not have the right to see this page or to make this change.",
        "Sign in with an account that has it, or ask a moderator.",
    ),
    404: ErrorText(
        "There is no such page here",
        "Nothing has this address, at the moment and on the branch that you are looking at.",
        "It may have another name: try the search. It may also exist at another moment.",
    ),
    405: ErrorText(
        "This cannot be done in this way",
        "The address exists, but does not take this kind of request.",
        "Open the page itself and use the form on it.",
    ),
    409: ErrorText(
        "Somebody was faster",
        "What you were changing has changed meanwhile, and the two changes do not fit together.",
        "Go back, look at what changed, and make your change again.",
    ),
    410: ErrorText(
        "This page was deleted",
        "It was here once. Its history is kept, and can still be read.",
        "See the recent changes for when and why it was deleted.",
    ),
    411: ErrorText(
        "This request does not say how long it is",
        "What was sent came piece by piece, without its length (a Content-Length header).",
        "Send it with its length, as browsers do.",
    ),
    413: ErrorText(
        "This is too large",
        f"More was sent than the wiki takes in at once: {LONGEST_FORM / 1_000_000:g} MB.",
        "Shorten it, or save it in several parts.",
    ),
    429: ErrorText(
        "You are asking for much at once",
        "Comparisons, plans and whole lists take the wiki a while, and your network has had its "
        "share of the last minute.",
        "Wait a moment, then load the page again. Pages themselves can be read meanwhile.",
    ),
    500: ErrorText(
        "Something went wrong on our side",
        "The wiki met an error that it did not expect. Nothing was saved by half.",
        "Try again in a moment. If it happens again, tell an administrator what you did.",
    ),
    503: ErrorText(
        "The wiki is being worked on",
        "What is stored is being changed just now, or cannot be reached.",
        "Wait a moment, then load the page again. Nothing was saved by half.",
    ),
}

TITLES = dict.fromkeys(
    ("no-such-branch", "no-such-moment", "beyond-the-log"), NoSuchViewpoint.title
)
"""What stands above a refusal, by its code."""

TITLE_OF = {status: text.title for status, text in ERROR_TEXTS.items()} | {
    HTTPStatus.CONFLICT: CannotBeDone.title
}
"""The same by its status."""

RETRY_SECONDS = 5
"""When to come again while the database is being migrated."""

TOO_MANY_ATTEMPTS = ErrorText(
    "These were too many attempts",
    "Codes are not to be guessed, and mails not to be sent without end, so they are counted.",
    "Wait five minutes, then try again.",
)

CSRF_TEXT = ErrorText(
    "This form is too old",
    "The page was open for too long, or your browser sends no cookies to this site.",
    "Open the form again and send it anew. Cookies must be allowed.",
)


LONG_FORMS = frozenset({
    "new", "edit", "edit_fact", "keep_draft", "keep_new_draft",
    "branches", "change_branch", "conflicts", "talk", "comment",
})  # fmt: skip
"""The addresses of forms into which people write for long, by name."""

_TYPED_IS_TOLD = frozenset({403, 409, 410, 429, 500, 503})
"""Where what was sent can be read: not where it was too much."""


def _typed(request: HttpRequest, status: int) -> list[Typed]:
    """What was put into a form that is not saved."""
    match = request.resolver_match
    if request.method != "POST" or match is None or match.url_name not in LONG_FORMS:
        return []
    return list(typed_in(request.POST)) if status in _TYPED_IS_TOLD else []


def error_page(
    request: HttpRequest, status: int, text: ErrorText | None = None, **context: object
) -> HttpResponse:
    """The page of a status; to who asked for a part of a page, a message at the top of that page.

    What the part would have replaced stays as it is, with whatever was typed in it.
    """
    text = text or ERROR_TEXTS[status]
    is_partial = request.headers.get("HX-Request-Type") == "partial"
    template = "error.html#refused" if is_partial else "error.html"
    # No request goes in: with it would come the context processors, and the database.
    told = {"status": status, "typed": _typed(request, status), **asdict(text), **context}
    told |= _frame(request, status)
    headers = {"HX-Retarget": "#refused", "HX-Reswap": "innerHTML show:top"} if is_partial else {}
    return HttpResponse(render_to_string(template, told), status=status, headers=headers)


def _frame(request: HttpRequest, status: int) -> dict[str, object]:
    """What the page keeps of where and who one is, while the wiki can be asked for it.

    Not the account's name: an address that looks like that of a file may be kept by anybody.
    """
    has_failed = status >= HTTPStatus.INTERNAL_SERVER_ERROR or connection.needs_rollback
    if has_failed or not hasattr(request, "user"):
        return {}
    is_signed_in = request.user.is_authenticated
    return {"request": request, "is_signed_in": is_signed_in, **viewpoint_context(request)}


def page_of(status: int) -> str:
    """The page of a status, for whoever answers without asking the wiki."""
    return render_to_string("error.html", {"status": status, **asdict(ERROR_TEXTS[status])})


def refusal_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The page of whatever was refused below a view."""
    title = getattr(refusal, "title", TITLES.get(refusal.code, TITLE_OF[refusal.status]))
    text = ErrorText(title, refusal.sentence, refusal.hint)
    page = error_page(request, refusal.status, text, links=getattr(refusal, "links", ()))
    if refusal.status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        return _to_be_had_later(page, getattr(refusal, "retry_seconds", RETRY_SECONDS))
    return page


def _to_be_had_later(page: HttpResponse, seconds: int = RETRY_SECONDS) -> HttpResponse:
    page.headers["Retry-After"] = str(seconds)
    page.headers["Cache-Control"] = "no-store"
    return page


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    too_much = isinstance(exception, RequestDataTooBig | TooManyFieldsSent)
    return error_page(request, HTTPStatus.CONTENT_TOO_LARGE if too_much else 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    text = ERROR_TEXTS[403]
    return error_page(request, 403, replace(text, explanation=str(exception) or text.explanation))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 404)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """More codes or mails than an account may ask for in a while."""
    return error_page(request, HTTPStatus.TOO_MANY_REQUESTS, TOO_MANY_ATTEMPTS)


def server_error(request: HttpRequest) -> HttpResponse:
    """Whatever nobody expected; a database that is being migrated is none of that."""
    try:
        if not is_unavailable(sys.exception()):
            return error_page(request, 500)
        return _to_be_had_later(error_page(request, 503))
    except Exception:
        # Whatever was wrong with the page may be wrong with this one.
        logger.exception("The page of an error could not be made.")
        text = ERROR_TEXTS[500]
        return HttpResponse(
            f"{text.title}. {text.explanation} {text.remedy}\n",
            status=500,
            content_type="text/plain; charset=utf-8",
        )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """No form sends anything but POST, and no address takes it."""
    if request.method != "POST":
        page = error_page(request, 405)
        page.headers["Allow"] = "GET, HEAD, POST"
        return page
    return error_page(request, 403, CSRF_TEXT)


class ErrorPageMiddleware:
    """Gives a page to the errors that come without one, such as Django's 405."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """What is refused, in its own words; a fault of ours is none of that."""
        if isinstance(exception, Refusal) and exception.status != HTTPStatus.INTERNAL_SERVER_ERROR:
            return refusal_page(request, exception)
        return None

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code in ERROR_TEXTS and _is_empty(response):
            page = error_page(request, response.status_code)
            page.cookies = response.cookies
            # What the error says besides, `Allow` or `Retry-After`, is kept.
            for name in response.headers.keys() - {"Content-Type", "Content-Length"}:
                page.headers[name] = response.headers[name]
            return page
        return response


def _is_empty(response: HttpResponseBase) -> bool:
    return isinstance(response, HttpResponse) and not response.content
