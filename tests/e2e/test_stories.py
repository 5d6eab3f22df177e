"""What people come for, told from end to end: on a phone, with JavaScript and without."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.accounts import sign_in
from tests.e2e.conftest import Console, watched
from versioning import branch_context
from versioning.branches.fork import fork
from versioning.branches.proposals import propose
from versioning.models import Branch, ProposalPurpose
from wiki.models import Ride

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def phone(anyone: Page) -> Page:
    anyone.set_viewport_size({"width": 390, "height": 800})
    return anyone


def edit(branch: str, why: str, **values: str) -> None:
    with branch_context(branch, message=why):
        ride = Ride.objects.get(slug="kestrel")
        for name, value in values.items():
            setattr(ride, name, value)
        ride.save()


def test_a_reader_finds_when_and_why_a_fact_changed(phone: Page, kestrel: Ride) -> None:
    edit("main", "It was opened a year later", opened="2012-05-01")
    edit("main", "Say what it does", body="It dives.\n")
    edit("main", "By the poster of its first season", opened="2011-04-30")
    phone.goto("/rides/kestrel/")
    phone.get_by_role("link", name="Opened: when and why it changed").click()
    versions = phone.locator("main").get_by_role("listitem")
    told = phone.locator("main")
    expect(told).to_contain_text("By the poster of its first season")
    expect(told).to_contain_text("It was opened a year later")
    expect(told).not_to_contain_text("Say what it does")
    expect(versions.filter(has_text="2011").first).to_be_visible()


def test_an_edit_of_last_week_is_undone_and_later_ones_stay(phone: Page, kestrel: Ride) -> None:
    edit("main", "A better name", name="Falcon")
    edit("main", "It does more", body="It dives.\n")
    edit("main", "From the operator", opened="2011-04-30")
    sign_in(phone)
    phone.goto("/rides/kestrel/history/")
    better = phone.get_by_role("listitem").filter(has_text="A better name")
    better.get_by_role("link", name="Undo").click()
    phone.get_by_label("Why").fill("It never had that name")
    phone.get_by_role("button", name="Undo").click()
    expect(phone.get_by_role("status")).to_contain_text("The change is undone")
    phone.goto("/rides/kestrel/")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Kestrel")
    expect(phone.get_by_role("article")).to_contain_text("It dives.")
    expect(phone.get_by_label("Facts")).to_contain_text("30 April 2011")


def test_two_people_answer_what_a_branch_asks_and_talk_about_it(
    phone: Page, kestrel: Ride, browser: Browser, base_url: str, console: Console
) -> None:
    fork("spring", title="Spring refresh")
    edit("spring", "Its new name", name="Falcon", opened="2011-04-30")
    edit("main", "Its other name", name="Eagle", opened="2011-05-01")
    propose(Branch.objects.get(name="spring"), ProposalPurpose.MERGE)
    with browser.new_context(base_url=base_url) as other:
        editor = watched(other, console)
        sign_in(editor, "editors")
        editor.goto("/branches/spring/")
        editor.get_by_label("Your comment").fill("I have the poster: it was April.")
        editor.get_by_role("button", name="Comment").click()
        editor.goto("/proposals/1/conflicts/")
        opened = editor.get_by_role("group", name="When did Eagle open?")
        opened.get_by_label("Spring refresh says").check()
        opened.get_by_role("button", name="Keep").click()
        expect(editor.locator("main")).to_contain_text("1 of 2 wait")
    sign_in(phone)
    phone.goto("/proposals/1/")
    phone.get_by_role("link", name="Talk about it").click()
    expect(phone.locator("#talk")).to_contain_text("I have the poster")
    phone.goto("/proposals/1/conflicts/")
    expect(phone.locator("main")).to_contain_text("Answered by one-of-editors")
    name = phone.get_by_role("group", name="What is Eagle called?")
    name.get_by_label("main says").check()
    name.get_by_role("button", name="Keep").click()
    expect(phone.locator("main")).to_contain_text("Every question is answered")
    phone.goto("/proposals/1/")
    phone.get_by_role("button", name="Merge").click()
    expect(phone.get_by_role("status")).to_contain_text("was merged into main")
    phone.goto("/rides/kestrel/")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Eagle")
    expect(phone.get_by_label("Facts")).to_contain_text("30 April 2011")
