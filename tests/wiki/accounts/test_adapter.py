"""An account as people expect one: password, mail, second factor, sessions, its end."""

import re
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.auth.models import Group, User
from django.core import mail
from django.test import Client

from wiki.accounts.models import AccountName, UsedCode
from wiki.models import Ride

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_counted")]

PASSWORD, OTHER = "correct horse battery", "wrong staple engine 7"


@pytest.fixture
def ann() -> User:
    account = User.objects.create_user("ann", "ann@example.org", PASSWORD)
    account.groups.add(Group.objects.get(name="editors"))
    return account


def sign_in(name: str = "ann", password: str = PASSWORD) -> Client:
    client = Client()
    client.post("/account/login/", {"login": name, "password": password})
    return client


def confirmed(client: Client) -> Client:
    """Who signed in and gave the password once more, as what matters asks for."""
    answer = client.post("/account/reauthenticate/", {"password": PASSWORD})
    assert answer.status_code == 302
    return client


def is_signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_the_way_to_everything_about_an_account(ann: User) -> None:
    page = text(sign_in(), "/account/")
    for address in ("password/change/", "2fa/", "sessions/", "delete/", "logout/"):
        assert f'href="/account/{address}"' in page
    assert Client().get("/account/")["Location"] == "/account/login/?next=/account/"


def test_another_password_ends_the_sessions_elsewhere(ann: User) -> None:
    here, elsewhere = sign_in(), sign_in()
    form = {"oldpassword": PASSWORD, "password1": OTHER, "password2": OTHER}
    assert here.post("/account/password/change/", form).status_code == 302
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)
    assert not is_signed_in(sign_in())
    assert is_signed_in(sign_in(password=OTHER))


def test_sessions_are_seen_and_ended(ann: User) -> None:
    here, elsewhere = sign_in(), sign_in()
    assert text(here, "/account/sessions/").count("<tr>") == 3
    assert here.post("/account/sessions/").status_code == 302
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)


def test_without_mail_nobody_is_told_that_some_was_sent(ann: User) -> None:
    assert "This wiki sends no mail" in text(Client(), "/account/password/reset/")
    assert Client().post("/account/password/reset/", {"email": ann.email}).status_code == 405


def codes(secret: str) -> list[str]:
    """The codes that an authenticator app shows about now."""
    return [
        format_hotp_value(hotp_value(secret, counter))
        for counter in yield_hotp_counters_from_time()
    ]


def with_second_factor(client: Client) -> str:
    confirmed(client)
    page = text(client, "/account/2fa/totp/activate/")
    found = re.search(r'id="authenticator_secret" value="(\w+)"', page)
    assert found
    assert "<svg" in page
    assert "data:" not in page  # which the policy for contents would not show
    assert (
        client.post("/account/2fa/totp/activate/", {"code": codes(found[1])[0]}).status_code == 302
    )
    return found[1]


def test_a_second_factor_is_asked_for_and_no_code_is_taken_twice(ann: User) -> None:
    secret = with_second_factor(sign_in())
    client = sign_in()
    assert not is_signed_in(client)
    code = codes(secret)[-1]
    assert client.post("/account/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert client.post("/account/2fa/authenticate/", {"code": code}).status_code == 302
    assert is_signed_in(client)
    assert UsedCode.objects.count() >= 1
    again = sign_in()
    assert again.post("/account/2fa/authenticate/", {"code": code}).status_code == 200
    assert not is_signed_in(again)


def test_codes_are_not_guessed(ann: User) -> None:
    with_second_factor(sign_in())
    client = sign_in()
    answers = [client.post("/account/2fa/authenticate/", {"code": f"{n:06}"}) for n in range(7)]
    assert "too many" in answers[-1].content.decode().lower()
    assert not is_signed_in(client)


def test_recovery_codes_let_in_once(ann: User) -> None:
    client = sign_in()
    with_second_factor(client)
    page = text(client, "/account/2fa/recovery-codes/")
    code = re.findall(r"\b[0-9a-f]{8}\b", page)[0]
    assert sign_in().post("/account/2fa/authenticate/", {"code": code}).status_code == 302
    assert sign_in().post("/account/2fa/authenticate/", {"code": code}).status_code == 200


def test_an_account_is_deleted_by_its_owner(ann: User) -> None:
    client = confirmed(sign_in())
    assert "keeps the name ann" in text(client, "/account/delete/")
    assert client.post("/account/delete/").status_code == 302
    assert not User.objects.exists()
    assert AccountName.objects.get().name == "ann"
    assert not is_signed_in(sign_in())


def test_deleting_asks_for_the_password_of_who_was_away_for_long(ann: User) -> None:
    client = Client()
    client.force_login(ann)  # a session in which no password was given
    assert client.post("/account/delete/")["Location"].startswith("/account/reauthenticate/")
    assert User.objects.exists()


@pytest.fixture
def mailing(settings: Any) -> None:
    """A wiki with a mail server, as its settings say it then."""
    settings.MAIL_SERVER = {"host": "mail.example"}
    settings.ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
    settings.ACCOUNT_LOGIN_METHODS = {"username", "email"}


@pytest.mark.usefixtures("mailing")
def test_a_mail_address_is_confirmed_by_a_code() -> None:
    client = Client()
    form = {"username": "bea", "email": "bea@example.org", "password1": PASSWORD}
    assert client.post("/account/signup/", form)["Location"] == "/account/confirm-email/"
    assert not is_signed_in(client)
    (sent,) = mail.outbox
    assert sent.to == ["bea@example.org"]
    assert "ThrillWiki" in sent.subject
    (code,) = re.findall(r"^([A-Z0-9]{4}-[A-Z0-9]{4})$", str(sent.body), re.MULTILINE)
    assert client.post("/account/confirm-email/", {"code": code}).status_code == 302
    assert is_signed_in(client)


@pytest.mark.usefixtures("mailing")
def test_nobody_learns_which_addresses_have_accounts(ann: User) -> None:
    form = {"username": "eve", "email": ann.email, "password1": PASSWORD}
    assert Client().post("/account/signup/", form)["Location"] == "/account/confirm-email/"
    assert User.objects.count() == 1


def test_what_somebody_is_shown_is_kept_by_no_cache_on_the_way(ann: User, kestrel: Ride) -> None:
    client = sign_in()
    for address in ("/", "/rides/kestrel/", "/account/", "/no-such-page/", "/changes/feed/"):
        assert "private" in client.get(address)["Cache-Control"]
        assert "private" not in Client().get(address).get("Cache-Control", "")
    signing_in = Client().post("/account/login/", {"login": "ann", "password": PASSWORD})
    assert "private" in signing_in["Cache-Control"]
