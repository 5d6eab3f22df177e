"""The encyclopaedia in a browser: lists typed in rows, red links, and pages for everybody."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import PHONE, assert_accessible, assert_fits_a_phone
from tests.e2e.accounts import sign_in
from wiki.models import Article, Company, Park, Ride, Source

pytestmark = pytest.mark.django_db(transaction=True)


def test_names_are_typed_in_rows(anyone: Page, kestrel: Ride) -> None:
    page = anyone
    sign_in(page, "editors")
    page.goto("/rides/kestrel/edit/")
    page.locator("summary", has_text="Other names").click()
    names = page.locator('[name^="names-"][name$="-name"]')
    expect(names).to_have_count(2)
    names.nth(0).fill("The Old Bird")
    page.locator('[name="names-0-until"]').fill("1999")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Facts")).to_contain_text("The Old Bird (until 1999")
    page.get_by_role("link", name="Edit", exact=True).click()
    expect(names).to_have_count(3)
    expect(names.nth(0)).to_have_value("The Old Bird")


def test_a_row_is_added_by_a_button_where_there_is_javascript(page: Page, kestrel: Ride) -> None:
    sign_in(page, "editors")
    page.goto("/rides/kestrel/edit/")
    page.locator("summary", has_text="Other names").click()
    names = page.locator('[name^="names-"][name$="-name"]')
    group = page.locator(".items", has=names)
    group.get_by_role("button", name="Add a row").click()
    expect(names).to_have_count(3)
    names.nth(2).fill("Third")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Facts")).to_contain_text("Third")


def test_a_row_that_cannot_be_read_keeps_what_was_typed(anyone: Page, kestrel: Ride) -> None:
    page = anyone
    sign_in(page, "editors")
    page.goto("/rides/kestrel/edit/")
    page.locator("summary", has_text="Other names").click()
    page.locator('[name="names-0-name"]').fill("Old")
    page.locator('[name="names-0-since"]').fill("whenever")
    page.get_by_role("button", name="Save").click()
    told = page.get_by_role("alert").filter(has_text="Nothing was saved yet.")
    expect(told).to_contain_text("Other names: Row 1, Since: “whenever” is not a date")
    expect(told).to_be_focused()
    told.get_by_role("link", name="Other names").click()
    expect(page.locator("#id_names_error")).to_be_in_viewport()
    expect(page.locator('[name="names-0-since"]')).to_have_value("whenever")


def test_a_red_link_leads_to_the_form_and_turns_blue(anyone: Page, kestrel: Ride) -> None:
    page = anyone
    Article.objects.create(slug="birds", name="Birds", body="See [[park:Aviary]].")
    sign_in(page, "editors")
    page.goto("/articles/birds/")
    page.get_by_role("link", name="Aviary").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Aviary")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Aviary")
    page.goto("/articles/birds/")
    page.get_by_role("link", name="Aviary").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Aviary")


@pytest.fixture
def told(kestrel: Ride) -> None:
    """Pages with something of everything that pages show."""
    acme = Company.objects.create(slug="acme", name="Acme", roles=["owner"])
    source = Source.objects.create(slug="report", name="A report", publisher="Acme")
    park = Park.objects.get()
    park.owners = [{"id": "1", "company": str(acme.pk), "since": "1980"}]
    park.save()
    kestrel.opened, kestrel.height = "1990-05-14", "50 m"
    kestrel.body = "## One\n\nA [[Nothing]] [@report, p. 1].\n\n## Two\n\n## Three\n\n- [ ] open\n"
    kestrel.citations = [{"id": "1", "field": "height", "source": str(source.pk)}]
    kestrel.milestones = [{"id": "1", "date": "1991", "sort": "record", "what": "It was tall."}]
    kestrel.save()


@pytest.mark.parametrize(
    "address",
    [
        "/rides/kestrel/", "/rides/kestrel/links/", "/parks/hill-park/", "/sources/report/",
        "/parks/hill-park/timeline/?year=1990", "/statistics/", "/on-this-day/?day=05-14",
    ],
)  # fmt: skip
def test_pages_of_the_encyclopaedia_are_accessible(page: Page, told: None, address: str) -> None:
    page.goto(address)
    assert_accessible(page)
    assert_fits_a_phone(page)


def test_pictures_can_be_read_on_a_phone_and_lead_on(page: Page, told: None) -> None:
    """Columns are there whole; rows with names keep their size, and scroll."""
    page.set_viewport_size(PHONE)
    page.goto("/statistics/")
    picture = page.get_by_role("region", name="Rides that opened, by year")
    makers = page.get_by_role("region", name="Rides by maker")
    width, height = (f"each => each.getBoundingClientRect().{side}" for side in ("width", "height"))
    assert picture.locator("svg").evaluate(width) < PHONE["width"]
    assert picture.locator("text").first.evaluate(height) >= 12
    assert makers.locator("svg").evaluate(width) >= 700
    picture.get_by_role("link", name="1990: 1").click()
    expect(page).to_have_url(re.compile(r"/rides/\?opened_from=1990&opened_to=1990$"))
    expect(page.get_by_role("rowheader", name="Kestrel")).to_be_visible()


def test_another_day_is_chosen_in_a_form(anyone: Page, told: None) -> None:
    page = anyone
    page.goto("/on-this-day/?day=03-01")
    page.get_by_label("Day", exact=True).fill("14")
    page.get_by_label("Month").select_option("May")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", name="On 14 May")).to_be_visible()
    expect(page.get_by_role("link", name="Kestrel")).to_be_visible()
    page.get_by_role("link", name="15 May").click()
    expect(page.get_by_role("heading", name="On 15 May")).to_be_visible()


def test_the_form_of_a_ride_is_accessible(page: Page, told: None) -> None:
    sign_in(page, "editors")
    page.goto("/rides/kestrel/edit/")
    assert_accessible(page)
    assert_fits_a_phone(page)
