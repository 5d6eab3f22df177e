"""How often a password may be tried, so that nobody guesses one, and nobody is locked out.

An account is tried by strangers from many networks: they share so many attempts an hour. Whoever
signed in from this browser before has attempts of their own, for the browser shows that it did
(a signed cookie, as OWASP describes device cookies).
"""

import logging
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from wiki.limits.spending import HOUR, MINUTE, Action, Rate, count
from wiki.requests.networks import current_network

OF_A_NETWORK = (Rate(60, 15 * MINUTE),)
OF_AN_ACCOUNT_AND_NETWORK = (Rate(10, 15 * MINUTE),)
OF_AN_ACCOUNT = (Rate(100, HOUR),)
OF_A_BROWSER = (Rate(20, 15 * MINUTE),)

BROWSER_COOKIE = "browser"
BROWSER_SECONDS = 365 * 24 * HOUR
_SALT = "wiki.accounts.browser"

logger = logging.getLogger(__name__)


def name_in(credentials: dict[str, Any]) -> str:
    """The name, or the mail address, by which somebody tries to sign in, in one spelling."""
    return str(credentials.get("username") or credentials.get("email") or "").casefold()


def count_attempt(request: HttpRequest, name: str) -> None:
    """Count an attempt at an account. Raises TooMuch."""
    network = current_network()
    if network:
        count(Action.SIGN_IN, f"network:{network}", OF_A_NETWORK)
    if name in _accounts_of_browser(request):
        count(Action.SIGN_IN, f"browser:{request.COOKIES[BROWSER_COOKIE][-40:]}", OF_A_BROWSER)
        return
    count(Action.SIGN_IN, f"account:{name}:{network}", OF_AN_ACCOUNT_AND_NETWORK)
    count(Action.SIGN_IN, f"account:{name}", OF_AN_ACCOUNT)


def tell_failure(name: str) -> None:
    """Note a failed attempt for the operator."""
    logger.warning("A sign-in as %r failed, from %s.", name, current_network() or "here")


def remember_browser(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    """Let a browser show from now on that an account signed in from it."""
    names = {user.get_username().casefold(), user.email.casefold()} - {""}
    known = sorted(_accounts_of_browser(request) | names)[:10]
    response.set_cookie(
        BROWSER_COOKIE,
        signing.dumps(known, salt=_SALT),
        max_age=BROWSER_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        path="/account/",
    )


def _accounts_of_browser(request: HttpRequest) -> set[str]:
    try:
        names = signing.loads(
            request.COOKIES.get(BROWSER_COOKIE, ""), salt=_SALT, max_age=BROWSER_SECONDS
        )
    except signing.BadSignature:
        return set()
    return set(names)
