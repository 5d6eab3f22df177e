"""Addresses that nobody means well by: a clear answer, never an error of ours, nothing stored."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.test import Client

from eventstore import reading
from versioning.branches.fork import check_name, fork
from wiki.models import Ride

pytestmark = pytest.mark.django_db

ABSENT = [
    "/~..%2f..%2fmain/rides/",
    "/~%2573pring/rides/",
    "/@p99999999999999999999999/rides/",
    "/@p-1/", "/@p+5/", "/@p007/", "/@p5.0/", "/@p0x10/", "/@c0/", "/@c99999999999999999999/",
    "/~@p1@p2/", "/~spring@p1@p2/", "/~/x/", "/@tomorrow/", "/@2026-02-30/",
    "/@2026-03-01T12:00:00+25:00/", "/@%EF%BC%92026-03-01/", "/@0000-01-01/", "/@99999-01-01/",
    "/rides/iron%00comet/", "/~spr%00ing/", "/branches/a%00b/", "/rides/%ff%fe/",
    "/rides/%c0%ae%c0%ae/", "/Your%20account%20was%20closed/",
    "/~%3Cimg%20src=x%20onerror=window.pwned=1%3E/", "/no-such-kind/", "/rides/kestrel/nothing/",
    "/changes/0/", "/changes/99999999999999999999999999/", "/proposals/99999999999999999999/",
    "/rides/kestrel/history/0/", "/rides/kestrel/history/99999999999999999999/",
    "/@20260301/", "/@2026-W09/", "/@2026-W09-1/", "/@2026-060/", "/@2026-03-01T12/",
    "/@2026-03-01T120000/", "/@2026-3-1/", "/@/rides/", "/~/rides/", "/rides/x%2F/",
    "/~main+nope/", "/~spring+main/", "/~main+spring@p1/", "/~main+main/", "/~+/",
]  # fmt: skip
REFUSED = [
    "/rides/?order=owner__password", "/rides/?order=-created_by__email", "/rides/?order=name;drop",
    "/rides/?order=--name", "/rides/?status=%00", "/rides/kestrel/diff/?from=1",
    "/rides/kestrel/diff/?from=a&to=b", "/rides/kestrel/diff/?from=p1&to=p999999999",
    "/compare/?from=%00&to=main", "/travel/?path=//example.org", "/travel/?path=/%09/example.org",
    "/changes/?before=-1", "/changes/?before=1e9", "/compare/?from=main&to=main&page=-1",
    "/rides/kestrel/history/?before=99999999999999999999", "/branches/?before=x",
    "/map/?at=%3Cscript%3E", "/map/?at=1e400,1e400", "/map/?zoom=99999999999999999999",
]  # fmt: skip
HARMLESS = [
    "/rides/?park__owner__password__startswith=a", "/rides/?_connector=OR", "/rides/?pk__in=1",
    "/rides/?part=../../base.html", "/rides/?part=__class__", "/rides/kestrel/history/?part=x",
    "/search/?q=%80%81", "/search/?q=a%00b", "/search/?q=" + "%25_" * 200,
    "/search/?q=" + "(" * 500,
    "/search/?q=%22a" * 50, "/rides/?park=%00", "/rides/kestrel/?sessionid=x&user=admin",
    "/parks/options/?of=__class__",
    "/compare/?from=main&to=main&page=99999999",
]  # fmt: skip


@pytest.fixture(autouse=True)
def something_there(kestrel: Ride) -> None:
    fork("spring")


@pytest.mark.parametrize("address", ABSENT)
def test_what_is_not_there_is_a_404(client: Client, address: str) -> None:
    before = reading.last_position()
    answer = client.get(address)
    assert answer.status_code == 404, answer
    assert "<img" not in answer.content.decode()
    assert reading.last_position() == before


@pytest.mark.parametrize("address", REFUSED)
def test_what_cannot_be_read_is_refused_with_a_sentence(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 400
    # On a page of its own, or beside the form that was sent.
    assert "status-code" in answer.text or 'role="alert"' in answer.text


@pytest.mark.parametrize("address", HARMLESS)
def test_what_means_nothing_changes_nothing(client: Client, address: str) -> None:
    assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    ("address", "status"),
    [("/~spring/branches/spring/merge/", 302), ("/~spring/branches/", 302),
     ("/~spring/admin/", 302), ("/~spring/account/login/", 302), ("/~spring/metrics", 302),
     ("/@{past}/audit/", 302), ("/~spring//branches/", 404), ("/~spring//example.org/x", 404)],
)  # fmt: skip
def test_what_stands_outside_viewpoints_has_one_address(
    client: Client, address: str, status: int
) -> None:
    address = address.format(past=f"p{reading.last_position()}")
    answer = client.get(address)
    assert answer.status_code == status
    location = answer.headers.get("Location", "/")
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\", "/~"))
    assert client.post(address).status_code == 404


@pytest.mark.parametrize(
    "name",
    ["new", "compare", "sync", "merge", "main", "api", "static", "admin", ".", "..", "HEAD",
     "refs/heads/x", "-", "--help", "spring@2026-03-01", "p123", "c45", "2026-03-01", "~spring",
     "a@b@c", "sprıng", "spring\u200b", "été", "a b", "a+b", "", "x" * 61],
)  # fmt: skip
def test_a_branch_name_that_could_be_mistaken_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        check_name(name)


@pytest.mark.parametrize(
    "following",
    ["https://example.org/", "//example.org", "/\\example.org", "/%09/example.org",
     "javascript:window.pwned=1", "https:example.org", "/~x/..//example.org"],
)  # fmt: skip
def test_signing_in_leads_nowhere_else(client: Client, following: str) -> None:
    User.objects.create_user("ann", password="correct horse")
    form = {"login": "ann", "password": "correct horse", "next": following}
    answer = client.post("/account/login/", form)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/")
    assert not answer["Location"].startswith(("//", "/\\"))


def test_nothing_is_done_by_looking(moderator: Client, kestrel: Ride) -> None:
    kestrel.name = "Falcon"
    kestrel.save()
    last = reading.changeset_at(reading.last_position())
    assert last is not None
    before = reading.last_position()
    for address in [
        f"/changes/{last.pk}/revert/",
        "/branches/spring/merge/",
        "/branches/spring/sync/",
        "/rides/kestrel/delete/?confirm=1",
        "/rides/kestrel/edit/?action=save",
    ]:
        answers = [getattr(moderator, method)(address) for method in ("get", "head", "options")]
        assert [answer.status_code for answer in answers] == [200, 200, 405], address
    assert reading.last_position() == before


def test_renames_in_a_ring_never_loop(moderator: Client, kestrel: Ride) -> None:
    for old, new in (("kestrel", "b"), ("b", "c"), ("c", "kestrel")):
        moderator.post(f"/rides/{old}/rename/", {"name": "Kestrel", "slug": new})
    assert moderator.get("/rides/kestrel/").status_code == 200
    for old in ("b", "c"):
        assert moderator.get(f"/rides/{old}/")["Location"] == "/rides/kestrel/"


def test_a_moment_that_is_not_over_redirects_for_now_alone(client: Client) -> None:
    assert client.get("/@2099-01-01/").status_code == 302
    over = client.get("/@1999-01-01T12:00:00+02:00/")
    assert (over.status_code, over["Location"]) == (301, "/@p0/")


def test_an_empty_part_of_a_viewpoint_leads_to_the_address_without_it(client: Client) -> None:
    answer = client.get("/~spring@/rides/?order=name")
    assert (answer.status_code, answer["Location"]) == (301, "/~spring/rides/?order=name")
