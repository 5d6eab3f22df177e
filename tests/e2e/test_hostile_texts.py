"""Texts and names that would run in a reader's browser: there, nothing of them does."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request

from tests.hostile.texts import NAMES, TEXTS
from wiki.models import Article, Ride

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    "address", ["/articles/lifts/", "/articles/lifts/history/1/", "/rides/kestrel/", "/rides/"]
)
def test_what_is_read_does_nothing(page: Page, kestrel: Ride, base_url: str, address: str) -> None:
    """No word of it is run, no other host is asked, and nothing is sent to this one."""
    body = "\n\n".join(text for texts in TEXTS.values() for text in texts)
    Article.objects.create(slug="lifts", name="".join(NAMES)[:200], body=body)
    kestrel.name, kestrel.body = "".join(reversed(NAMES))[:200], body
    kestrel.save()
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))  # Playwright marks what it calls
    page.goto(address)
    page.wait_for_load_state("networkidle")
    for link in page.locator("article.prose a").all():
        for event in ("mouseover", "focus", "mouseout"):
            link.dispatch_event(event)
    assert page.evaluate("window.pwned") is None
    assert {each.method for each in asked} == {"GET"}
    assert {urlsplit(each.url).netloc for each in asked} == {urlsplit(base_url).netloc}
