"""Rows of a list are moved and removed by buttons, with JavaScript or without."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.accessibility import assert_accessible, assert_fits_a_phone
from tests.e2e.accounts import sign_in
from wiki.models import Ride

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def named(kestrel: Ride) -> Ride:
    kestrel.names = [{"id": each.lower(), "name": each} for each in "ABC"]
    kestrel.tracks = [{"id": "t", "name": "Left"}]
    kestrel.save()
    return kestrel


@pytest.fixture
def editing(anyone: Page, named: Ride) -> Page:
    sign_in(anyone, "editors")
    anyone.goto("/rides/kestrel/edit/")
    return anyone


@pytest.fixture
def scripted(page: Page, named: Ride) -> Page:
    sign_in(page, "editors")
    page.goto("/rides/kestrel/edit/")
    return page


def button(page: Page, does: str, row: int) -> Locator:
    return page.get_by_role("button", name=f"{does} row {row} of other names", exact=True)


def names(page: Page) -> list[str]:
    """The names that stand in rows, in their order."""
    inputs = page.locator('[name^="names-"][name$="-name"]')
    return [value for each in inputs.all() if (value := each.input_value())]


def said(page: Page) -> Locator:
    return page.locator(".items", has=page.locator('[name="names-count"]')).get_by_role("status")


def identities(ride: Ride) -> list[str]:
    ride.refresh_from_db()
    return [name.key for name in ride.names]


def test_rows_are_moved_and_removed(editing: Page, named: Ride) -> None:
    page = editing
    page.get_by_label("Summary").fill("In order")
    button(page, "Move up", 3).click()
    expect(said(page)).to_have_text("Row 3 is row 2 now. Nothing is saved yet.")
    expect(button(page, "Move up", 2)).to_be_focused()
    page.keyboard.press("Enter")
    expect(said(page)).to_have_text("Row 2 is row 1 now. Nothing is saved yet.")
    expect(button(page, "Move down", 1)).to_be_focused()
    expect(button(page, "Move up", 1)).to_be_disabled()
    assert names(page) == ["C", "A", "B"]
    button(page, "Remove", 2).click()
    expect(said(page)).to_have_text("Row 2 is removed. Nothing is saved yet.")
    expect(button(page, "Remove", 2)).to_be_focused()
    assert names(page) == ["C", "B"]
    assert identities(named) == ["a", "b", "c"]
    expect(page.get_by_label("Summary")).to_have_value("In order")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Facts")).to_contain_text("C (former name), B (former name)")
    assert identities(named) == ["c", "b"]


def test_rows_are_added_and_moved(editing: Page, named: Ride) -> None:
    page = editing
    page.locator('[name="names-3-name"]').fill("D")
    page.locator('[name="names-3-since"]').fill("whenever")
    page.get_by_role("button", name="Add a row to other names").click()
    page.locator('[name="names-5-name"]').fill("E")
    button(page, "Move up", 4).click()
    expect(page.locator('[name="names-2-since"]')).to_have_value("whenever")
    page.locator('[name="names-2-since"]').fill("1999")
    page.get_by_role("button", name="Save").click()
    facts = page.get_by_label("Facts")
    expect(facts).to_contain_text("D (since 1999; former name), C (former name), E (former name)")
    assert identities(named)[3] == "c"


def test_enter_in_a_line_saves_and_moves_nothing(editing: Page, named: Ride) -> None:
    page = editing
    page.locator('[name="names-1-name"]').fill("Bee")
    page.locator('[name="names-1-name"]').press("Enter")
    expect(page.get_by_label("Facts")).to_contain_text("A (former name), Bee (former name)")
    assert identities(named) == ["a", "b", "c"]


def test_the_last_row_can_be_removed_and_filled_again(scripted: Page, named: Ride) -> None:
    page = scripted
    for _ in range(5):
        button(page, "Remove", 1).click()
    assert names(page) == []
    expect(button(page, "Remove", 1)).to_be_focused()
    expect(button(page, "Move down", 1)).to_be_disabled()
    page.locator('[name="names-0-name"]').fill("New")
    page.get_by_role("button", name="Add a row to other names").click()
    expect(page.locator('[name="names-1-name"]')).to_be_focused()
    expect(button(page, "Move down", 1)).to_be_enabled()
    page.keyboard.type("Newer")
    button(page, "Move up", 2).click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Facts")).to_contain_text("Newer (former name), New (former name)")
    assert not {"a", "b", "c"} & set(identities(named))


def test_moved_rows_are_unsaved_words_too(scripted: Page) -> None:
    page = scripted
    button(page, "Move up", 2).click()
    page.goto("/rides/kestrel/")
    page.goto("/rides/kestrel/edit/")
    page.get_by_role("button", name="Continue editing").click()
    page.wait_for_url("**/edit/?draft=*")
    assert names(page) == ["B", "A", "C"]


def test_the_buttons_are_accessible(scripted: Page) -> None:
    page = scripted
    button(page, "Move up", 2).click()
    assert_accessible(page)
    assert_fits_a_phone(page)
