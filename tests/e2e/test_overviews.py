"""The pages of a park and a maker in a browser: figures, years, map, and tables that sort."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import assert_accessible, assert_fits_a_phone
from wiki.models import Company, Park, Ride

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def park(kestrel: Ride) -> Park:
    """Four rides that tell how high they are and since when, of one maker."""
    acme = Company.objects.create(slug="acme", name="Acme")
    park = Park.objects.get()
    park.coordinates = {"latitude": 48.4, "longitude": 10.0}
    park.save()
    Park.objects.create(slug="vale", name="Vale", coordinates={"latitude": 48.1, "longitude": 11.5})
    for year, height in ((1980, 30), (1990, 50), (2000, 40)):
        Ride.objects.create(
            slug=f"r-{year}", name=f"Ride of {year}", park=park, opened=str(year), category="flat",
            height={"value": height, "unit": "m"}, manufacturer=acme, status="operating",
        )  # fmt: skip
    return park


@pytest.mark.parametrize("address", ["/parks/hill-park/", "/companies/acme/", "/rides/r-1990/"])
def test_overviews_and_drawings_are_accessible(page: Page, park: Park, address: str) -> None:
    page.goto(address)
    assert_accessible(page)
    assert_fits_a_phone(page)


def test_a_table_of_rides_is_sorted_where_it_stands(anyone: Page, park: Park) -> None:
    page = anyone
    page.goto("/parks/hill-park/")
    rides = page.locator("#rides")
    expect(rides.get_by_role("rowheader").first).to_have_text("Kestrel")
    page.evaluate("window.stays = true")
    rides.get_by_role("link", name="Height").click()
    expect(rides.get_by_role("rowheader").first).to_have_text("Ride of 1990")
    expect(rides.locator("[aria-sort=descending]")).to_have_text("Height")
    expect(page).to_have_url(re.compile(r"/parks/hill-park/\?order=tallest(#rides)?$"))
    if page.evaluate("'htmx' in window"):  # the table alone was exchanged
        assert page.evaluate("window.stays")
    rides.get_by_role("link", name="Name").click()
    expect(rides.get_by_role("rowheader").first).to_have_text("Kestrel")


def test_the_map_of_a_park_leads_to_those_around_it(anyone: Page, park: Park) -> None:
    page = anyone
    page.goto("/parks/hill-park/")
    vale = page.get_by_role("group", name="Parks on a map").get_by_role("link", name="Vale")
    vale.locator("circle").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vale")
