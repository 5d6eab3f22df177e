"""A real browser before a real server, on the tests' own database.

`page` (with `base_url`, so that `page.goto("/")` works) fails its test on any error in the
console, violations of the Content-Security-Policy among them. `console.allow(…)` names what a
test brings about on purpose.

The server sees what is committed: a test that writes takes `transactional_db`.
"""

import os
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright

from tests.e2e.chromium import ADVICE, find_chromium
from tests.served import Server, environment
from wiki.models import Park, Ride

# Playwright keeps an event loop in this thread, by which Django takes every test for async code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

HERE = Path(__file__).parent

PATIENCE_MS = 15_000
"""How long a button may take to be there: half of Playwright's own, as what fails fails there."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def playwright(playwright: Playwright) -> Iterator[Playwright]:
    """While its event loop stands in this thread, Django's connections are others than before,
    and nobody finds them again afterwards to close them.
    """
    yield playwright
    connections.close_all()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    chromium = find_chromium()
    if chromium is None:
        pytest.fail(ADVICE, pytrace=False)
    # Chromium's sandbox refuses root, who is at home in containers only.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return browser_type_launch_args | {"executable_path": str(chromium), "args": sandbox}


@pytest.fixture(scope="session")
def base_url(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server on a free port, with the database of this run."""
    server = Server(tmp_path_factory.mktemp("server") / "log", environment())
    yield server.url
    server.stop()


@dataclass
class Console:
    """What the browser complained of, and what of it the test expects."""

    complaints: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def allow(self, pattern: str) -> None:
        self.allowed.append(pattern)

    def unexpected(self) -> list[str]:
        return [
            each
            for each in self.complaints
            if not any(re.search(pattern, each) for pattern in self.allowed)
        ]

    def watch(self, page: Page) -> None:
        def note(message: ConsoleMessage) -> None:
            # That the page itself is a 404 is for the test to say.
            is_own_status = message.location.get("url") == page.url
            if message.type == "error" and not is_own_status:
                self.complaints.append(f"{message.text} ({message.location.get('url')})")

        page.on("console", note)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))


@pytest.fixture
def console() -> Iterator[Console]:
    console = Console()
    yield console
    assert not console.unexpected(), "\n".join(console.unexpected())


@pytest.fixture
def page(context: BrowserContext, console: Console) -> Page:
    return watched(context, console)


def watched(context: BrowserContext, console: Console) -> Page:
    """A new page whose complaints are heard."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    console.watch(page)
    return page


@pytest.fixture
def page_without_javascript(browser: Browser, base_url: str, console: Console) -> Iterator[Page]:
    """Everything a reader or an editor can do works here as well."""
    with closing(browser.new_context(base_url=base_url, java_script_enabled=False)) as context:
        yield watched(context, console)


@pytest.fixture(params=["with JavaScript", "without JavaScript"])
def anyone(request: pytest.FixtureRequest) -> Page:
    has_script = request.param == "with JavaScript"
    page: Page = request.getfixturevalue("page" if has_script else "page_without_javascript")
    return page


@pytest.fixture
def kestrel() -> Ride:
    park = Park.objects.create(slug="hill-park", name="Hill Park", body="On a *hill*.\n")
    return Ride.objects.create(
        slug="kestrel", name="Kestrel", park=park, body="It flies high.\n\nIt lands softly.\n"
    )
