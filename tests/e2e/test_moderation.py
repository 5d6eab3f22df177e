"""The moderators' desk in a browser: from a spammer's edit to the page as it was."""

import pytest
from playwright.sync_api import Page, expect

from eventstore.reading import last_position
from tests.e2e.accessibility import assert_accessible, assert_fits_a_phone
from tests.e2e.accounts import make_account, sign_in
from versioning import acting_as
from wiki.models import Ride

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("nothing_counted"),
]


@pytest.fixture
def since(kestrel: Ride) -> int:
    """The position behind which a spammer was."""
    before = last_position()
    spammer = make_account("readers")
    spammer.username = "spam"
    spammer.save()
    with acting_as(spammer.pk):
        kestrel.body = "Buy pills."
        kestrel.save()
    return int(before)


@pytest.mark.parametrize("with_javascript", [True, False])
def test_a_spammer_is_rolled_back_and_blocked(
    page: Page, page_without_javascript: Page, since: int, with_javascript: bool
) -> None:
    before = Ride.objects.get().history.all()[1].body
    browser = page if with_javascript else page_without_javascript
    sign_in(browser)
    browser.goto("/moderation/?account=spam")
    browser.get_by_role("link", name="spam", exact=True).click()
    browser.get_by_label("Since").fill(f"p{since}")
    browser.get_by_role("button", name="Show what that would do").click()
    expect(browser.get_by_role("main")).to_contain_text("1 changeset of this account goes back")
    browser.get_by_role("button", name="Roll back").click()
    expect(browser.get_by_role("main")).to_contain_text("1 changeset was undone")
    assert Ride.objects.get().body == before
    browser.goto("/moderation/accounts/spam/")
    expect(browser.get_by_text("blocked", exact=True)).to_have_count(0)
    browser.get_by_label("Reason").fill("Sells pills.")
    browser.get_by_role("button", name="Block").click()
    expect(browser.get_by_role("main")).to_contain_text("spam is blocked")
    expect(browser.get_by_role("main")).to_contain_text("Sells pills.")


def test_every_page_of_the_desk_is_for_everybody(page: Page, since: int) -> None:
    sign_in(page, "administrators")
    for address in (
        "/moderation/", "/moderation/accounts/spam/", "/accounts/spam/", "/rides/kestrel/protect/",
        f"/moderation/accounts/spam/roll-back/?since=p{since}", "/branches/main/protect/",
    ):  # fmt: skip
        page.goto(address)
        assert page.locator("h1").count() == 1, address
        assert_accessible(page)
        assert_fits_a_phone(page)


@pytest.mark.parametrize("with_javascript", [True, False])
def test_versions_are_hidden_and_shown_again(
    page: Page, page_without_javascript: Page, since: int, with_javascript: bool
) -> None:
    ride = Ride.objects.get()
    ride.body = "It flies."
    ride.save()
    browser = page if with_javascript else page_without_javascript
    sign_in(browser)
    browser.goto("/rides/kestrel/history/")
    browser.get_by_role("link", name="Hide versions").click()
    assert_good_to_read(browser, with_javascript)
    browser.get_by_label("From version").fill("2")
    browser.get_by_label("To version").fill("2")
    browser.get_by_label("Reason").fill("An advertisement")
    browser.get_by_role("button", name="Hide").click()
    main = browser.get_by_role("main")
    expect(main).to_contain_text("Nobody reads version 2 any more")
    assert_good_to_read(browser, with_javascript)
    browser.get_by_role("link", name="Kestrel").click()
    expect(main).to_contain_text("pills")
    assert_good_to_read(browser, with_javascript)
    browser.get_by_label("Reason").fill("It was none")
    browser.get_by_role("button", name="Show them again").click()
    expect(main).to_contain_text("No version is hidden.")
    browser.goto("/rides/kestrel/history/2/")
    expect(main).to_contain_text("pills")


def assert_good_to_read(browser: Page, with_javascript: bool) -> None:
    """What looks at pages is JavaScript itself."""
    if with_javascript:
        assert_accessible(browser)
        assert_fits_a_phone(browser)
