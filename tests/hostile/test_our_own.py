"""Inputs that the list forgets: accounts, the desk, identities, feeds, files, previews, methods."""

import csv
import io
import re
import xml.etree.ElementTree as ET
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from eventstore.models import Changeset
from eventstore.reading import last_position
from projections.audit.auditing import audit
from tests.hostile.driving import allowed, nothing_stored, text_of
from tests.hostile.inputs import entry
from tests.hostile.test_permission import revert
from tests.wiki.accounts.test_adapter import PASSWORD, ann, sign_in
from tests.wiki.editing.test_views import open_form
from tests.wiki.limits.test_spending import browser as from_network
from tests.wiki.moderation.test_desk import account, block, browser, plan_token, protect
from tests.wiki.test_queries import ADDRESSES
from versioning import acting_as, branch_context
from versioning.branches.fork import fork
from versioning.models import Branch
from wiki.models import Article, Block, Park, Ride

__all__ = ["ann"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def mod(db: None) -> Client:
    return browser(account("mod", "moderators"), "198.51.100.1")


@pytest.fixture
def admin(db: None) -> Client:
    return browser(account("admin", "administrators"), "203.0.113.1")


PARAMETERS = (
    "q", "order", "after", "before", "part", "format", "page", "from", "to", "at", "zoom",
    "country", "status", "park", "opened_from", "height_over", "of", "x", "year", "day", "month",
    "when", "branch", "path", "name", "account", "network", "since", "first", "last", "parent", "p",
    "next",
)  # fmt: skip

FIELDS = (
    "summary", "slug", "body", "base", "identity", "reason", "role", "plan_token", "reopen",
    "block",
)  # fmt: skip


@entry(1001)
@pytest.mark.parametrize("name", ADDRESSES)
def test_a_nul_is_nowhere_a_fault_of_ours(mod: Client, kestrel: Ride, name: str) -> None:
    account("somebody")
    fork("spring")
    path = ADDRESSES[name].partition("?")[0]
    with nothing_stored():
        together = mod.get(f"/{path}", dict.fromkeys(PARAMETERS, "a\0b"))
        # Where one is refused, the others were not read: each by itself.
        for key in PARAMETERS if together.status_code != 200 else ():
            allowed(1001, mod.get(f"/{path}", {key: "a\0b"}))
        parts = [part for part in path.split("/") if part]
        for at in range(1, len(parts)):
            spoilt = "/".join([*parts[:at], parts[at] + "%00", *parts[at + 1 :]])
            allowed(1001, mod.get(f"/{spoilt}/"))
        sent = dict.fromkeys((*PARAMETERS, *FIELDS), "a\0b")
        if name not in {"delete", "undelete"}:  # which need no more than to be sent
            assert mod.post(f"/{path}", sent).status_code < 500


@entry(1002)
def test_a_branch_is_its_owner_s(mod: Client, kestrel: Ride) -> None:
    bob, other = account("bob"), browser(account("other"))
    owner = browser(bob)
    with acting_as(bob.pk):
        fork("mine")
    with nothing_stored():
        for sent in (
            {"action": "archive"},
            {"name": "yours"},
            {"description": "x", "name": "mine"},
        ):
            allowed(1002, other.post("/branches/mine/change/", sent))
        allowed(1002, other.post("/branches/mine/protect/", {"protect": "1"}))
        allowed(1002, owner.post("/branches/mine/protect/", {"protect": "1"}))
        for client in (owner, mod):
            allowed(1002, client.post("/branches/main/change/", {"name": "trunk"}))
            allowed(1002, client.post("/branches/main/change/", {"action": "archive"}))
    assert protect(mod, "/branches/mine/", deleting="moderators", renaming="moderators") == 302
    with nothing_stored():
        allowed(1002, owner.post("/branches/mine/change/", {"action": "archive"}))
        allowed(1002, owner.post("/branches/mine/change/", {"name": "yours"}))
    assert block(mod, "bob") == 302
    with nothing_stored():
        allowed(1002, owner.post("/branches/mine/change/", {"name": "mine", "description": "x"}))
    assert Branch.objects.get(name="mine").is_open


@entry(1003)
def test_nobody_rises_by_the_desk(mod: Client, admin: Client) -> None:
    account("other", "moderators")
    account("bob")
    boss = User.objects.create_superuser("boss")
    with nothing_stored():
        for name, sent in (
            ("mod", {"role": "administrators"}), ("bob", {"role": "moderators"}),
            ("admin", {"role": "readers"}), ("other", {"block": "1", "reason": "No."}),
            ("admin", {"block": "1", "reason": "No."}), ("mod", {"block": "1", "reason": "No."}),
            ("boss", {"block": "1", "reason": "No."}), ("mod", {"unblock": "1"}),
        ):  # fmt: skip
            allowed(1003, mod.post(f"/moderation/accounts/{name}/", sent))
        for sent in ({"role": "superuser"}, {"role": "emperors"}):
            allowed(1003, admin.post("/moderation/accounts/bob/", sent))
        for name in ("boss", "admin"):
            allowed(
                1003, admin.post(f"/moderation/accounts/{name}/", {"block": "1", "reason": "x"})
            )
        allowed(1003, admin.post("/moderation/accounts/boss/", {"role": "readers"}))
    assert boss.is_superuser
    assert not Block.objects.exists()
    levels = dict.fromkeys(("editing", "renaming", "deleting"), "nobody")
    with nothing_stored():
        assert protect(mod, "/branches/main/", **levels) == 422


@entry(1004)
def test_an_identity_is_of_one_page(editor: Client, kestrel: Ride) -> None:
    of_article = open_form(editor, "/articles/new/")["identity"]
    of_ride = open_form(editor, "/rides/new/")["identity"]
    # Of another kind, by one form each: two pages at most, and each of its own kind.
    for address, identity in (("/parks/new/", of_article), ("/articles/new/", of_article)):
        form = open_form(editor, address) | {"name": "Lifts", "identity": identity}
        allowed(1004, editor.post(address, form))
    assert audit().findings == ()
    made = Article.objects.first() or Park.objects.get(slug="lifts")
    made.delete()
    before = made.pk
    form = open_form(editor, "/articles/new/") | {"name": "Again", "identity": of_article}
    allowed(1004, editor.post("/articles/new/", form))
    assert not Article.objects.filter(pk=before).exists() or Article.objects.get(pk=before).name
    # One that a branch has already.
    fork("spring")
    form = open_form(editor, "/~spring/rides/new/") | {"name": "Eagle", "identity": of_ride}
    assert editor.post("/~spring/rides/new/", form).status_code == 302
    answer = editor.post("/rides/new/", form | {"name": "Falcon"})
    allowed(1004, answer)
    for raw in (str(kestrel.pk), f"{kestrel.pk}:x:y", ""):
        form = open_form(editor, "/rides/new/") | {"name": "Kestrel", "slug": "x", "identity": raw}
        allowed(1004, editor.post("/rides/new/", form))
        Ride.objects.filter(slug="x").delete()
    kestrel.refresh_from_db()
    assert (kestrel.slug, kestrel.version) == ("kestrel", 1)
    assert audit().findings == ()


def account_addresses() -> list[str]:
    """Every address under `/account/`, with rubbish where it has parts."""
    found = []
    for each in get_resolver().url_patterns:
        if isinstance(each, URLResolver) and str(each.pattern) == "account/":
            found = ["/account/" + address for address in _addresses(each)]
    assert len(found) > 20
    return found


def _addresses(resolver: URLResolver) -> list[str]:
    addresses = []
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            addresses += [str(each.pattern) + rest for rest in _addresses(each)]
        else:
            plain = re.sub(r"<int:\w+>", "7", str(each.pattern))
            plain = re.sub(r"<[^>]+>|\(\?P<\w+>\[?[^)]*\)", "rubbish", plain)
            addresses.append(plain.strip("^$").replace("\\", "").replace("Z", ""))
    return addresses


@entry(1005)
@pytest.mark.parametrize("is_signed_in", [False, True])
def test_no_address_of_an_account_is_a_fault_of_ours(ann: User, is_signed_in: bool) -> None:
    client = sign_in() if is_signed_in else Client()
    client.raise_request_exception = True
    for address in account_addresses():
        if is_signed_in and "logout" in address:
            continue
        for sent in ({}, {"x": "y"}, {"code": "0" * 5_000}, {"next": "//example.org", "login": "a"},
                     {"credential": "{", "action": "nothing"}):  # fmt: skip
            with nothing_stored():
                answer = client.post(address, sent) if sent else client.get(address)
            allowed(1005, answer)
            assert "example.org" not in answer.headers.get("Location", "").partition("?")[0]
            if is_signed_in:
                control = answer.headers.get("Cache-Control", "")
                assert "private" in control or "no-store" in control, address
    assert User.objects.filter(pk=ann.pk, is_active=True).exists()


@entry(1006)
def test_an_account_is_not_ended_by_a_borrowed_browser(ann: User, kestrel: Ride) -> None:
    with acting_as(ann.pk):
        Article.objects.create(slug="lifts", name="Lifts")
    borrowed = Client()
    borrowed.force_login(ann)
    for sent in ({}, {"pseudonym": "on"}, {"pseudonym": "admin", "password": "x"}):
        answer = borrowed.post("/account/delete/", sent)
        allowed(1006, answer)
        assert answer["Location"].startswith("/account/reauthenticate/")
    assert User.objects.filter(pk=ann.pk).exists()
    client = sign_in()
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    changesets = list(Changeset.objects.values_list("pk", "hash", "actor_id"))
    allowed(1006, client.post("/account/delete/", {"pseudonym": "on"}))
    allowed(1006, client.post("/account/delete/", {"pseudonym": "on"}))
    assert not User.objects.exists()
    assert list(Changeset.objects.values_list("pk", "hash", "actor_id")) == changesets
    assert client.get("/account/").status_code == 302
    assert audit().findings == ()


@entry(1007)
@pytest.mark.parametrize("prefix", ["/", "/~spring/", "/@p{}/", "/~main+spring/"])
def test_a_feed_is_of_its_viewpoint(client: Client, kestrel: Ride, prefix: str) -> None:
    then = last_position()
    fork("spring")
    with branch_context("spring", message="On spring ]]> &amp; <b>"):
        Ride.objects.update(body="On spring.")
    with branch_context(message="On main ]]> &amp; <b>"):
        Ride.objects.update(theme="Birds")
    at = prefix.format(then)
    for feed in ("changes/feed/", "rides/kestrel/history/feed/"):
        answer = client.get(at + feed)
        text = allowed(1007, answer)
        read = ET.fromstring(answer.content)  # noqa: S314  # our own
        told = "".join(read.itertext())
        assert ("On spring ]]> &amp; <b>" in told) == (at == "/~spring/")
        assert ("On main ]]> &amp; <b>" in told) == (at in {"/", "/~main+spring/"})
        for link in re.findall(r'<link href="http://testserver([^"]*)" rel="alternate"', text):
            assert link.startswith(at) or at == "/"
        again = client.get(at + feed, headers={"If-None-Match": answer.headers.get("ETag", '"x"')})
        allowed(1007, again)
    allowed(1007, client.get("/~nosuch/changes/feed/"))


CALCULATING = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0", '=HYPERLINK("x")']


@entry(1008)
def test_no_cell_calculates(client: Client) -> None:
    for n, name in enumerate(CALCULATING):
        Park.objects.create(slug=f"p-{n}", name=name, location=name, slogan=name)
    # A number alone is one to a spreadsheet, too, and stays as it is.
    numbers = {"+1", "-1"}
    text = allowed(1008, client.get("/parks/?format=csv"))
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(rows) == len(CALCULATING)
    for row in rows:
        for cell in row.values():
            is_safe = not str(cell).startswith(("=", "+", "-", "@", "\t", "\r"))
            assert is_safe or cell in numbers


@entry(1009)
@pytest.mark.parametrize("prefix", ["/", "/~spring/", "/@p{}/"])
def test_a_preview_acts_never(mod: Client, kestrel: Ride, prefix: str) -> None:
    fork("spring")
    bob = browser(account("bob"))
    at = prefix.format(last_position())
    form = open_form(bob, "/rides/kestrel/edit/") | {"action": "preview"}
    with nothing_stored():
        for address, sent in (
            ("rides/kestrel/edit/", form), ("rides/kestrel/edit/", form | {"base": "9-9"}),
            ("rides/kestrel/edit/", form | {"body": "*a* " * 50_000}),
            ("rides/new/", form | {"slug": "kestrel"}), ("articles/new/", form | {"slug": "x"}),
            ("articles/new/?part=preview", form | {"name": ""}),
        ):  # fmt: skip
            allowed(1009, bob.post(at + address, sent))
            assert Client().post(at + address, sent).status_code in {302, 403}
    assert protect(mod, "/rides/kestrel/", editing="moderators") == 302
    with nothing_stored():
        assert bob.post(at + "rides/kestrel/edit/", form).status_code in {403, 409}


NUMBERS = ["-1", "0", "99999999999999999999", "1e9", "1.5", "+1", "\u0663", "0x10", " 1", "1 ",
           "NaN",           "--1", "1,000", "9" * 18]  # fmt: skip


@entry(1010)
@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_of_an_address_is_one(mod: Client, kestrel: Ride, number: str) -> None:
    account("somebody")
    for address, names in (
        ("/rides/", ("after", "page")), ("/changes/", ("before",)), ("/search/?q=x", ("page",)),
        ("/branches/", ("before",)), ("/proposals/", ("before",)), ("/moderation/", ("before",)),
        ("/rides/kestrel/history/", ("before",)), ("/map/", ("page", "zoom", "at")),
        ("/compare/?from=main&to=main", ("page",)), ("/sitemap-rides.xml", ("p",)),
        ("/reports/orphans/rides/", ("page",)), ("/accounts/somebody/", ("before",)),
        ("/rides/kestrel/timeline/", ("year",)), ("/on-this-day/", ("day", "month")),
        ("/changes/2/", ("after",)), ("/rides/kestrel/suppress/", ("first", "last")),
    ):  # fmt: skip
        for name in names:
            path, _, query = address.partition("?")
            asked = dict(part.split("=") for part in query.split("&") if part) | {name: number}
            allowed(1010, mod.get(path, asked))


@entry(1011)
def test_a_roll_back_does_what_its_moderator_could(
    mod: Client, admin: Client, kestrel: Ride
) -> None:
    since = last_position()
    spam = browser(account("spam"))
    form = open_form(spam, "/rides/kestrel/edit/") | {"name": "Pills"}
    assert spam.post("/rides/kestrel/edit/", form).status_code == 302
    assert protect(admin, "/rides/kestrel/", renaming="administrators") == 302
    address = f"/moderation/accounts/spam/roll-back/?since=p{since}"
    token = plan_token(mod.get(address).text)
    with nothing_stored():
        allowed(1011, mod.post(address, {"plan_token": token}))
        # What administrators decided is no spam, either.
        theirs = f"/moderation/accounts/admin/roll-back/?since=p{since}"
        page = mod.get(theirs)
        sent = {"plan_token": plan_token(page.text)} if "plan_token" in page.text else {}
        allowed(1011, mod.post(theirs, sent))
    token = plan_token(admin.get(address).text)
    assert admin.post(address, {"plan_token": token}).status_code == 302
    assert Ride.objects.get().name == "Kestrel"


@entry(1012)
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "X" * 5_000])
def test_a_method_that_nobody_serves_does_nothing(mod: Client, kestrel: Ride, method: str) -> None:
    account("somebody")
    fork("spring")
    with nothing_stored():
        for path in {address.partition("?")[0] for address in ADDRESSES.values()}:
            answer = mod.generic(method, f"/{path}", "name=Pills")
            allowed(1012, answer)
            if answer.status_code == 405:
                assert "GET" in answer["Allow"]


@entry(1013)
def test_attempts_are_counted_by_whatever_road(ann: User) -> None:
    tried: list[int] = []
    for name in ("ann", "ANN", "Ann", " ann", "ann ", "aNn"):
        for n in range(3):
            form = {"login": name, "password": f"wrong {n}"}
            tried.append(from_network().post("/account/login/", form).status_code)
    assert tried.count(200) == 10
    assert tried[10:] == [429] * 8
    answer = from_network().post("/admin/login/", {"username": "ann", "password": PASSWORD})
    assert answer.status_code == 302
    assert from_network().get("/account/").status_code == 302
    known = from_network()
    known.force_login(ann)
    guesses = [
        known.post("/account/reauthenticate/", {"password": f"wrong {n}"}) for n in range(12)
    ]
    for guess in guesses:
        allowed(1013, guess)
    assert guesses[-1].status_code == 429 or "Too many" in guesses[-1].text


@entry(1014)
def test_a_protection_is_of_the_page_on_every_branch(mod: Client, kestrel: Ride) -> None:
    bob = browser(account("bob"))
    fork("spring")
    with branch_context("spring"):
        Park.objects.create(slug="dale", name="Dale")
    assert mod.post("/branches/spring/merge/").status_code == 302
    assert protect(mod, "/parks/dale/", editing="moderators", renaming="moderators") == 302
    form = open_form(mod, "/~spring/parks/dale/edit/") | {"name": "Pills"}
    with nothing_stored():
        allowed(1014, bob.post("/~spring/parks/dale/edit/", form))
        allowed(1014, bob.post("/~spring/parks/dale/rename/", {"name": "Pills", "slug": "pills"}))
    # By another address it is the same page, and at its address stands another one.
    assert mod.post("/parks/dale/rename/", {"name": "Dale", "slug": "dale-2"}).status_code == 302
    with nothing_stored():
        allowed(1014, bob.post("/parks/dale-2/edit/", form))
    other = open_form(bob, "/parks/new/") | {"name": "Dale", "slug": "dale"}
    allowed(1014, bob.post("/parks/new/", other))
    last = Changeset.objects.latest("id").pk
    assert revert(mod, last) in {302, 409}


@entry(1013)
def test_an_account_of_long_ago_has_no_more_attempts(ann: User) -> None:
    User.objects.update(date_joined=timezone.now() - timedelta(days=4_000))
    answers: list[Any] = [
        from_network().post("/account/login/", {"login": "ann", "password": f"wrong {n}"})
        for n in range(11)
    ]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert "Retry-After" in answers[-1].headers
    assert text_of(answers[-1])
