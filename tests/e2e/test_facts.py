"""A fact is corrected where it stands; a page is read along its changes."""

import re
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import assert_accessible, assert_fits_a_phone
from tests.e2e.accounts import sign_in
from versioning.fields.quantities import Quantity
from wiki.kinds.sources import Source
from wiki.models import Ride

pytestmark = pytest.mark.django_db(transaction=True)


def edit(**values: Any) -> None:
    ride = Ride.objects.get(slug="kestrel")
    for name, value in values.items():
        setattr(ride, name, value)
    ride.save()


def metres(figure: int) -> Quantity:
    return Quantity(Decimal(figure), "m")


def test_a_fact_is_corrected_with_its_source(anyone: Page, kestrel: Ride) -> None:
    page = anyone
    edit(height=metres(40))
    sign_in(page, "moderators")
    page.goto("/rides/kestrel/")
    page.get_by_role("link", name="Edit height").click()
    page.get_by_role("textbox", name=re.compile("^Height")).fill("41 m")
    page.get_by_role("textbox", name=re.compile("^Source")).fill("https://example.org/heights")
    page.get_by_label(re.compile("^Summary")).fill("The operator's figure")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".field-errors")).to_contain_text("What is its title?")
    expect(page.get_by_role("textbox", name=re.compile("^Height"))).to_have_value("41 m")
    page.get_by_label(re.compile("^Title of the source")).fill("Heights of coasters")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Facts")).to_contain_text("41 m")
    expect(page.get_by_label("Facts").get_by_label("Source 1")).to_be_visible()
    assert Source.objects.get().address == "https://example.org/heights"
    expect(page.get_by_role("link", name="See the change")).to_be_visible()
    page.get_by_role("link", name="undo it").click()
    expect(page.locator("main")).to_contain_text("The operator's figure")
    page.get_by_role("button", name="Undo").click()
    page.goto("/rides/kestrel/")
    expect(page.get_by_label("Facts")).to_contain_text("40 m")


def test_the_same_address_is_the_same_source(page: Page, kestrel: Ride) -> None:
    Source.objects.create(slug="heights", name="Heights", address="https://example.org/heights")
    edit(height=metres(40), drop=metres(38))
    sign_in(page, "editors")
    for fact in ("height", "drop"):
        page.goto("/rides/kestrel/")
        page.get_by_role("link", name=f"Edit {fact}").click()
        page.get_by_role("textbox", name=re.compile("^Source")).fill("https://example.org/heights")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("is saved")).to_be_visible()
    expect(page.get_by_label("Facts").get_by_label("Source 1")).to_have_count(2)
    assert Source.objects.count() == 1


def test_a_fact_of_which_two_think_otherwise_is_asked_about(page: Page, kestrel: Ride) -> None:
    edit(height=metres(40))
    sign_in(page, "editors")
    page.goto("/rides/kestrel/")
    page.get_by_role("link", name="Edit height").click()
    page.get_by_role("textbox", name=re.compile("^Height")).fill("41 m")
    edit(height=metres(42))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("42 m")
    expect(page.get_by_role("textbox", name=re.compile("^Height"))).to_have_value("41 m")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Facts")).to_contain_text("41 m")


def test_a_reader_is_led_to_the_sign_in_and_back(anyone: Page, kestrel: Ride) -> None:
    page = anyone
    edit(height=metres(40))
    page.goto("/rides/kestrel/")
    page.get_by_role("link", name="Edit height").click()
    expect(page).to_have_url(re.compile(r"/account/login/\?next="))
    expect(page.get_by_role("banner")).to_have_count(1)


def test_the_past_offers_no_pencils(page: Page, kestrel: Ride) -> None:
    edit(height=metres(40))
    page.goto("/rides/kestrel/")
    expect(page.get_by_role("link", name="Edit height")).to_be_visible()
    page.get_by_role("link", name=re.compile("^The change before")).click()
    expect(page.get_by_role("complementary", name="Viewpoint")).to_be_visible()
    expect(page.locator(".pencil:visible")).to_have_count(0)


def test_a_page_is_read_along_its_changes(anyone: Page, kestrel: Ride) -> None:
    page = anyone
    edit(name="Falcon")
    edit(name="Merlin")
    page.goto("/rides/kestrel/")
    page.get_by_role("link", name=re.compile("^The change before")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Falcon")
    page.get_by_role("link", name=re.compile("^The change before")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kestrel")
    page.get_by_role("link", name=re.compile("^The change after")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Falcon")
    page.get_by_role("link", name="Then beside now").click()
    expect(page.locator("main")).to_contain_text("Merlin")


def test_time_is_travelled_by_keys_and_by_hand(page: Page, kestrel: Ride) -> None:
    page.emulate_media(reduced_motion="reduce")  # pages that cross-fade take no clicks meanwhile
    edit(name="Falcon")
    edit(name="Merlin")
    page.goto("/rides/kestrel/")
    page.keyboard.press("[")
    expect(page.get_by_role("heading", level=1)).to_have_text("Falcon")
    page.keyboard.press("]")
    expect(page.get_by_role("heading", level=1)).to_have_text("Merlin")
    ticks = page.locator("[data-ticks] a")
    last, first = ticks.last.bounding_box(), ticks.first.bounding_box()
    assert last is not None
    assert first is not None
    page.mouse.move(last["x"] + 5, last["y"] + 20)
    page.mouse.down()
    page.mouse.move(first["x"] + 5, first["y"] + 20, steps=5)
    page.mouse.up()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kestrel")
    page.keyboard.press("n")
    expect(page.get_by_role("heading", level=1)).to_have_text("Merlin")


def test_the_changes_of_a_page_are_played_and_paused(page: Page, kestrel: Ride) -> None:
    page.emulate_media(reduced_motion="reduce")
    edit(name="Falcon")
    edit(name="Merlin")
    page.goto("/rides/kestrel/")
    page.get_by_role("button", name="Play").click()
    for name in ("Kestrel", "Falcon"):
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
    page.keyboard.press("Enter")  # the button that pauses has the focus
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    page.wait_for_timeout(2_000)
    expect(page.get_by_role("heading", level=1)).to_have_text("Falcon")
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Merlin")
    page.reload()
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_a_list_of_many_figures_fits_a_phone(page: Page, kestrel: Ride) -> None:
    speed = Quantity(Decimal(240), "km/h")
    edit(
        name="A name that goes on for a while", opened="2010-11-04", height=metres(52), speed=speed
    )
    page.goto("/rides/?order=fastest")
    expect(page.get_by_role("columnheader", name="Speed")).to_have_attribute(
        "aria-sort", "descending"
    )
    assert_accessible(page)
    assert_fits_a_phone(page)
