"""Writing in the form of a page: tools, keys and completion in its text, and what the form says."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import assert_accessible, assert_fits_a_phone
from tests.e2e.accounts import sign_in
from wiki.models import Ride

pytestmark = pytest.mark.django_db(transaction=True)

PASTE = """([kind, words]) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData(kind, words);
    const event = new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true});
    document.querySelector("#id_body").dispatchEvent(event);
}"""


@pytest.fixture
def editing(page: Page, kestrel: Ride) -> Page:
    kestrel.body = ""
    kestrel.save()
    sign_in(page, "editors")
    page.goto("/rides/kestrel/edit/")
    return page


def test_a_text_is_written_with_tools_and_keys(editing: Page) -> None:
    page, box = editing, editing.get_by_label(re.compile("^Text"))
    box.press_sequentially("It flies")
    box.press("ControlOrMeta+a")
    box.press("ControlOrMeta+b")
    expect(box).to_have_value("**It flies**")
    box.press("ControlOrMeta+i")
    expect(box).to_have_value("***It flies***")
    for _ in range(2):
        box.press("ControlOrMeta+z")
    expect(box).to_have_value("It flies")
    page.get_by_role("button", name="Heading").click()
    expect(box).to_have_value("## It flies")
    box.press("End")
    box.press_sequentially(" over [[hill")
    expect(page.locator(".text-options [role=option]")).to_have_text(["Hill Park Park"])
    box.press("Enter")
    expect(box).to_have_value("## It flies over [[Hill Park]]")
    box.fill("")
    page.evaluate(PASTE, ["text/plain", "Year\tRiders\r\n1999\t1,000\r\n"])
    expect(box).to_have_value("| Year | Riders |\n| --- | --- |\n| 1999 | 1,000 |\n")
    box.fill("")
    table = "<table><tr><th>A|B<th>C<tr><td>1<td>2</table>"
    page.evaluate(PASTE, ["text/html", table])
    expect(box).to_have_value("| A\\|B | C |\n| --- | --- |\n| 1 | 2 |\n")


def test_the_form_tells_what_was_changed_and_shows_it_beside(editing: Page) -> None:
    page = editing
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(page.locator(".form-bar")).to_contain_text("Nothing is changed so far.")
    page.get_by_label("Height", exact=True).fill("2,100 m")
    page.get_by_label("Height", exact=True).blur()
    expect(page.locator("#id_height_check")).to_contain_text("No ride comes near")
    page.get_by_label("Height", exact=True).fill("640 ft")
    page.get_by_label("Height", exact=True).blur()
    expect(page.locator("#id_height_check")).to_have_text("Read as 640 ft (195 m).")
    page.get_by_label(re.compile("^Text")).fill("It *flies*.")
    expect(page.locator(".form-bar")).to_contain_text("Changed so far: Text, Height.")
    page.get_by_role("button", name="Preview").click()
    preview = page.get_by_role("region", name="Preview")
    expect(preview.locator("em")).to_have_text("flies")
    page.get_by_label(re.compile("^Text")).fill("It *dives*.")
    expect(preview.locator("em")).to_have_text("dives")
    expect(preview).to_be_in_viewport()
    assert_accessible(page)
    assert_fits_a_phone(page)
    page.keyboard.press("ControlOrMeta+s")
    expect(page.get_by_text("is saved")).to_be_visible()
    assert Ride.objects.get().body == "It *dives*."


def test_sections_follow_the_category(editing: Page) -> None:
    page = editing
    expect(page.get_by_label(re.compile("^Boats"))).to_be_hidden()
    page.get_by_label(re.compile("^Category")).select_option("water")
    expect(page.get_by_label(re.compile("^Boats"))).to_be_visible()
    expect(page.get_by_label(re.compile("^Layout"))).to_be_hidden()


def test_saving_is_near_by_keyboard(editing: Page) -> None:
    page = editing
    page.get_by_role("link", name="Skip to saving").focus()
    page.keyboard.press("Enter")
    for _ in range(12):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.textContent.trim()")
        if name == "Save":
            break
    assert name == "Save"
