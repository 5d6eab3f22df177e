"""The frame around every page: it loads, it is for everybody, it fits."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import assert_accessible, assert_fits_a_phone
from tests.e2e.accounts import PASSWORD, make_account
from wiki.models import Ride


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


@pytest.mark.django_db(transaction=True)
def test_somebody_signs_in_and_out(anyone: Page) -> None:
    page, account = anyone, make_account("editors")
    page.goto("/account/login/")
    page.get_by_label("Username").fill(account.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign In", exact=True).click()
    expect(page.get_by_role("navigation", name="Account")).to_contain_text(account.username)
    page.get_by_role("link", name="Sign out").click()
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("navigation", name="Account")).not_to_contain_text(account.username)


@pytest.mark.django_db(transaction=True)
def test_units_are_chosen_at_the_foot_of_a_page(anyone: Page, kestrel: Ride) -> None:
    page = anyone
    kestrel.height, kestrel.body = "325 ft", "It is {{rides/kestrel.height}} tall."
    kestrel.tracks = [{"id": "1", "name": "Left", "height": "203 ft"}]
    kestrel.save()
    page.goto("/rides/kestrel/")
    facts, text = page.get_by_label("Facts"), page.get_by_role("article")
    expect(facts).to_contain_text("325 ft (99 m)", use_inner_text=True)
    expect(facts).to_contain_text("Left (height 203 ft (62 m))", use_inner_text=True)
    expect(text).to_contain_text("It is 325 ft (99 m) tall.", use_inner_text=True)
    page.get_by_label("Units").select_option("metric")
    if (choose := page.get_by_role("button", name="Choose")).is_visible():
        choose.click()
    expect(page.locator("html")).to_have_attribute("data-units", "metric")
    expect(facts).to_contain_text("99 m", use_inner_text=True)
    expect(facts).to_contain_text("Left (height 62 m)", use_inner_text=True)
    expect(text).to_contain_text("It is 99 m tall.", use_inner_text=True)
    expect(facts).not_to_contain_text(re.compile(r"\d ft"), use_inner_text=True)
