"""What htmx may be answered besides the part that it asked for: an error, or a whole page."""

import re

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from tests.e2e.accounts import sign_in
from versioning import branch_context
from versioning.branches.fork import fork
from versioning.branches.proposals import propose
from versioning.models import Branch, ProposalPurpose
from wiki.models import Ride

pytestmark = pytest.mark.django_db(transaction=True)


def rename(branch: str, name: str) -> None:
    with branch_context(branch):
        ride = Ride.objects.get()
        ride.name = name
        ride.save()


def test_an_error_takes_nothing_away(page: Page, kestrel: Ride, console: object) -> None:
    console.allow("403")  # type: ignore[attr-defined]  # a fixture's
    fork("spring")
    rename("spring", "Falcon")
    rename("main", "Eagle")
    propose(Branch.objects.get(name="spring"), ProposalPurpose.MERGE)
    sign_in(page)
    page.goto("/proposals/1/conflicts/")
    page.get_by_label("Another answer", exact=True).check()
    own = page.locator("[data-own] input")
    own.fill("Osprey")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="Keep this answer").click()
    said = page.get_by_role("alert")
    expect(said).to_be_in_viewport()
    expect(said.get_by_role("link", name="Sign in")).to_have_attribute("href", re.compile(r"next="))
    expect(own).to_have_value("Osprey")


def test_a_whole_page_never_stands_in_a_part(page: Page, kestrel: Ride) -> None:
    page.goto("/rides/kestrel/")
    page.evaluate("htmx.ajax('GET', '/parks/hill-park/', {target: 'article'})")
    expect(page).to_have_url(re.compile("/parks/hill-park/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Hill Park")
    assert page.locator("header.site-header").count() == 1
