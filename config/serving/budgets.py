"""What is heavy is rationed: each network has so many seconds of it a minute.

In the memory of the one process that makes what is heavy (see `lanes`); another process rations
nothing.
"""

import os
import threading
import time
from collections import deque
from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from config.errors import error_page
from config.serving.names import HEAVY, LANE
from wiki.requests.networks import current_network

WINDOW_SECONDS = 60.0
SECONDS_OF_WORK = 10.0
"""Of one network, in each window."""

AT_ONCE = 2
"""Requests of one network that are made at the same time."""

FORGET_ABOVE = 10_000
"""Networks that are remembered; those that had nothing lately are forgotten then."""


class Ration:
    """What networks had, and have under way."""

    def __init__(self) -> None:
        self._had: dict[str, deque[tuple[float, float]]] = {}
        self._under_way: dict[str, int] = {}
        self._lock = threading.Lock()

    def begin(self, network: str, now: float) -> float:
        """Take a place; how many seconds to wait for one, which is 0 where it was had."""
        with self._lock:
            had = self._remembered(network, now)
            if self._under_way.get(network, 0) >= AT_ONCE:
                return 1.0
            if sum(seconds for _, seconds in had) >= SECONDS_OF_WORK:
                return max(1.0, had[0][0] + WINDOW_SECONDS - now)
            self._under_way[network] = self._under_way.get(network, 0) + 1
            return 0.0

    def end(self, network: str, begun: float, now: float) -> None:
        """Give the place back, and count what it took."""
        with self._lock:
            self._had.setdefault(network, deque()).append((now, now - begun))
            left = self._under_way.pop(network) - 1
            if left:
                self._under_way[network] = left

    def _remembered(self, network: str, now: float) -> deque[tuple[float, float]]:
        had = self._had.get(network, deque())
        while had and had[0][0] < now - WINDOW_SECONDS:
            had.popleft()
        if len(self._had) > FORGET_ABOVE:
            self._had = {
                name: each for name, each in self._had.items() if each[-1][0] > now - WINDOW_SECONDS
            }
        return had


class HeavyMiddleware:
    """Refuses what a network asks beyond its ration, before anything is done for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._ration = Ration() if os.environ.get(LANE) == HEAVY else None

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if self._ration is None:
            return self._get_response(request)
        network = current_network()
        begun = time.monotonic()
        if wait := self._ration.begin(network, begun):
            return _too_many(request, wait)
        try:
            return self._get_response(request)
        finally:
            self._ration.end(network, begun, time.monotonic())


def _too_many(request: HttpRequest, wait: float) -> HttpResponse:
    page = error_page(request, HTTPStatus.TOO_MANY_REQUESTS)
    page.headers["Retry-After"] = str(round(wait))
    page.headers["Cache-Control"] = "no-store"
    return page
