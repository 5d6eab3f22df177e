"""What is heavy is rationed by network, and only in its lane."""

import threading
from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from config.serving import budgets
from config.serving.budgets import (
    AT_ONCE,
    SECONDS_OF_WORK,
    WINDOW_SECONDS,
    HeavyMiddleware,
    Ration,
)
from config.serving.names import HEAVY, LANE, PAGES
from wiki.requests.networks import CLIENT_ADDRESS, NetworkMiddleware, network_of

HOME, OTHER = "192.0.2.0/24", "198.51.100.0/24"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("", ""),
        ("unknown", "unknown"),
    ],
)
def test_neighbours_are_counted_together(address: str, network: str) -> None:
    assert network_of(address) == network


def work(ration: Ration, network: str, begun: float, seconds: float) -> float:
    wait = ration.begin(network, begun)
    if not wait:
        ration.end(network, begun, begun + seconds)
    return wait


def test_a_network_has_so_many_seconds_in_a_window() -> None:
    ration = Ration()
    assert work(ration, HOME, 0, SECONDS_OF_WORK - 1) == 0
    assert work(ration, HOME, 20, 1) == 0
    wait = work(ration, HOME, 22, 1)
    assert wait == pytest.approx(SECONDS_OF_WORK - 1 + WINDOW_SECONDS - 22)
    assert work(ration, OTHER, 22, 1) == 0
    assert work(ration, HOME, 22 + wait + 0.1, 1) == 0


def test_so_many_requests_of_a_network_are_made_at_a_time() -> None:
    ration = Ration()
    assert [ration.begin(HOME, 0) for _ in range(AT_ONCE)] == [0] * AT_ONCE
    assert ration.begin(HOME, 0) > 0
    assert ration.begin(OTHER, 0) == 0
    ration.end(HOME, 0, 1)
    assert ration.begin(HOME, 1) == 0


def test_networks_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets, "FORGET_ABOVE", 10)
    ration = Ration()
    for number in range(50):
        work(ration, f"10.0.{number}.0/24", number * WINDOW_SECONDS * 2, 1)
    assert len(ration._had) <= 12


def middleware(
    monkeypatch: pytest.MonkeyPatch, lane: str, view: Callable[[], None]
) -> NetworkMiddleware:
    monkeypatch.setenv(LANE, lane)

    def respond(request: HttpRequest) -> HttpResponse:
        view()
        return HttpResponse("made")

    return NetworkMiddleware(HeavyMiddleware(respond))


def ask(middleware: NetworkMiddleware, address: str) -> tuple[int, str | None]:
    request = RequestFactory().get("/", headers={CLIENT_ADDRESS: address})
    response = middleware(request)
    return response.status_code, response.headers.get("Retry-After")


def test_what_is_too_much_is_told_with_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """While two are made for a network, a third is refused, and another network's is made."""
    begun, may_end = threading.Semaphore(0), threading.Event()

    def view() -> None:
        begun.release()
        assert may_end.wait(20)

    heavy = middleware(monkeypatch, HEAVY, view)
    threads = [
        threading.Thread(target=ask, args=(heavy, f"192.0.2.{n}")) for n in range(1, AT_ONCE + 1)
    ]
    for thread in threads:
        thread.start()
        assert begun.acquire(timeout=20)
    assert ask(heavy, "192.0.2.99") == (429, "1")
    may_end.set()
    assert ask(heavy, "198.51.100.1") == (200, None)
    for thread in threads:
        thread.join()
    assert ask(heavy, "192.0.2.99") == (200, None)


def test_what_fails_gives_its_place_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def view() -> None:
        raise RuntimeError

    heavy = middleware(monkeypatch, HEAVY, view)
    for _ in range(AT_ONCE + 1):
        with pytest.raises(RuntimeError):
            ask(heavy, "192.0.2.1")


def test_pages_are_not_rationed(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = middleware(monkeypatch, PAGES, lambda: None)
    for _ in range(AT_ONCE * 3):
        assert ask(pages, "192.0.2.1") == (200, None)
