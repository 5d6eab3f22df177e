"""The bar of time in the hand: keys, another branch, another day, what changed."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from projections.following.followed import catch_up
from tests.e2e.accessibility import assert_accessible, assert_fits_a_phone
from versioning.branches.fork import fork
from wiki.models import Ride

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_list_is_held_at_any_moment_and_on_any_branch(page: Page, kestrel: Ride) -> None:
    kestrel.name = "Falcon"
    kestrel.save()
    fork("spring", title="Spring refresh")
    page.goto("/rides/")
    page.get_by_label("Status").select_option("unknown")
    expect(page).to_have_url(re.compile(r"/rides/\?status=unknown$"))
    assert_accessible(page)
    assert_fits_a_phone(page)
    page.keyboard.press("[")
    expect(page).to_have_url(re.compile(r"/@p\d+/rides/\?status=unknown$"))
    page.keyboard.press("n")
    expect(page).to_have_url(re.compile(r":\d+/rides/\?status=unknown$"))
    page.get_by_role("button", name="Branch: main").click()
    page.get_by_role("link", name="Spring refresh").click()
    expect(page).to_have_url(re.compile(r"/~spring/rides/\?status=unknown$"))


def test_what_changed_is_asked_from_any_page(anyone: Page, kestrel: Ride) -> None:
    catch_up()
    page, today = anyone, timezone.now().date().isoformat()
    page.goto("/rides/")
    page.get_by_role("button", name="Another day").click()
    page.get_by_label("What changed from").fill("1999-12-31")
    page.get_by_label("to", exact=True).fill(today)
    page.get_by_role("form", name="Between two moments").get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What changed")
    expect(page.locator(".changes")).to_contain_text("Kestrel")
    expect(page.locator(".changes")).not_to_contain_text("Hill Park")
