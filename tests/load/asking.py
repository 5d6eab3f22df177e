"""Speaking HTTP as many clients at once do, each from an address of its own.

A connection for each request: who begins anew meets a restarted server at once.
"""

import asyncio
import http.client
import io
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.cookies import SimpleCookie
from typing import cast
from urllib.parse import urlencode, urlsplit

NO_ANSWER = "no answer"
"""The outcome of a request that nobody answered while the client had patience."""

CUT_OFF = "cut off"
"""The outcome of a request whose connection was refused, or ended before the answer did."""

PATIENCE_SECONDS = 70.0
"""Longer than the front waits for a page: what ends a request is the server's word."""


@dataclass(frozen=True)
class Target:
    """The server that is asked, and an answer of it that is long."""

    host: str
    port: int
    long_path: str = "/rides/?format=csv"

    @classmethod
    def of(cls, url: str, long_path: str = "/rides/?format=csv") -> "Target":
        parts = urlsplit(url)
        return cls(parts.hostname or "127.0.0.1", parts.port or 80, long_path)

    def head(self, method: str, path: str, *lines: str) -> bytes:
        named = [f"{method} {path} HTTP/1.1", f"Host: {self.host}:{self.port}", *lines]
        return "\r\n".join([*named, "", ""]).encode()


@dataclass(frozen=True)
class Answer:
    """How a request ended, and when."""

    begun: float
    """By the monotonic clock."""
    seconds: float
    outcome: str
    """Its status, CUT_OFF or NO_ANSWER."""
    headers: Message = field(default_factory=Message)
    text: str = ""

    @property
    def ended(self) -> float:
        return self.begun + self.seconds

    @property
    def is_well(self) -> bool:
        """Whether the server did as it was asked; to be led elsewhere is well, too."""
        return self.outcome[0] in "23"


@dataclass
class Client:
    """A browser without a window: it keeps cookies, and follows nothing by itself."""

    target: Target
    address: str = "127.0.0.1"
    """Where it comes from: limits are counted by it."""
    patience: float = PATIENCE_SECONDS
    cookies: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str) -> Answer:
        return await self._ask("GET", path)

    async def post(self, path: str, form: Mapping[str, str]) -> Answer:
        body = urlencode(form).encode()
        kind = "Content-Type: application/x-www-form-urlencoded"
        return await self._ask("POST", path, kind, f"Content-Length: {len(body)}", body=body)

    async def _ask(self, method: str, path: str, *lines: str, body: bytes = b"") -> Answer:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        lines = (*lines, "Connection: close", *([f"Cookie: {cookies}"] if cookies else []))
        begun = time.monotonic()
        try:
            async with asyncio.timeout(self.patience):
                received = await self._exchange(self.target.head(method, path, *lines) + body)
            answer = _parsed(received, method)
            text = answer.read().decode(errors="replace")
        except TimeoutError:
            return Answer(begun, time.monotonic() - begun, NO_ANSWER)
        except (OSError, http.client.HTTPException):
            return Answer(begun, time.monotonic() - begun, CUT_OFF)
        seconds = time.monotonic() - begun
        for line in answer.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: each.value for name, each in SimpleCookie(line).items()}
        return Answer(begun, seconds, str(answer.status), answer.headers, text)

    async def _exchange(self, request: bytes) -> bytes:
        host, port = self.target.host, self.target.port
        reader, writer = await asyncio.open_connection(host, port, local_addr=(self.address, 0))
        try:
            writer.write(request)
            return await reader.read()
        finally:
            writer.close()


class _Received:
    """All of an answer, where the parser expects the socket that it comes from."""

    def __init__(self, received: bytes) -> None:
        self._received = received

    def makefile(self, _mode: str) -> io.BytesIO:
        return io.BytesIO(self._received)


def _parsed(received: bytes, method: str) -> http.client.HTTPResponse:
    answer = http.client.HTTPResponse(cast("socket.socket", _Received(received)), method=method)
    answer.begin()
    return answer


def address_of(number: int) -> str:
    """One of many networks of this machine's: each has limits of its own."""
    return f"127.{1 + number // 250}.{number % 250}.1"
