"""Accounts in a browser: every page of one's own, and a passkey in place of a password."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import assert_accessible, assert_fits_a_phone
from tests.e2e.accounts import PASSWORD, make_account

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("nothing_counted"),
]

PAGES = [
    "", "delete/", "email/", "password/change/", "2fa/", "2fa/totp/activate/", "2fa/webauthn/add/",
    "sessions/", "logout/",
]  # fmt: skip


def sign_in_by_form(page: Page, name: str) -> None:
    page.goto("/account/login/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign In", exact=True).click()
    expect(page.get_by_role("navigation", name="Account")).to_contain_text(name)


def confirm(page: Page) -> None:
    """Give the password once more, as what matters asks for."""
    page.goto("/account/reauthenticate/?next=/account/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    expect(page).to_have_url(re.compile("/account/$"))


def test_every_page_of_an_account_is_for_everybody(page: Page) -> None:
    account = make_account("editors")
    sign_in_by_form(page, account.username)
    confirm(page)
    for address in PAGES:
        page.goto(f"/account/{address}")
        assert page.locator("h1").count() == 1, address
        assert_accessible(page)
        assert_fits_a_phone(page)


def test_a_passkey_lets_in_without_a_password(page: Page, base_url: str) -> None:
    """By an authenticator that Chromium plays; passkeys need a name, not a number of a host."""
    account = make_account("editors")
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    site = base_url.replace("127.0.0.1", "localhost")
    page.goto(f"{site}/account/login/?next=/account/2fa/webauthn/add/")
    page.get_by_label("Username").fill(account.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign In", exact=True).click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Name").fill("My phone")
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("main")).to_contain_text("recovery", ignore_case=True)
    page.goto(f"{site}/account/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign Out").click()
    page.goto(f"{site}/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("navigation", name="Account")).to_contain_text(account.username)
