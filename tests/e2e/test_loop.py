"""The whole job in a browser: browse, edit, travel, branch, preview, merge, settle, revert.

Every story is lived twice: with JavaScript and without.
"""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import assert_accessible, assert_fits_a_phone
from tests.e2e.accounts import sign_in
from versioning import branch_context
from versioning.branches.fork import fork
from wiki.models import Ride

pytestmark = pytest.mark.django_db(transaction=True)


def edit(branch: str, **values: Any) -> None:
    with branch_context(branch, message=f"Edit {branch}"):
        ride = Ride.objects.get(slug="kestrel")
        for name, value in values.items():
            setattr(ride, name, value)
        ride.save()


def test_a_reader_browses_from_page_to_page(anyone: Page, kestrel: Ride) -> None:
    page = anyone
    page.goto("/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Rides").click()
    page.get_by_role("link", name="Kestrel").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kestrel")
    page.get_by_label("Facts").get_by_role("link", name="Hill Park").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hill Park")
    page.locator("main").get_by_role("link", name="Kestrel").click()
    page.get_by_label("Search", exact=True).fill("softly")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("mark")).to_have_text("softly")
    page.get_by_role("link", name="Kestrel").click()
    expect(page).to_have_url(re.compile(r"/rides/kestrel/$"))


def test_an_edit_is_previewed_saved_and_found_in_the_history(anyone: Page, kestrel: Ride) -> None:
    page = anyone
    sign_in(page, "editors")
    page.goto("/rides/kestrel/")
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_label(re.compile("^Text")).fill("It flies **higher**.\n\nIt lands softly.\n")
    page.get_by_label("Summary").fill("It was made taller")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("region", name="Preview").locator("strong")).to_have_text("higher")
    expect(page.get_by_label("Summary")).to_have_value("It was made taller")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("article").locator("strong")).to_have_text("higher")
    page.get_by_role("link", name="History").click()
    expect(page.locator("#versions")).to_contain_text("It was made taller")
    page.get_by_role("button", name="Compare the chosen two").click()
    expect(page.locator("ins").first).to_contain_text("higher")
    page.get_by_role("link", name="Who wrote it").click()
    expect(page.get_by_role("region", name="The text")).to_contain_text("one-of-editors")


def test_an_edit_conflict_loses_no_word(anyone: Page, kestrel: Ride) -> None:
    page = anyone
    sign_in(page, "editors")
    page.goto("/rides/kestrel/edit/")
    page.get_by_label("Name", exact=True).fill("Mine")
    page.get_by_label(re.compile("^Text")).fill("It flies high.\n\nIt lands hard.\n")
    edit("main", name="Theirs", body="It flies very high.\n\nIt lands softly.\n")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Theirs")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Mine")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mine")
    expect(page.get_by_role("article")).to_contain_text("It flies very high.")
    expect(page.get_by_role("article")).to_contain_text("It lands hard.")


def test_a_page_is_read_as_it_was(anyone: Page, kestrel: Ride) -> None:
    page = anyone
    edit("main", name="Falcon")
    page.goto("/rides/kestrel/history/1/")
    page.get_by_role("link", name="The page then").click()
    expect(page.get_by_role("complementary", name="Viewpoint")).to_contain_text("as it was on")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kestrel")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Rides").click()
    expect(page.locator("main").get_by_role("link", name="Kestrel")).to_be_visible()
    page.get_by_role("link", name="Back to the present on main").click()
    expect(page.locator("main").get_by_role("link", name="Falcon")).to_be_visible()
    page.goto("/rides/kestrel/")
    page.get_by_role("button", name="Another day").click()
    page.get_by_label("Read this as it was at the end of").fill("2001-02-03")
    page.get_by_role("button", name="Travel").click()
    expect(page.get_by_role("alert")).to_contain_text("Kestrel was first written on")


def test_a_branch_is_forked_edited_previewed_and_merged(anyone: Page, kestrel: Ride) -> None:
    page = anyone
    sign_in(page)
    page.goto("/branches/")
    page.get_by_label("Name", exact=True).fill("spring-refresh")
    page.get_by_role("button", name="Fork").click()
    page.get_by_role("link", name="Read the wiki on this branch").click()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Rides").click()
    page.get_by_role("link", name="Kestrel").first.click()
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_label("Name", exact=True).fill("Falcon")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("complementary", name="Viewpoint")).to_contain_text("spring-refresh")
    page.goto("/rides/kestrel/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kestrel")
    page.goto("/branches/spring-refresh/")
    expect(page.locator("main")).to_contain_text("1 change ahead")
    page.get_by_role("link", name="Preview the merge").click()
    changed = page.locator("section", has_text="What this merge would change")
    changed.get_by_role("link", name="Falcon").click()
    expect(page.get_by_role("complementary", name="Viewpoint")).to_contain_text("Preview")
    page.get_by_role("link", name="Back to the merge").click()
    page.get_by_role("button", name="Merge").click()
    expect(page.get_by_role("status")).to_contain_text("was merged")
    page.goto("/rides/kestrel/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Falcon")


def test_a_conflict_is_settled_field_by_field(anyone: Page, kestrel: Ride) -> None:
    fork("spring")
    edit("spring", name="Falcon", body="It dives.\n\nIt lands softly.\n")
    edit("main", name="Eagle", body="It swims.\n\nIt lands softly.\n")
    page = anyone
    sign_in(page)
    page.goto("/branches/spring/merge/")
    page.get_by_role("button", name="Answer the questions").click()
    name = page.get_by_role("group", name="What is Eagle called?")
    name.get_by_label("spring says").check()
    name.get_by_role("button", name="Keep").click()
    expect(page.locator("main")).to_contain_text("1 of 2 wait")
    body = page.get_by_role("group", name="What does the text of Eagle say?")
    body.get_by_label("In other words", exact=True).check()
    body.get_by_label("Passage 1 in other words").fill("It sings.")
    body.get_by_role("button", name="Keep").click()
    expect(page.locator("main")).to_contain_text("Every question is answered")
    go_on = page.get_by_role("link", name="Go on")
    if go_on.count():  # with JavaScript nobody is led away from what they read
        go_on.click()
    page.get_by_role("button", name="Merge").click()
    expect(page.get_by_role("status")).to_contain_text("was merged into main")
    page.goto("/rides/kestrel/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Falcon")
    expect(page.get_by_role("article")).to_contain_text("It sings.")


def test_a_change_is_undone(anyone: Page, kestrel: Ride) -> None:
    edit("main", name="Falcon")
    edit("main", body="It dives.\n")
    page = anyone
    sign_in(page)
    page.goto("/rides/kestrel/history/2/")
    page.get_by_role("link", name=re.compile("changeset")).click()
    page.get_by_role("link", name="Undo", exact=True).click()
    page.get_by_label("Why").fill("It was right before")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("The change is undone")
    page.goto("/rides/kestrel/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kestrel")
    expect(page.get_by_role("article")).to_contain_text("It dives.")


def test_a_page_is_renamed_deleted_and_brought_back(anyone: Page, kestrel: Ride) -> None:
    page = anyone
    sign_in(page, "editors")
    page.goto("/rides/kestrel/rename/")
    page.get_by_label("Address").fill("falcon")
    page.get_by_role("button", name="Rename").click()
    page.goto("/rides/kestrel/")
    expect(page).to_have_url(re.compile(r"/rides/falcon/$"))
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("status")).to_contain_text("was deleted")
    page.goto("/rides/falcon/")
    page.get_by_role("link", name="History of Kestrel").click()
    page.get_by_role("link", name="Bring it back").click()
    page.get_by_role("button", name="Bring it back").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kestrel")


def test_names_are_suggested_while_one_types(page: Page, kestrel: Ride) -> None:
    sign_in(page, "editors")
    page.goto("/rides/new/")
    page.get_by_label("Park", exact=True).press_sequentially("hill")
    expect(page.locator("#options_park option")).to_have_attribute("value", "Hill Park")


def test_the_search_box_leads_by_keys_and_counts_narrow(page: Page, kestrel: Ride) -> None:
    Ride.objects.create(slug="kestrel-two", name="Kestrel Two", status="closed")
    page.goto("/rides/kestrel-two/")
    # A palette from anywhere: what this page offers.
    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox", name="Search")
    options = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    expect(options.get_by_text("History")).to_be_visible()
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    box.press_sequentially("kes")
    expect(options).to_have_count(2)
    expect(page.get_by_text("2 suggestions")).to_be_attached()
    assert_accessible(page)
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kestrel")
    page.keyboard.press("/")
    box.fill("kes")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("2 pages")).to_be_visible()
    page.get_by_role("link", name="Closed").click()
    expect(page.get_by_text("1 page")).to_be_visible()
    expect(page).to_have_url(re.compile(r"q=kes&status=closed$"))


def test_a_key_is_heard_as_soon_as_the_page_is_there(page: Page, kestrel: Ride) -> None:
    page.add_init_script("const later = setTimeout; setTimeout = (f, ms) => later(f, ms || 2000)")
    page.goto("/rides/kestrel/")
    page.keyboard.press("/")
    options = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    expect(options.get_by_text("History")).to_be_visible()


@pytest.mark.parametrize(
    "address",
    ["/", "/rides/", "/rides/kestrel/", "/rides/kestrel/edit/", "/rides/kestrel/history/",
     "/rides/kestrel/history/2/", "/rides/kestrel/diff/?from=1&to=spring",
     "/rides/kestrel/blame/", "/rides/kestrel/rename/", "/rides/kestrel/delete/", "/rides/new/",
     "/companies/new/",
     "/search/?q=flies", "/search/?q=kestral",
     "/changes/", "/changes/2/", "/branches/", "/branches/spring/",
     "/branches/spring/merge/", "/branches/spring/sync/", "/branches/spring/change/",
     "/compare/?from=main&to=spring", "/proposals/", "/proposals/1/", "/proposals/1/conflicts/",
     "/audit/", "/~main+spring/rides/kestrel/", "/~spring@p3/", "/account/login/",
     "/account/signup/"],
)  # fmt: skip
def test_every_page_is_for_everybody_and_fits_a_phone(
    page: Page, kestrel: Ride, address: str
) -> None:
    from versioning.branches.proposals import propose
    from versioning.models import Branch, ProposalPurpose

    fork("spring")
    edit("spring", name="Falcon", body="It dives.\n\nIt lands softly.\n")
    edit("main", name="Eagle", body="It swims.\n\nIt lands softly.\n")
    propose(Branch.objects.get(name="spring"), ProposalPurpose.MERGE)
    sign_in(page)
    page.goto(address)
    expect(page.locator("h1")).to_have_count(1)
    assert_accessible(page)
    assert_fits_a_phone(page)
