"""The frame around every page: it loads, it is for everybody, it fits."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import assert_accessible, assert_fits_a_phone


@pytest.mark.parametrize("address", ["/", "/no-such-page/"])
def test_the_frame_loads_and_is_for_everybody(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_role("link", name="ThrillWiki")).to_be_visible()
    expect(page.get_by_role("navigation", name="Main").get_by_role("link")).to_have_count(9)
    assert page.evaluate("typeof htmx") == "object"
    assert_accessible(page)
    assert_fits_a_phone(page)


def test_a_keyboard_reaches_the_content_first(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_a_chosen_theme_outlives_the_page(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Theme").select_option("dark")
    dark = page.evaluate("getComputedStyle(document.body.parentElement).backgroundColor")
    page.reload()
    assert page.evaluate("getComputedStyle(document.body.parentElement).backgroundColor") == dark
    expect(page.get_by_label("Theme")).to_have_value("dark")
    page.get_by_label("Theme").select_option("")
    assert page.evaluate("getComputedStyle(document.body.parentElement).backgroundColor") != dark


def test_without_javascript_nothing_is_offered_that_needs_it(
    page_without_javascript: Page,
) -> None:
    page = page_without_javascript
    page.goto("/")
    expect(page.get_by_label("Theme")).to_be_hidden()
    expect(page.get_by_role("search")).to_be_visible()
