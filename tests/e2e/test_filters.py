"""Filters of lists in a browser: folded away until they are wanted, and addresses to share."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import assert_accessible, assert_fits_a_phone
from tests.e2e.conftest import Console
from wiki.models import Ride

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_folded_filter_is_found_used_and_kept(anyone: Page, kestrel: Ride) -> None:
    page = anyone
    kestrel.height = "62 m"
    kestrel.save()
    Ride.objects.create(slug="low", name="Low", height="9 m")
    page.goto("/rides/")
    height = page.get_by_label("Height over")
    expect(height).to_be_hidden()
    page.get_by_text("More filters").click()
    height.fill("200 ft")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile(r"/rides/\?height_over=200\+ft$"))
    expect(page.get_by_role("link", name="Kestrel", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Low", exact=True)).to_have_count(0)
    page.reload()
    expect(page.get_by_label("Height over")).to_have_value("200 ft")
    expect(page.get_by_label("Height over")).to_be_visible()


def test_what_cannot_be_read_is_said_beside_what_was_typed(
    page: Page, kestrel: Ride, console: Console
) -> None:
    console.allow("400")
    page.goto("/rides/?height_over=62+m")
    page.get_by_label("Height over").fill("tall")
    page.get_by_label("Height over").blur()
    expect(page.get_by_role("alert")).to_contain_text("“tall” holds no figure")
    expect(page.get_by_label("Height over")).to_have_value("tall")


def test_the_form_is_for_everybody_and_fits_a_phone(page: Page, kestrel: Ride) -> None:
    page.goto("/rides/?height_over=tall&opened_from=1999")
    page.get_by_text("More filters").click()
    assert_accessible(page)
    assert_fits_a_phone(page)
