"""What readers choose for themselves, signed in or not: kept in a cookie, read by the style sheet.

The pages are the same for everybody; their `<html>` says what was chosen.
"""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from wiki.requests.refusals import RequestRefused

UNITS: Final = ("metric", "imperial")
YEAR: Final = 365 * 24 * 3600
"""Seconds that a choice is kept for."""


# Whoever sent a reader here from elsewhere would have changed feet into metres.
@csrf_exempt
@require_POST
def choose_units(request: HttpRequest) -> HttpResponse:
    """Show quantities in one system of units, or as given; then back. Raises RequestRefused."""
    units, back = request.POST.get("units", ""), request.POST.get("next", "/")
    if units and units not in UNITS:
        raise RequestRefused(
            f"There are no {units[:20]!r} units.",
            hint=f"Choose {' or '.join(UNITS)}, or neither.",
        )
    if not back.startswith("/") or not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = "/"
    answer = redirect(back)
    if units:
        answer.set_cookie("units", units, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    else:
        answer.delete_cookie("units", samesite="Lax")
    return answer


def chosen(request: HttpRequest) -> dict[str, str]:
    """What templates need to know of it."""
    units = request.COOKIES.get("units", "")
    return {"units": units if units in UNITS else ""}
