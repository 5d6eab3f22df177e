"""A page by keys alone: what matters is a few tabs away."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accounts import sign_in
from wiki.models import Ride

pytestmark = pytest.mark.django_db(transaction=True)

MOST_TABS = 12

FOCUSED = "() => (document.activeElement.textContent || document.activeElement.name).trim()"


def tabs_to(page: Page, words: str, by: str) -> int:
    """How many tabs away something is, where the link called `by` is followed on the way."""
    for tabs in range(1, 40):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused == words:
            return tabs
        if focused == by:
            page.keyboard.press("Enter")
    pytest.fail(f"{words!r} is more than 40 tabs away.")


def test_saving_is_a_few_tabs_away(anyone: Page, kestrel: Ride) -> None:
    page = anyone
    sign_in(page, "editors")
    page.goto("/rides/kestrel/edit/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # to the content
    assert 1 + tabs_to(page, "Save", by="Skip to saving") <= MOST_TABS
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kestrel")


def test_a_fact_is_corrected_by_keys_alone(page: Page, kestrel: Ride) -> None:
    sign_in(page, "editors")
    page.goto("/rides/kestrel/")
    page.get_by_role("link", name="Edit status").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Status", exact=True)).to_be_focused()
    page.keyboard.press("o")  # chooses Operating
    assert tabs_to(page, "Save", by="") <= MOST_TABS
    page.keyboard.press("Enter")
    expect(page.get_by_label("Facts")).to_contain_text("Operating")
