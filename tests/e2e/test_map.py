"""The map in a browser: with a mouse, by keyboard, on a phone, with and without JavaScript."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import PHONE, assert_accessible, assert_fits_a_phone
from wiki.models import Park, Ride

pytestmark = pytest.mark.django_db(transaction=True)

TARGET = 24
"""Pixels that WCAG 2.2 AA asks of what can be hit."""


@pytest.fixture
def parks(kestrel: Ride) -> None:
    """Some of Europe, of which two lie side by side, and one on the other side of the earth."""
    for name, where in (
        ("Rust", "48.266, 7.722"), ("Soltau", "53.024, 9.877"), ("Kaatsheuvel", "51.65, 5.049"),
        ("Göteborg", "57.695, 11.992"), ("Paris", "48.867, 2.783"), ("Studios", "48.868, 2.781"),
        ("Urayasu", "35.634, 139.878"),
    ):  # fmt: skip
        Park.objects.create(slug=name.lower().replace("ö", "o"), name=name, coordinates=where)


@pytest.mark.usefixtures("parks")
def test_from_the_world_to_a_park(anyone: Page) -> None:
    page = anyone
    page.goto("/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Map").click()
    status = page.get_by_role("status")
    expect(status).to_contain_text("7 of 7 parks in view")
    page.get_by_role("group", name="Map").get_by_role("link", name="6 parks").click()
    expect(status).to_contain_text("6 of 7 parks in view")
    expect(page.locator("#parks").get_by_role("heading", level=3)).to_have_text(
        ["France", "Germany", "Netherlands", "Sweden"]
    )
    page.get_by_role("link", name="North").click()
    expect(status).to_contain_text("1 of 7 parks in view")
    page.go_back()
    expect(status).to_contain_text("6 of 7 parks in view")
    page.get_by_role("group", name="Map").get_by_role("link", name="Rust").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rust")
    page.get_by_role("link", name="On the map of all parks").click()
    expect(page.get_by_role("status")).to_contain_text("4 of 7 parks in view")


@pytest.mark.usefixtures("parks")
def test_the_keyboard_stays_on_the_step_that_it_takes(page: Page) -> None:
    page.goto("/map/?country=DE")
    step = page.get_by_role("link", name="Zoom out")
    step.focus()
    for zoom in (3, 2):
        page.keyboard.press("Enter")
        page.wait_for_url(f"**zoom={zoom}&country=DE")
        expect(step).to_be_focused()
    expect(page.get_by_role("status")).to_contain_text("2 of 2 parks in view")


@pytest.mark.usefixtures("parks")
def test_a_filter_narrows_the_map(anyone: Page) -> None:
    page = anyone
    page.goto("/map/")
    page.get_by_text("Filters").click()
    page.get_by_label("Country").select_option("Germany")
    if page.get_by_role("status").inner_text().startswith("7"):
        page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("status")).to_contain_text("2 of 2 parks in view")


@pytest.mark.parametrize(
    "address",
    ["/map/", "/map/?at=52,7&zoom=4", "/map/?at=48.867,2.783&zoom=10", "/map/?country=FR",
     "/parks/rust/"],
)  # fmt: skip
def test_maps_are_for_everybody(page: Page, parks: None, address: str) -> None:
    page.goto(address)
    assert_accessible(page)
    assert_fits_a_phone(page)


@pytest.mark.usefixtures("parks")
def test_on_a_phone_every_mark_can_be_hit(page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.goto("/map/?at=52,7&zoom=4")
    marks = page.locator(".map a circle:first-of-type")
    boxes = [marks.nth(number).bounding_box() for number in range(marks.count())]
    assert len(boxes) >= 4
    assert all(box and min(box["width"], box["height"]) >= TARGET for box in boxes)


@pytest.mark.usefixtures("parks")
def test_the_outlines_are_drawn(page: Page) -> None:
    """The policy for content lets them in, and the page's colours reach them."""
    with page.expect_response("**/world-50m.svg") as response:
        page.goto("/map/?at=48,8&zoom=4")
    assert response.value.ok
    land = page.locator(".map-land").first
    expect(land).to_have_css("fill", "rgb(231, 223, 206)")
    assert land.evaluate("each => each.getBBox().width") > 10_000
