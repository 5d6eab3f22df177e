"""Whoever signs in, up or out comes back to the page that they came from, over every step."""

import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client

from wiki.models import Ride

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_counted")]

PASSWORD, OTHER = "correct horse battery", "wrong staple engine 7"
HERE = "/rides/kestrel/history/?field=height&by="
BACK = urlencode({"next": HERE})


@pytest.fixture
def mailing(settings: Any) -> None:
    """A wiki with a mail server, as its settings say it then."""
    settings.MAIL_SERVER = {"host": "mail.example"}
    settings.ROOT_URLCONF = "tests.wiki.accounts.urls_with_mail"
    settings.ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True


@pytest.fixture
def ann() -> User:
    return User.objects.create_user("ann", "ann@example.org", PASSWORD)


def link(client: Client, address: str, words: str) -> str:
    """Where a link of a page leads, by its words."""
    found = re.findall(r'<a [^>]*href="([^"]+)"[^>]*>([^<]+)</a>', client.get(address).text)
    return next(unescape(href) for href, said in found if words.lower() in said.lower())


def hidden(page: str) -> dict[str, str]:
    """What the form of a page sends along that nobody sees."""
    form = page.partition("<main")[2].partition("</form>")[0]
    found = re.findall(r'<input type="hidden" name="(next)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in found}


def code_sent() -> str:
    """The code in the newest mail."""
    newest = str(mail.outbox[-1].body)
    (code,) = re.findall(r"^([A-Z0-9]{4}-[A-Z0-9]{4})$", newest, re.MULTILINE)
    return str(code)


@pytest.mark.usefixtures("ann")
def test_by_signing_in_and_out(client: Client, kestrel: Ride) -> None:
    door = link(client, HERE, "Sign in")
    assert door == f"/account/login/?{BACK}"
    form = {"login": "ann", "password": PASSWORD, **hidden(client.get(door).text)}
    assert client.post("/account/login/", form)["Location"] == HERE
    door = link(client, HERE, "Sign out")
    assert client.post("/account/logout/", hidden(client.get(door).text))["Location"] == HERE


def test_by_signing_up_from_the_page_or_from_the_sign_in(client: Client, kestrel: Ride) -> None:
    door = f"/account/signup/?{BACK}"
    assert link(client, HERE, "Sign up") == door
    assert link(client, link(client, HERE, "Sign in"), "sign up") == door
    assert link(client, door, "sign in") == f"/account/login/?{BACK}"
    mistyped = {"username": "bea", "password1": PASSWORD, "password2": OTHER}
    refused = client.post("/account/signup/", mistyped | hidden(client.get(door).text))
    assert refused.status_code == 200
    form = {"username": "bea", "password1": PASSWORD, "password2": PASSWORD}
    assert client.post("/account/signup/", form | hidden(refused.text))["Location"] == HERE


@pytest.mark.usefixtures("mailing")
def test_by_signing_up_with_a_code_from_a_mail(client: Client, kestrel: Ride) -> None:
    page = client.get(f"/account/signup/?{BACK}").text
    form = {"username": "bea", "email": "bea@example.org", "password1": PASSWORD}
    assert client.post("/account/signup/", form | hidden(page)).status_code == 302
    assert client.post("/account/confirm-email/", {"code": code_sent()})["Location"] == HERE


@pytest.mark.usefixtures("mailing")
def test_by_a_new_password(client: Client, kestrel: Ride, ann: User) -> None:
    door = link(client, f"/account/login/?{BACK}", "Forgot your password?")
    asked = {"email": ann.email, **hidden(client.get(door).text)}
    sent = client.post("/account/password/reset/", asked)["Location"]
    assert sent == f"/account/password/reset/done/?{BACK}", "The page that says so comes first."
    assert link(client, sent, "Sign in") == f"/account/login/?{BACK}"
    (way,) = re.findall(r"http://testserver(/\S+)", str(mail.outbox[0].body))
    elsewhere = Client()  # where the mail is read
    form_at = elsewhere.get(way)["Location"]
    form = {"password1": OTHER, "password2": OTHER, **hidden(elsewhere.get(form_at).text)}
    door = elsewhere.post(form_at.partition("?")[0], form)["Location"]
    assert door == f"/account/login/?{BACK}"
    form = {"login": "ann", "password": OTHER, **hidden(elsewhere.get(door).text)}
    assert elsewhere.post("/account/login/", form)["Location"] == "/account/confirm-email/"
    assert elsewhere.post("/account/confirm-email/", {"code": code_sent()})["Location"] == HERE


@pytest.mark.usefixtures("mailing")
def test_who_asks_for_a_password_by_itself_is_led_nowhere(client: Client, ann: User) -> None:
    sent = client.post("/account/password/reset/", {"email": ann.email})["Location"]
    assert sent == "/account/password/reset/done/"
    assert "next=" not in str(mail.outbox[0].body)


def test_where_no_mail_is_sent_the_way_back_is_kept(client: Client, kestrel: Ride) -> None:
    door = link(client, f"/account/login/?{BACK}", "Forgot your password?")
    assert link(client, door, "Sign in") == f"/account/login/?{BACK}"


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "/\\example.org"])
def test_nobody_is_led_to_another_site(client: Client, ann: User, elsewhere: str) -> None:
    away = urlencode({"next": elsewhere})
    page = client.get(f"/account/login/?{away}").text
    assert not re.findall('href="[^"]*example', page)
    form = {"login": "ann", "password": PASSWORD, "next": elsewhere}
    assert client.post("/account/login/", form)["Location"] == "/"
    client.logout()
    assert client.post("/account/logout/", {"next": elsewhere})["Location"] == "/"
