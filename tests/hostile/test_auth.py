"""Accounts: who has one, whose it is, and what it may do for how long."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core import mail
from django.test import Client

from eventstore.models import Changeset
from tests.hostile.driving import allowed, nothing_stored, told
from tests.hostile.inputs import entry
from tests.wiki.accounts.test_adapter import OTHER, PASSWORD, ann, is_signed_in, mailing, sign_in
from tests.wiki.editing.test_views import open_form
from tests.wiki.limits.test_spending import attempt
from tests.wiki.limits.test_spending import browser as from_network
from tests.wiki.moderation.test_desk import account, block, browser, plan_token
from versioning import acting_as, branch_context
from versioning.branches.fork import fork
from wiki.models import Ride

__all__ = ["ann", "mailing"]

pytestmark = pytest.mark.django_db


@entry(49)
@pytest.mark.usefixtures("mailing")
def test_an_address_does_not_tell_whether_it_has_an_account(ann: User, settings: Any) -> None:
    said: list[tuple[int, str | None]] = []
    for email in (ann.email, "nobody@example.org"):
        form = {"username": f"new{len(said)}", "email": email, "password1": PASSWORD}
        answer = Client().post("/account/signup/", form)
        said.append((answer.status_code, answer.headers.get("Location")))
    assert said[0] == said[1]
    settings.ROOT_URLCONF = "tests.hostile.mailing_urls"
    resets = [
        Client().post("/account/password/reset/", {"email": email}, follow=True)
        for email in (ann.email, "nobody@example.org")
    ]
    assert resets[0].redirect_chain == resets[1].redirect_chain
    assert resets[0].text.replace(ann.email, "…") == resets[1].text.replace(
        "nobody@example.org", "…"
    )


@entry(49)
def test_without_mail_nobody_is_told_anything(client: Client, ann: User) -> None:
    for email in (ann.email, "nobody@example.org"):
        answer = client.post("/account/password/reset/", {"email": email})
        assert answer.status_code == 405
        assert email not in answer.text


@pytest.fixture
def resetting(mailing: None, settings: Any) -> None:
    """A wiki with a mail server, and the addresses that there are then."""
    settings.ROOT_URLCONF = "tests.hostile.mailing_urls"


def reset_links(body: str) -> list[str]:
    return re.findall(r"/account/password/reset/key/\S+", body)


@entry(50)
@pytest.mark.usefixtures("resetting")
@pytest.mark.parametrize(
    "typed", ["mıke@example.org", "MIKE@example.org", "mike@EXAMPLE.org", "nobody@example.org"]
)
def test_mail_goes_to_the_address_that_is_kept(typed: str) -> None:
    User.objects.create_user("mike", "mike@example.org", PASSWORD)
    answer = Client().post("/account/password/reset/", {"email": typed})
    allowed(50, answer)
    assert [each.to for each in mail.outbox if reset_links(str(each.body))] == (
        [["mike@example.org"]] if typed.casefold() == "mike@example.org" else []
    )
    assert not [
        each for each in mail.outbox if each.to != [typed] and each.to != ["mike@example.org"]
    ]


@entry(52)
def test_a_session_is_new_at_the_door_and_dead_behind_it(ann: User) -> None:
    client = Client()
    client.get("/account/login/")
    client.session["x"] = 1
    client.session.save()
    before = client.session.session_key
    allowed(52, client.post("/account/login/", {"login": "ann", "password": PASSWORD}))
    inside = client.session.session_key or ""
    assert inside != before
    stolen = Client()
    stolen.cookies["sessionid"] = inside
    assert is_signed_in(stolen)
    assert client.post("/account/logout/").status_code == 302
    assert not is_signed_in(stolen)
    for key in (before, inside):
        stolen.cookies["sessionid"] = key or ""
        assert not is_signed_in(stolen)


@entry(52)
def test_a_session_ends_with_the_password_that_began_it(ann: User) -> None:
    here, elsewhere = sign_in(), sign_in()
    form = {"oldpassword": PASSWORD, "password1": OTHER, "password2": OTHER}
    assert here.post("/account/password/change/", form).status_code == 302
    assert not is_signed_in(elsewhere)


@entry(53)
def test_nobody_signs_out_by_looking(ann: User) -> None:
    """GET shows the question (200), and does nothing."""
    client = sign_in()
    for method in ("get", "head"):
        assert getattr(client, method)("/account/logout/").status_code == 200
    assert client.get("/logout/").status_code == 404
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post("/account/logout/").status_code == 403
    assert is_signed_in(client)
    allowed(53, client.post("/account/logout/"))
    assert not is_signed_in(client)


@entry(55)
def test_passwords_are_not_guessed_and_nobody_is_locked_out(ann: User) -> None:
    owner = from_network(address="203.0.113.1")
    assert attempt(owner, "ann", PASSWORD) == 302
    owner.post("/account/logout/")
    tried = [attempt(from_network(), "ann", f"wrong {n}") for n in range(30)]
    assert tried.count(200) == 10
    refused = from_network().post("/account/login/", {"login": "ann", "password": PASSWORD})
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    allowed(55, refused)
    for n in range(30):
        assert attempt(from_network(address=f"198.51.{n}.1"), "ann", "wrong") in {200, 429}
    assert attempt(owner, "ann", PASSWORD) == 302


@entry(56)
@pytest.mark.parametrize(
    "query", ["access_token=x", "token={key}", "sessionid={key}", "user=admin", "session={key}"]
)
def test_nothing_in_an_address_signs_in(
    ann: User, caplog: pytest.LogCaptureFixture, query: str
) -> None:
    key = sign_in().session.session_key or ""
    asked = query.format(key=key)
    answer = Client().get(f"/account/?{asked}")
    assert answer["Location"].startswith("/account/login/")
    home = allowed(56, Client().get(f"/?{asked}", headers={"Authorization": f"Bearer {key}"}))
    assert "Sign in" in home
    assert key not in caplog.text


@entry(58)
def test_a_role_that_is_gone_saves_nothing_and_loses_no_words(kestrel: Ride) -> None:
    other = account("other", "moderators")
    client = browser(other)
    fork("spring")
    with branch_context("spring"):
        Ride.objects.update(body="It dives.")
    form = open_form(client, "/rides/kestrel/edit/") | {"body": "My long words."}
    token = plan_token(client.get("/branches/spring/merge/").text)
    client.post("/branches/spring/merge/", {"action": "propose"})
    other.groups.set([Group.objects.get(name="readers")])
    with nothing_stored():
        answer = client.post("/rides/kestrel/edit/", form)
        assert "My long words." in allowed(58, answer)
        for address, sent in (
            ("/branches/spring/merge/", {"plan_token": token}),
            ("/branches/spring/sync/", {}), ("/proposals/1/", {"action": "carry-out"}),
            ("/proposals/1/", {"action": "withdraw"}), ("/proposals/1/conflicts/", {"reopen": "x"}),
        ):  # fmt: skip
            allowed(58, client.post(address, sent))


@entry(59)
def test_who_is_blocked_does_nothing_cheap_either(kestrel: Ride) -> None:
    moderator = browser(account("mod", "moderators"), "198.51.100.1")
    spam = account("spam")
    client = browser(spam)
    with acting_as(spam.pk):
        fork("mine")
    kestrel.body = "It dives."
    kestrel.save()
    form = open_form(client, "/rides/kestrel/edit/") | {"body": "Pills."}
    assert block(moderator) == 302
    with nothing_stored():
        for address, sent in (
            ("/rides/kestrel/edit/", form), ("/rides/kestrel/edit/", form | {"action": "preview"}),
            ("/rides/kestrel/edit/?part=preview", form | {"action": "preview"}),
            ("/rides/kestrel/delete/", {}), ("/articles/new/", {"name": "Pills"}),
            ("/rides/kestrel/rename/", {"name": "Pills", "slug": "pills"}),
            ("/branches/", {"name": "pills"}), ("/branches/mine/change/", {"action": "archive"}),
            ("/branches/mine/change/", {"name": "pills"}), ("/branches/mine/merge/", {}),
            ("/branches/mine/sync/", {}), ("/branches/mine/merge/", {"action": "propose"}),
            ("/rides/kestrel/protect/", {"protect": "1"}),
        ):  # fmt: skip
            answer = client.post(address, sent)
            allowed(59, answer)
            assert told(answer), address


@entry(61)
@pytest.mark.usefixtures("resetting")
def test_a_reset_link_works_once(ann: User) -> None:
    client = Client()
    assert client.post("/account/password/reset/", {"email": ann.email}).status_code == 302
    (sent,) = mail.outbox
    assert sent.to == [ann.email]
    (link, *_) = reset_links(str(sent.body))
    opened = client.get(link)
    assert opened.status_code == 302
    form_at = opened["Location"]
    assert link.rpartition("-")[2].rstrip("/") not in form_at  # the token is no part of the page's
    form = {"password1": OTHER, "password2": OTHER}
    assert client.post(form_at, form).status_code == 302
    for browser_ in (client, Client()):
        page = allowed(61, browser_.get(link, follow=True))
        assert "password1" not in page
    assert User.objects.get().check_password(OTHER)
    # A link of before the address changed.
    Client().post("/account/password/reset/", {"email": ann.email})
    (late, *_) = reset_links(str(mail.outbox[-1].body))
    User.objects.filter(pk=ann.pk).update(email="other@example.org")
    page = allowed(61, Client().get(late, follow=True))
    assert "password1" not in page


NAMES = [
    "admin", "moderator", "system", "..", "a/b", "a%2fb", "  ", "ThrillWiki", "Аdmin", "ＡＤＭＩＮ",
    "adm\u200bin", "the system", "a\u202eb", "x" * 200,
]  # fmt: skip


@entry(62)
@pytest.mark.parametrize("name", NAMES)
def test_a_name_says_nothing_about_its_bearer(client: Client, name: str) -> None:
    """Addresses of accounts begin with `accounts/`: `new`, `me` and `import` mean nothing there."""
    form = {"username": name, "password1": PASSWORD, "password2": PASSWORD}
    allowed(62, client.post("/account/signup/", form))
    assert not User.objects.exists()


@entry(62)
@pytest.mark.parametrize("name", ["new", "me", "settings", "import"])
def test_a_name_that_is_a_word_leads_to_its_bearer(client: Client, name: str) -> None:
    form = {"username": name, "password1": PASSWORD, "password2": PASSWORD}
    assert client.post("/account/signup/", form).status_code == 302
    assert client.get(f"/accounts/{name}/").status_code == 200


@entry(64)
def test_the_actor_is_the_session_s(editor: Client, kestrel: Ride) -> None:
    other = User.objects.create_user("ann")
    headers = {"X-User": "ann", "X-Remote-User": "ann", "Remote-User": "ann", "From": "ann@x.org",
               "X-Forwarded-User": "ann", "Authorization": "Basic YW5uOmFubg=="}  # fmt: skip
    form = open_form(editor, "/rides/kestrel/edit/") | {
        "body": "It dives.", "summary": "on behalf of Ann", "actor": "ann", "actor_id": other.pk,
        "user": "ann",
    }  # fmt: skip
    answer = editor.post("/rides/kestrel/edit/?actor=ann&user=ann", form, headers=headers)
    assert answer.status_code == 302
    newest = Changeset.objects.latest("id")
    assert newest.actor_id == User.objects.get(username="one-of-editors").pk
    assert newest.message == "on behalf of Ann"
    with nothing_stored():
        answer = Client().post("/rides/kestrel/edit/", form, headers=headers)
    allowed(64, answer)
