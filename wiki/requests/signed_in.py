"""Forms that take long to fill in, for people who are signed in."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from wiki.requests.refusals import RequestRefused

View = Callable[..., HttpResponse]


class SignedOut(RequestRefused):
    """A form was sent after its session had ended: signing in first would lose what was typed."""

    code = "signed-out"
    status = 403
    title = "You are signed out"
    sentence = "Your session ended before this was sent, so it was not saved."
    hint = "Sign in, and enter again what you typed: it is shown below."


def signed_in(view: View) -> View:
    """As `login_required`; but what is sent without a session is shown again, not thrown away."""
    asked = login_required(view)

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not request.user.is_authenticated:
            back = urlencode({"next": request.get_full_path()})
            raise SignedOut(links=[("Sign in", f"{reverse('account_login')}?{back}")])
        if request.htmx and not request.user.is_authenticated:  # type: ignore[attr-defined]  # by its middleware
            # A part of a page has no place for the sign-in: the page as a whole goes there.
            back = urlencode({"next": request.path})
            return HttpResponseClientRedirect(f"{reverse('account_login')}?{back}")
        return asked(request, *args, **kwargs)

    return answer
