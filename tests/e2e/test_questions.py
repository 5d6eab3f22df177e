"""Questions in a browser: keys, typing, leaving; each answer is kept without another page."""

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.e2e.accessibility import assert_accessible, assert_fits_a_phone
from tests.e2e.accounts import sign_in
from versioning import branch_context
from versioning.branches.fork import fork
from versioning.branches.proposals import propose
from versioning.models import Branch, Proposal, ProposalPurpose
from wiki.models import Ride

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked(page: Page, kestrel: Ride) -> Page:
    fork("spring")
    for branch, name, body in (
        ("spring", "Falcon", "It dives.\n"),
        ("main", "Eagle", "It swims.\n"),
    ):
        with branch_context(branch, message=f"Edit {branch}"):
            ride = Ride.objects.get()
            ride.name, ride.body = name, body
            ride.save()
    propose(Branch.objects.get(name="spring"), ProposalPurpose.MERGE)
    sign_in(page, "editors")
    page.goto("/proposals/1/conflicts/")
    return page


def kept() -> int:
    return len(Proposal.objects.get().resolutions)


def test_keys_choose_and_keep_and_typing_chooses(asked: Page) -> None:
    page = asked
    name = page.get_by_role("group", name="What is Eagle called?")
    name.get_by_role("radio").first.focus()
    page.keyboard.press("3")
    expect(name.get_by_role("button")).to_have_text("Keep Falcon")
    name.get_by_label("Another answer for Eagle").fill("Buzzard")
    expect(name.get_by_label("Another answer", exact=True)).to_be_checked()
    page.get_by_label("Passage 1 in other words").fill("It sings.")
    name.get_by_label("main says").focus()
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 of 2 wait")).to_be_visible()
    assert kept() == 1
    expect(page.get_by_label("Passage 1 in other words")).to_have_value("It sings.")
    expect(page.get_by_label("In other words", exact=True)).to_be_checked()
    page.get_by_role("button", name="Open again: What is Eagle called?").click()
    expect(page.get_by_text("2 of 2 wait")).to_be_visible()
    assert kept() == 0


def test_a_page_asks_before_answers_are_left(asked: Page) -> None:
    page = asked
    dialogs: list[str] = []

    def leave(dialog: Dialog) -> None:
        dialogs.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.get_by_role("textbox", name="Another answer for Eagle").first.fill("Buzzard")
    page.goto("/branches/")
    assert dialogs == ["beforeunload"]


def test_the_questions_are_for_everybody_and_fit_a_phone(asked: Page) -> None:
    page = asked
    page.locator("details").first.evaluate("each => each.open = true")
    assert_accessible(page)
    assert_fits_a_phone(page)
