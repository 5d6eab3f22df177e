"""The front before a small server that tells what reaches it."""

import http.client
import json
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingMixIn, UnixStreamServer
from typing import Any

import pytest

from config.embedded.processes import wait_until
from config.serving.front import LONGEST_REQUEST, START_SECONDS, Front
from config.serving.names import ACCOUNTS, EDITS, HEALTH, HEAVY, PAGES
from tests.served import free_port
from wiki.requests.networks import CLIENT_ADDRESS

pytestmark = pytest.mark.slow


class Echo(BaseHTTPRequestHandler):
    """Answers with what was asked, and by which lane."""

    protocol_version = "HTTP/1.1"
    server: "Backend"

    def handle_any(self) -> None:
        begun = time.monotonic()
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        told = {
            "lane": self.server.lane,
            "headers": dict(self.headers),
            "length": len(body),
            "waited": time.monotonic() - begun,
        }
        answer = json.dumps(told).encode()
        if self.path == "/long/":
            answer = b"x" * 5_000_000
        self.server.answered.append(self.path)
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)
        self.server.written.append(self.path)

    do_GET = do_POST = handle_any  # noqa: N815  # http.server's names

    def log_message(self, *args: Any) -> None:
        """Nobody reads it."""

    def address_string(self) -> str:
        return "front"


class Backend(ThreadingMixIn, UnixStreamServer):
    daemon_threads = True
    request_queue_size = 100

    def __init__(self, path: Path, lane: str) -> None:
        self.lane = lane
        self.answered: list[str] = []
        self.written: list[str] = []
        super().__init__(str(path), Echo)


class Fronted:
    """A front that runs, with a backend for each lane."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        sockets = {
            lane: folder / f"{lane}.sock" for lane in (PAGES, HEAVY, EDITS, ACCOUNTS, HEALTH)
        }
        self.backends: dict[str, Backend] = {}
        for lane, path in sockets.items():
            self.start(lane, path)
        self.front = Front("127.0.0.1", self.port, sockets, folder)
        self.process = subprocess.Popen(self.front.command())
        assert wait_until(self._listens, 20)

    def start(self, lane: str, path: Path) -> Backend:
        backend = self.backends[lane] = Backend(path, lane)
        threading.Thread(target=backend.serve_forever, daemon=True).start()
        return backend

    def _listens(self) -> bool:
        try:
            self.connect().close()
        except OSError:
            return False
        return True

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def ask(
        self, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET" if body is None else "POST", path, body, named)
        response = connection.getresponse()
        answer = response.status, dict(response.getheaders()), response.read()
        connection.close()
        return answer

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(20)
        for backend in self.backends.values():
            backend.shutdown()
            backend.server_close()


@pytest.fixture
def fronted() -> Iterator[Fronted]:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:  # a short path
        running = Fronted(Path(folder))
        yield running
        running.close()


def lane_of(fronted: Fronted, path: str) -> str:
    _, _, body = fronted.ask(path)
    return str(json.loads(body)["lane"])


def test_each_lane_gets_its_requests(fronted: Fronted) -> None:
    assert {path: lane_of(fronted, path) for path in ROUTES} == ROUTES


ROUTES = {
    "/": PAGES,
    "/rides/": PAGES,
    "/rides/some-ride/": PAGES,
    "/@2026-01-01/rides/": PAGES,
    "/static/css/app.css": PAGES,
    "/rides/?page=2": PAGES,
    "/rides/?format=csv": HEAVY,
    "/rides/some-ride/blame/": HEAVY,
    "/~spring/rides/some-ride/diff/": HEAVY,
    "/branches/spring/compare/": HEAVY,
    "/branches/spring/merge/": HEAVY,
    "/changes/feed/": HEAVY,
    "/sitemap-rides.xml": HEAVY,
    "/health/ready": HEALTH,
    "/metrics": HEALTH,
}


@pytest.mark.parametrize(
    ("path", "lane"),
    [
        ("/rides/some-ride/edit/", EDITS),
        ("/~spring/rides/new/", EDITS),
        ("/account/login/", ACCOUNTS),
        ("/branches/spring/merge/", HEAVY),
    ],
)
def test_who_sends_a_form_stands_in_no_queue_of_readers(
    fronted: Fronted, path: str, lane: str
) -> None:
    _, _, body = fronted.ask(path, b"a=1")
    assert json.loads(body)["lane"] == lane


def test_the_wiki_is_told_the_clients_address_by_nobody_else(fronted: Fronted) -> None:
    _, _, body = fronted.ask("/", X_Client_Address="192.0.2.7", X_Forwarded_For="192.0.2.8")
    headers = json.loads(body)["headers"]
    assert headers[CLIENT_ADDRESS] == "127.0.0.1"
    assert headers["X-Forwarded-For"] == "127.0.0.1"


def test_a_request_is_handed_on_when_all_of_it_is_there(fronted: Fronted) -> None:
    with fronted.connect() as client:
        client.sendall(b"POST /form/ HTTP/1.1\r\nHost: wiki\r\nContent-Length: 10\r\n\r\n12345")
        time.sleep(1)
        assert fronted.backends[EDITS].answered == []
        client.sendall(b"67890")
        assert b'"length": 10' in client.recv(10_000)
    assert fronted.backends[EDITS].answered == ["/form/"]


def test_an_answer_is_taken_at_once_however_slowly_it_is_read(fronted: Fronted) -> None:
    with fronted.connect() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.sendall(b"GET /long/ HTTP/1.1\r\nHost: wiki\r\n\r\n")
        assert wait_until(lambda: fronted.backends[PAGES].written == ["/long/"], 10)


@pytest.mark.parametrize(
    ("length", "status", "sentence"),
    [
        (f"Content-Length: {LONGEST_REQUEST + 1}", 413, b"at once: 2.5 MB"),
        ("Transfer-Encoding: chunked", 411, b"does not say how long it is"),
    ],
)
def test_what_is_too_long_or_does_not_tell_is_refused_before_it_comes(
    fronted: Fronted, length: str, status: int, sentence: bytes
) -> None:
    chunk = b"80000\r\n" + b"x" * 0x80000  # more than the front waits for, once it has refused
    with fronted.connect() as client:
        client.sendall(f"POST /form/ HTTP/1.1\r\nHost: wiki\r\n{length}\r\n\r\n".encode() + chunk)
        response = http.client.HTTPResponse(client)
        response.begin()
        body = response.read()
    assert response.status == status
    assert response.headers["Content-Type"].startswith("text/html")
    assert sentence in body
    assert fronted.backends[EDITS].answered == []


def test_the_longest_request_comes_whole(fronted: Fronted) -> None:
    _, _, body = fronted.ask("/form/", b"x" * LONGEST_REQUEST)
    assert json.loads(body)["length"] == LONGEST_REQUEST


def test_a_form_waits_for_processes_that_start(fronted: Fronted) -> None:
    before = fronted.backends[EDITS]
    before.shutdown()
    before.server_close()
    path = Path(str(before.server_address))
    path.unlink()
    with ThreadPoolExecutor() as clients:
        form = clients.submit(fronted.ask, "/form/", b"12345")
        time.sleep(1)
        assert not form.done()
        started = fronted.start(EDITS, path)
        status, _, body = form.result(START_SECONDS)
    assert (status, json.loads(body)["length"], started.answered) == (200, 5, ["/form/"])


def test_where_nobody_answers_a_page_says_when_to_come_again(fronted: Fronted) -> None:
    fronted.backends[PAGES].shutdown()
    fronted.backends[PAGES].server_close()
    status, headers, body = fronted.ask("/rides/")
    assert (status, headers["Retry-After"], headers["Cache-Control"]) == (502, "5", "no-store")
    assert b"The wiki is being worked on" in body
    assert fronted.ask("/health/live")[0] == 200


def test_a_front_that_was_left_behind_is_ended(fronted: Fronted) -> None:
    fronted.front.end_lost()
    assert fronted.process.wait(10) != 0
