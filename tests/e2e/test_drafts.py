"""Nothing that is typed into the form of a page is lost: not with the tab, nor with the session."""

import re

import pytest
from django.conf import settings
from playwright.sync_api import Dialog, Page, expect

from tests.e2e.accessibility import assert_accessible, assert_fits_a_phone
from tests.e2e.accounts import sign_in
from wiki.drafts.models import Draft
from wiki.models import Ride

pytestmark = pytest.mark.django_db(transaction=True)

EDIT = "/rides/kestrel/edit/"


def text(page: Page) -> str:
    return page.get_by_label(re.compile("^Text")).input_value()


def test_what_was_typed_is_offered_again_after_the_session_ended(page: Page, kestrel: Ride) -> None:
    sign_in(page, "editors")
    page.goto(EDIT)
    page.get_by_label(re.compile("^Text")).fill("My own words.\n")
    cookies = page.context.cookies()
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="Save").last.click()
    expect(page.get_by_role("alert")).to_contain_text("not saved")
    page.context.add_cookies(cookies)  # type: ignore[arg-type]  # as they were told
    page.goto(EDIT)
    expect(page.get_by_role("region", name="What you typed here")).to_be_visible()
    assert_accessible(page)
    assert_fits_a_phone(page)
    page.get_by_role("button", name="Continue editing").click()
    page.wait_for_url("**/edit/?draft=*")
    assert text(page) == "My own words.\n"
    page.get_by_role("button", name="Save").last.click()
    expect(page.get_by_text("is saved")).to_be_visible()
    page.goto(EDIT)
    expect(page.get_by_role("button", name="Continue editing")).to_be_hidden()
    assert Ride.objects.get().body == "My own words.\n"


def test_a_draft_is_kept_by_a_button_and_gone_on_with(anyone: Page, kestrel: Ride) -> None:
    page = anyone
    sign_in(page, "editors")
    page.goto(EDIT)
    page.get_by_label(re.compile("^Text")).fill("My own words.\n")
    page.get_by_role("button", name="Keep as draft").click()
    expect(page.get_by_role("status").first).to_contain_text("Kept as a draft")
    assert text(page) == "My own words.\n"
    page.goto("/account/")
    page.get_by_role("link", name="Continue editing: Kestrel").click()
    assert text(page) == "My own words.\n"


def test_the_server_keeps_what_is_typed_while_one_pauses(page: Page, kestrel: Ride) -> None:
    sign_in(page, "editors")
    page.goto(EDIT)
    page.get_by_label(re.compile("^Text")).fill("My own words.\n")
    expect(page.get_by_text("Draft kept at")).to_be_visible()
    assert Draft.objects.get().form["body"] == "My own words.\n"


def test_leaving_is_asked_about_only_where_nothing_keeps_the_words(
    page: Page, kestrel: Ride
) -> None:
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    sign_in(page, "editors")
    page.goto(EDIT)
    page.get_by_label(re.compile("^Text")).press_sequentially("More. ")
    page.goto("/rides/kestrel/")
    assert asked == []
    page.add_init_script("Storage.prototype.setItem = () => { throw new Error('full'); };")
    page.goto(EDIT)
    page.get_by_label(re.compile("^Text")).press_sequentially("More. ")
    page.wait_for_timeout(700)
    page.goto("/rides/kestrel/")
    assert asked == ["beforeunload"]
