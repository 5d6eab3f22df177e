"""Addresses that nobody means well by."""

import html
import re
from itertools import pairwise
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User
from django.test import Client

from eventstore import reading
from eventstore.models import Changeset
from tests.hostile.driving import allowed, nothing_stored, told
from tests.hostile.inputs import entry
from tests.wiki.editing.test_views import open_form
from versioning import branch_context
from versioning.branches.fork import fork
from versioning.models import Branch
from wiki.models import Ride

pytestmark = pytest.mark.django_db

OF_SPRING = "Only on spring"


@pytest.fixture(autouse=True)
def spring(kestrel: Ride) -> None:
    fork("spring")
    with branch_context("spring"):
        ride = Ride.objects.get()
        ride.name = OF_SPRING
        ride.save()


def refused(number: int, client: Client, address: str) -> str:
    """The page that refuses an address: a sentence, and nothing of a branch or of the log."""
    with nothing_stored():
        answer = client.get(address)
    text = allowed(number, answer)
    assert told(answer)
    assert OF_SPRING not in text
    return html.unescape(text)


@entry(1)
@pytest.mark.parametrize("address", ["/~..%2f..%2fmain/rides/", "/~spring%2f..%2fmain/rides/"])
def test_a_branch_s_name_is_looked_up_whole(client: Client, address: str) -> None:
    refused(1, client, address)


@entry(2)
def test_an_address_is_decoded_once(client: Client) -> None:
    assert "'%73pring'" in refused(2, client, "/~%2573pring/rides/")
    assert OF_SPRING in client.get("/~%73pring/rides/").text


@entry(4)
def test_a_position_beyond_every_number_is_told_the_last_one(client: Client) -> None:
    text = refused(4, client, "/@p99999999999999999999999/rides/")
    assert "There is no such moment" in text
    text = refused(4, client, "/@p9999999999/rides/")
    assert str(reading.last_position()) in text


@entry(5)
@pytest.mark.parametrize(
    "moment", ["p-1", "p+5", "p007", "p5.0", "p0x10", "p%D9%A1", "p", "p 1", "P1"]
)
def test_only_plain_digits_are_a_position(client: Client, moment: str) -> None:
    refused(5, client, f"/@{moment}/rides/")


@entry(5)
def test_a_position_has_one_address(client: Client) -> None:
    """`/@p0/` is the wiki before its first change, and `%31` is a 1 in every address."""
    assert client.get("/@p0/rides/").status_code == 200
    assert client.get("/@p%31/rides/").text == client.get("/@p1/rides/").text


NAMES = [
    "new", "compare", "sync", "merge", "main", "api", "static", "admin", ".", "..", "HEAD",
    "refs/heads/x", "-", "--help",
]  # fmt: skip
MOMENTS = ["spring@2026-03-01", "p123", "c45", "2026-03-01", "spring@p5", "~spring", "a@b@c"]


def fork_by_form(number: int, editor: Client, name: str) -> str:
    with nothing_stored():
        answer = editor.post("/branches/", {"name": name, "parent": "main"})
    text = allowed(number, answer)
    assert "field-errors" in text
    assert Branch.objects.count() == 2
    return text


@entry(7)
@pytest.mark.parametrize("name", NAMES)
def test_a_branch_is_not_called_as_something_else_is(editor: Client, name: str) -> None:
    fork_by_form(7, editor, name)
    with nothing_stored():
        renamed = editor.post("/branches/spring/change/", {"name": name})
    assert renamed.status_code in {403, 422}


@entry(8)
@pytest.mark.parametrize("name", MOMENTS)
def test_a_branch_is_not_called_as_a_moment_is(editor: Client, name: str) -> None:
    fork_by_form(8, editor, name)
    assert OF_SPRING not in editor.get(f"/~{name}/").text


@entry(10)
@pytest.mark.parametrize(
    "address",
    ["//example.org/rides/iron-comet", "/%2fexample.org/rides", "/~spring//example.org/x",
     "/@p5//example.org", "/~spring@//example.org/", "/@2020-01-01//example.org/",
     "/%5cexample.org", "/~spring//branches", "/rides//example.org"],
)  # fmt: skip
def test_no_redirect_leaves_the_wiki(client: Client, address: str) -> None:
    # Django's test client would read `//host` as a host of its own.
    answer = client.generic("GET", "/", PATH_INFO=address.replace("%2f", "/").replace("%5c", "\\"))
    allowed(10, answer)
    assert_stays_here(answer.headers.get("Location", "/"))


def assert_stays_here(location: str) -> None:
    """A redirect to a path of this host, as browsers read it (a backslash is a slash to them)."""
    assert location.startswith("/")
    assert not location.replace("\\", "/").startswith("//")
    assert not re.search(r"[\t\r\n]", location)
    assert not urlsplit(location).netloc


FOLLOWING = [
    "https://example.org/", "//example.org", "/\\example.org", "/%09/example.org",
    "/\t/example.org", "javascript:window.pwned=1", "https:example.org", "/~x/..//example.org",
]  # fmt: skip


@entry(11)
@pytest.mark.parametrize("following", FOLLOWING)
def test_nobody_is_led_away(client: Client, following: str) -> None:
    User.objects.create_user("ann", password="correct horse")
    form = {"login": "ann", "password": "correct horse", "next": following}
    for address, sent in (
        ("/account/login/", form),
        ("/account/reauthenticate/", {"password": "correct horse", "next": following}),
        ("/units/", {"units": "metric", "next": following}),
        ("/account/logout/", {"next": following}),
    ):
        answer = client.post(address, sent)
        assert answer.status_code == 302, address
        allowed(11, answer)
        assert_stays_here(answer["Location"])
    answer = client.get("/travel/", {"when": "2020-01-01", "path": following})
    allowed(11, answer)
    assert_stays_here(answer.headers.get("Location", "/"))


@entry(13)
@pytest.mark.parametrize(
    ("address", "status"),
    [("/rides/iron%00comet/", 404), ("/~spr%00ing/", 404), ("/branches/a%00b/", 404),
     ("/names/a%00b/", 404), ("/accounts/a%00b/", 404), ("/rides/?status=%00", 400),
     ("/rides/kestrel/diff/?from=%00&to=1", 400)],
)  # fmt: skip
def test_a_nul_is_no_letter_of_an_address(client: Client, address: str, status: int) -> None:
    refused(13, client, address)
    assert client.get(address).status_code == status


@entry(13)
def test_a_search_for_a_nul_finds_nothing(client: Client) -> None:
    """The words of a search are refused never; a NUL in them is none."""
    assert client.get("/search/?q=a%00b").status_code == 200


@entry(14)
@pytest.mark.parametrize("address", ["/rides/%ff%fe/", "/rides/%c0%ae%c0%ae/", "/%c0%af/rides/"])
def test_bytes_that_are_no_letters_are_no_page(client: Client, address: str) -> None:
    refused(14, client, address)


@entry(14)
def test_bytes_that_are_no_letters_are_shown_as_none(client: Client) -> None:
    assert "\ufffd" in allowed(14, client.get("/search/?q=%80%81"))


ORDERS = [
    "owner__password", "-created_by__email", "name;drop", "name.x", "pk", "--name", "?", "-name",
]  # fmt: skip


@entry(16)
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("form", ["", "&part=results", "&format=csv", "&format=json"])
def test_a_list_has_the_orders_that_it_offers(client: Client, order: str, form: str) -> None:
    text = refused(16, client, f"/rides/?order={order}{form}")
    assert "Choose one of these: name, " in text


LOOKUPS = [
    "park__owner__password__startswith=a", "name__regex=(a%2B)%2B$", "_connector=OR", "_negated=1",
    "pk__in=1", "park__name__startswith=Z", "id=1", "version__gt=9",
]  # fmt: skip


@entry(17)
@pytest.mark.parametrize("lookup", LOOKUPS)
@pytest.mark.parametrize("address", ["/rides/", "/search/", "/map/"])
def test_no_parameter_becomes_a_lookup(client: Client, address: str, lookup: str) -> None:
    """What no form offers is not read: the answer is that to the address without it."""
    asked = {"/rides/": "", "/search/": "q=kestrel", "/map/": ""}[address]
    plain = client.get(f"{address}?{asked}").text
    assert allowed(17, client.get(f"{address}?{asked}&{lookup}")).count("kestrel") == plain.count(
        "kestrel"
    )


@entry(19)
def test_sides_that_do_not_belong_together_are_told_so(client: Client, kestrel: Ride) -> None:
    other = Ride.objects.create(slug="gull", name="Gull")
    for version in range(5):
        other.body = f"Other words {version}."
        other.save()
    kestrel.body = "It dives."
    kestrel.save()
    diff = "/rides/kestrel/diff/"
    for sides in ("from=1", "from=a&to=b", "from=p1&to=p999999999", "from=1&to=6"):
        text = refused(19, client, f"{diff}?{sides}")
        assert "Other words" not in text
    same = allowed(19, client.get(f"{diff}?from=2&to=2"))
    assert "<ins>" not in same
    reversed_sides = allowed(19, client.get(f"{diff}?from=2&to=1"))
    assert "<del>dives</del>" in reversed_sides


@entry(20)
def test_looking_does_nothing(moderator: Client, kestrel: Ride) -> None:
    kestrel.body = "It dives."
    kestrel.save()
    last = Changeset.objects.latest("id").pk
    User.objects.create_user("somebody")
    acting = [
        f"/changes/{last}/revert/", "/branches/spring/merge/", "/branches/spring/sync/",
        "/branches/spring/change/?action=archive", "/branches/spring/protect/?protect=1",
        "/rides/kestrel/delete/?confirm=1", "/rides/kestrel/edit/?action=save",
        "/rides/kestrel/rename/?slug=x", "/rides/kestrel/protect/?protect=1", "/rides/new/?name=x",
        "/branches/?name=x&parent=main", "/moderation/accounts/somebody/?block=1&reason=x",
        "/account/delete/?pseudonym=on", "/account/logout/",
    ]  # fmt: skip
    with nothing_stored():
        for address in acting:
            for method in ("get", "head", "options"):
                answer = getattr(moderator, method)(address, headers={"Sec-Purpose": "prefetch"})
                if address != "/account/delete/?pseudonym=on":  # asks for the password first
                    allowed(20, answer)
                assert answer.status_code < 500, address
    assert moderator.get("/account/").status_code == 200
    assert User.objects.count() == 2


@entry(22)
@pytest.mark.parametrize("at", ["@p{}", "~spring@p{}"])
def test_the_past_is_not_written(moderator: Client, kestrel: Ride, at: str) -> None:
    form = open_form(moderator, "/rides/kestrel/edit/") | {"body": "My long words."}
    prefix = "/" + at.format(reading.last_position())
    kestrel.name = "Falcon"
    kestrel.save()
    last = Changeset.objects.latest("id").pk
    with nothing_stored():
        for address in (
            "rides/kestrel/edit/", "rides/new/", "rides/kestrel/delete/", "rides/kestrel/rename/",
            "rides/kestrel/undelete/", f"changes/{last}/revert/",
        ):  # fmt: skip
            answer = moderator.post(f"{prefix}/{address}", form)
            allowed(22, answer)
            assert "This can only be looked at" in told(answer), address
    answer = moderator.post(f"{prefix}/rides/kestrel/edit/", form)
    assert "My long words." in answer.text
    assert 'href="/rides/kestrel/edit/"' in answer.text


@entry(23)
@pytest.mark.parametrize(
    "rest",
    ["branches/spring/merge/", "branches/", "admin/", "account/login/", "metrics", "audit/",
     "proposals/", "moderation/", "health/ready", "travel/", "compare/"],
)  # fmt: skip
@pytest.mark.parametrize("prefix", ["~spring", "@p{}", "~spring@p{}", "~main+spring"])
def test_what_is_of_no_viewpoint_has_one_address(client: Client, prefix: str, rest: str) -> None:
    """A redirect for now (302): a branch may come to have another name."""
    prefix = prefix.format(reading.last_position())
    answer = client.get(f"/{prefix}/{rest}?x=1")
    assert (answer.status_code, answer["Location"]) == (302, f"/{rest}?x=1")
    with nothing_stored():
        assert client.post(f"/{prefix}/{rest}").status_code == 404


@entry(25)
@pytest.mark.parametrize(
    "part", ["../../base.html", "__class__", "", "nosuch", "results&part=other", "error.html"]
)
def test_a_part_is_one_of_those_that_a_page_has(client: Client, part: str) -> None:
    for address in ("/rides/", "/search/", "/rides/kestrel/history/", "/changes/", "/map/"):
        answer = client.get(f"{address}?part={part}")
        if answer.status_code == 302:  # what nobody filled in has no place in an address
            answer = client.get(answer["Location"])
        text = allowed(25, answer)
        assert "TemplateDoesNotExist" not in text
        assert "status-code" not in text


@entry(26)
def test_renames_in_a_ring_lead_to_one_page_at_every_moment(
    moderator: Client, kestrel: Ride
) -> None:
    fork("autumn")
    moments = []
    ring = ["kestrel", "b", "c", "kestrel"]
    for old, new in pairwise(ring):
        form = {"name": "Kestrel", "slug": new}
        assert moderator.post(f"/rides/{old}/rename/", form).status_code == 302
        moments.append((reading.last_position(), new))
    viewpoints = [("/", "kestrel"), ("/~autumn/", "kestrel")]
    viewpoints += [(f"/@p{at}/", slug) for at, slug in moments]
    for prefix, stands in viewpoints:
        for asked in ("kestrel", "b", "c"):
            answer = moderator.get(f"{prefix}rides/{asked}/")
            if asked == stands:
                assert answer.status_code == 200
            elif answer.status_code == 301:
                assert answer["Location"] == f"{prefix}rides/{stands}/"
                assert moderator.get(answer["Location"]).status_code == 200
            else:  # nothing was ever called so there
                assert (answer.status_code, prefix) == (404, prefix)
                assert asked not in {slug for _, slug in moments} or prefix != "/"
    assert allowed(26, moderator.get("/rides/b/")) == ""


@entry(28)
@pytest.mark.parametrize(
    ("address", "words"),
    [("/Your%20account%20was%20closed,%20call%20+1-555/", "account was closed"),
     ("/rides/Your%20account%20was%20closed/", "account was closed"),
     ("/~%3Cimg%20src=x%20onerror=window.pwned=1%3E/", "<img"),
     ("/names/%3Cimg%20src=x%3E/", "<img"), ("/search/?q=%3Cimg%20src=x%3E", "<img"),
     ("/branches/%3Cimg%20src=x%3E/", "<img"), ("/rides/?order=%3Cimg%20src=x%3E", "<img")],
)  # fmt: skip
def test_an_address_does_not_speak_for_the_wiki(client: Client, address: str, words: str) -> None:
    answer = client.get(address)
    assert answer.status_code in {200, 400, 404}
    assert words not in answer.text.replace("Nothing has this address", "")
