"""Pages of every kind, and rides of every category, in a browser: made, read, edited, compared."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import assert_accessible, assert_fits_a_phone
from tests.e2e.accounts import sign_in
from wiki.kinds.registry import KINDS
from wiki.models import Company, Park, Ride
from wiki.pages.blocks import groups_of
from wiki.pages.values import NOT_FACTS

pytestmark = pytest.mark.django_db(transaction=True)

FACTS = {
    "parks": {"location": "Dale", "opened": "May 1950"},
    "areas": {"park": "Hill Park", "theme": "Birds"},
    "rides": {"park": "hill-park", "opened": "1999", "height": "50 m"},
    "models": {"manufacturer": "acme"},
    "elements": {},
    "companies": {"founded": "1888", "headquarters": "Dale"},
    "people": {"born": "1901"},
    "articles": {},
    "sources": {"publisher": "Acme", "published": "1998-05"},
}
"""What is typed into the form of each kind."""

FIGURES = {
    "Roller coaster": ("layout", "Twister"),
    "Water ride": ("splash", "a wave"),
    "Dark ride": ("scenes", "12"),
    "Flat ride": ("swing_angle", "240°"),
    "Transport": ("stations", "3"),
}
"""A figure of each stat block."""


def test_no_kind_and_no_block_is_left_out() -> None:
    assert set(FACTS) == set(KINDS)
    assert set(FIGURES) == {
        group.title for group in groups_of(Ride, NOT_FACTS) if group.of_category
    }


@pytest.mark.parametrize("plural", FACTS)
def test_a_page_of_each_kind_is_made_read_edited_and_compared(anyone: Page, plural: str) -> None:
    page = anyone
    Park.objects.create(slug="hill-park", name="Hill Park")
    Company.objects.create(slug="acme", name="Acme")
    sign_in(page, "editors")
    page.goto(f"/{plural}/new/")
    page.get_by_label("Name", exact=True).fill("Kestrel")
    for name, typed in FACTS[plural].items():
        page.locator(f'[name="{name}"]').fill(typed)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kestrel")
    expect(page).to_have_url(re.compile(f"/{plural}/kestrel/$"))
    for typed in FACTS[plural].values():
        expect(page.get_by_label("Facts")).to_contain_text(typed.split("-")[0], ignore_case=True)
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_label(re.compile("^Text")).fill("It *flies*.\n")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("article").locator("em")).to_have_text("flies")
    page.get_by_role("link", name="History").click()
    page.get_by_role("button", name="Compare the chosen two").click()
    expect(page.locator("ins").first).to_contain_text("flies")
    page.goto(f"/{plural}/")
    page.get_by_role("link", name="Kestrel").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kestrel")


@pytest.mark.parametrize("title", FIGURES)
def test_a_ride_of_each_category_tells_its_figures(anyone: Page, kestrel: Ride, title: str) -> None:
    page = anyone
    name, typed = FIGURES[title]
    category = next(g.of_category for g in groups_of(Ride, NOT_FACTS) if g.title == title)
    sign_in(page, "editors")
    page.goto("/rides/kestrel/edit/")
    page.locator('[name="category"]').select_option(category)
    figure = page.locator(f'[name="{name}"]')
    # Of another category than the ride had: folded until somebody looks.
    if not figure.is_visible():
        page.locator("summary", has_text="Facts of other kinds").click()
        page.locator("summary", has_text=re.compile(f"^{title}$")).click()
    figure.fill(typed)
    page.get_by_role("button", name="Save").click()
    facts = page.get_by_label("Facts")
    expect(facts.get_by_role("heading", name=title)).to_be_visible()
    expect(facts).to_contain_text(typed)
    page.get_by_role("link", name="Edit", exact=True).click()
    expect(page.locator(f'[name="{name}"]')).to_be_visible()


@pytest.mark.parametrize("plural", ["parks", "rides", "people"])
def test_the_forms_are_for_everybody(page: Page, plural: str) -> None:
    sign_in(page, "editors")
    page.goto(f"/{plural}/new/")
    page.locator("details").evaluate_all("all => all.forEach(each => each.open = true)")
    assert_accessible(page)
    assert_fits_a_phone(page)
