"""Who asks: the address that the front tells, and the network that it is counted with."""

import ipaddress
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase

CLIENT_ADDRESS = "X-Client-Address"
"""The header by which the wiki is told who asks; what a client sends of it is overwritten."""

_network: ContextVar[str] = ContextVar("network", default="")


def network_of(address: str) -> str:
    """The network that an address is counted with; what is no address is one of its own.

    An IPv4 network is a /24, an IPv6 one a /48: what one household or one office has.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    length = 24 if parsed.version == 4 else 48
    return str(ipaddress.ip_network(f"{address}/{length}", strict=False))


def current_network() -> str:
    """The network that the request of this thread came from; empty where nothing is in front."""
    return _network.get()


class NetworkMiddleware:
    """Lets commands know which network they are asked by."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        before = _network.set(network_of(request.headers.get(CLIENT_ADDRESS, "")))
        try:
            return self._get_response(request)
        finally:
            _network.reset(before)
