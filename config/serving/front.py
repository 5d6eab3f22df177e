"""Caddy in front of the wiki: it has patience with clients, so that nobody else needs it.

A request is handed on once all of it came, and its answer taken whole; what is slower than the
bounds below is ended. The wiki's processes are told the client's address and protocol by headers
that a client cannot set.
"""

import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from config.embedded.processes import end, processes_named_with
from config.errors import RETRY_SECONDS, page_of
from config.refusal import CannotStart
from config.serving.names import ACCOUNTS, EDITS, HEALTH, HEAVY, PAGES
from wiki.requests.networks import CLIENT_ADDRESS

HEAD_SECONDS = 10
"""From a connection's start to the end of a request's head."""

REQUEST_SECONDS = 60
"""To the end of the request."""

ANSWER_SECONDS = 120
"""From there to the end of the answer: what the wiki takes, and the client's reading."""

IDLE_SECONDS = 30
"""Between two requests on one connection."""

START_SECONDS = 10
"""For processes that start (again), a request waits; nothing of it was handed on yet."""

PAGE_SECONDS = 60
"""What the wiki may take until an answer begins."""

LONGEST_HEAD = 32_768
LONGEST_REQUEST = 10_000_000
"""Bytes of a form, files included."""

LONGEST_KEPT_ANSWER = 32_000_000
"""Bytes of an answer that are taken from a worker without waiting for the client."""

GRACE_SECONDS = 5
"""For requests under way, when it is told to stop."""

PRIVATE_NETWORKS = [
    "127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fd00::/8",
]  # fmt: skip
"""Where a proxy in front of this one is believed, if there is said to be one."""


_HEAVY: list[dict[str, Any]] = [
    {"path_regexp": {"pattern": r"/(blame|diff|compare|feed|merge|revert|sync|conflicts)/$"}},
    {"path_regexp": {"pattern": r"^/(compare|reports|statistics|audit)/|^/sitemap"}},
    {"query": {"format": ["*"]}},
]
"""Addresses that take long by their nature: comparisons, plans, and all of a kind at once."""


_LENGTH = "{http.request.header.Content-Length}"
_TOO_LONG: list[dict[str, Any]] = [
    {
        "match": [{"header": {"Transfer-Encoding": ["*"]}}],
        "handle": [{"handler": "error", "status_code": HTTPStatus.LENGTH_REQUIRED}],
    },
    {
        "match": [{"expression": f"{_LENGTH} != '' && int({_LENGTH}) > {LONGEST_REQUEST}"}],
        "handle": [{"handler": "error", "status_code": HTTPStatus.CONTENT_TOO_LARGE}],
    },
]
"""A request says how long it is, and is refused by that: Caddy hands on the beginning of one that
turns out to be too long, as if it were the whole."""


@dataclass(frozen=True)
class Front:
    """Where it listens, and the sockets that it hands requests on to."""

    host: str
    port: int
    sockets: Mapping[str, Path]
    """Of each lane."""
    folder: Path
    behind_proxy: bool = False

    @property
    def configuration(self) -> Path:
        return self.folder / "caddy.json"

    def command(self) -> list[str]:
        """The command that runs it, with its configuration written. Raises CannotStart."""
        program = shutil.which("caddy", path=str(Path(sys.executable).parent))
        if program is None:
            raise CannotStart(
                "Caddy, which takes in requests, is not installed.", "Run `make tools`."
            )
        self.configuration.write_text(json.dumps(self._configured(), indent=1))
        return [*_ending_with_us(), program, "run", "--config", str(self.configuration)]

    def end_lost(self) -> None:
        """End one of this home that outlived who started it: it would keep the port."""
        for lost in processes_named_with("caddy", self.configuration):
            lost.kill()
            end(lost, GRACE_SECONDS)

    def _configured(self) -> dict[str, Any]:
        host = f"[{self.host}]" if ":" in self.host else self.host
        server: dict[str, Any] = {
            "listen": [f"{host}:{self.port}"],
            "read_header_timeout": f"{HEAD_SECONDS}s",
            "read_timeout": f"{REQUEST_SECONDS}s",
            "write_timeout": f"{ANSWER_SECONDS}s",
            "idle_timeout": f"{IDLE_SECONDS}s",
            "max_header_bytes": LONGEST_HEAD,
            "automatic_https": {"disable": True},
            "protocols": ["h1"],
            "routes": [
                *_TOO_LONG,
                self._route(HEALTH, [{"path": ["/health/*", "/metrics"]}]),
                self._route(ACCOUNTS, [{"method": ["POST"], "path": ["/account/*"]}]),
                self._route(HEAVY, _HEAVY),
                self._route(EDITS, [{"method": ["POST"]}]),
                self._route(PAGES),
            ],
            "errors": {"routes": [_refused(411), _refused(413), _refused(None)]},
        }
        if self.behind_proxy:
            server["trusted_proxies"] = {"source": "static", "ranges": PRIVATE_NETWORKS}
        return {
            "admin": {"disabled": True, "config": {"persist": False}},
            "logging": {"logs": {"default": {"level": "ERROR"}}},
            "storage": {"module": "file_system", "root": str(self.folder / "caddy")},
            "apps": {"http": {"grace_period": f"{GRACE_SECONDS}s", "servers": {"front": server}}},
        }

    def _route(self, lane: str, match: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
        """What matches any of these goes to a lane."""
        return {
            **({"match": list(match)} if match else {}),
            "handle": [_COMPRESSION, self._hand_on(self.sockets[lane])],
            "terminal": True,
        }

    def _hand_on(self, socket: Path) -> dict[str, Any]:
        client = {CLIENT_ADDRESS: ["{http.vars.client_ip}"]}
        return {
            "handler": "reverse_proxy",
            "headers": {"request": {"set": client}},
            "upstreams": [{"dial": f"unix/{socket}"}],
            "load_balancing": {"try_duration": f"{START_SECONDS}s", "try_interval": "250ms"},
            "transport": {
                "protocol": "http",
                # A connection that is kept would be a place with one worker, full or idle.
                "keep_alive": {"enabled": False},
                "dial_timeout": "2s",
                "response_header_timeout": f"{PAGE_SECONDS}s",
            },
            "request_buffers": LONGEST_REQUEST,
            "response_buffers": LONGEST_KEPT_ANSWER,
        }


_COMPRESSION = {
    # Forms bring another token in every answer, so that their length tells nothing of it (BREACH).
    "handler": "encode",
    "encodings": {"zstd": {}, "gzip": {}},
    "prefer": ["zstd", "gzip"],
    "minimum_length": 512,
}
"""Of what is text; of files that are packed already, as they are."""


def _ending_with_us() -> list[str]:
    """What makes a program end when this process is killed; elsewhere `end_lost` does, later."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM"] if setpriv else []


def _refused(status: int | None) -> dict[str, Any]:
    """What is said of a request that does not reach the wiki: by its status, or by any."""
    answer = {
        "handler": "static_response",
        "status_code": "{http.error.status_code}",
        "headers": {
            "Content-Type": ["text/html; charset=utf-8"],
            "Cache-Control": ["no-store"],
            **({} if status else {"Retry-After": [str(RETRY_SECONDS)]}),
        },
        "body": page_of(status or HTTPStatus.SERVICE_UNAVAILABLE),
    }
    asked = f"{{http.error.status_code}} == {status}"
    return {"handle": [answer], **({"match": [{"expression": asked}]} if status else {})}
