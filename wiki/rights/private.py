"""What is made for somebody who is signed in is for nobody else: no cache on the way keeps it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control


class PrivateMiddleware:
    """Says so of every answer to a browser that has a session, whoever made it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        has_session = (
            settings.SESSION_COOKIE_NAME in request.COOKIES
            or settings.SESSION_COOKIE_NAME in response.cookies
        )
        # What nobody may keep needs no more words.
        if has_session and "no-store" not in response.get("Cache-Control", ""):
            patch_cache_control(response, private=True)
        return response
