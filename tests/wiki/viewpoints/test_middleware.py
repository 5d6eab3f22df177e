"""The banner, the way to another moment, and what machines ask."""

import pytest
from django.test import Client

from eventstore import reading
from versioning.branches.fork import fork
from wiki.models import Ride

pytestmark = pytest.mark.django_db


def test_the_banner_says_which_moment_and_branch_this_is(client: Client, kestrel: Ride) -> None:
    fork("spring")
    at = reading.last_position()
    assert 'class="viewpoint"' not in client.get("/rides/kestrel/").content.decode()
    past = client.get(f"/@p{at}/rides/kestrel/").content.decode()
    assert "The wiki as it was on" in past
    assert 'href="/rides/kestrel/" data-now>Back to the present on main</a>' in past
    assert 'content="noindex"' in past
    assert "Branch spring" in client.get("/~spring/").content.decode()
    assert (
        "before anything was written" in client.get("/@1990-01-01/", follow=True).content.decode()
    )


def test_a_form_leads_to_another_moment(client: Client, kestrel: Ride) -> None:
    answer = client.get("/travel/?when=2099-01-01&path=/rides/kestrel/")
    assert answer["Location"] == "/@2099-01-01/rides/kestrel/"
    for bad in ["when=x", "path=//evil.example/", "path=https://evil.example/", "branch=nope"]:
        assert client.get(f"/travel/?{bad}").status_code == 400, bad
    assert client.get("/travel/")["Location"] == "/"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/@2026-02-30/rides/kestrel/", "is not a moment. Write a date (2026-03-01)"),
        ("/@c9999/", "There is no changeset 9999."),
        ("/~nope/rides/kestrel/", "There is no branch called &#x27;nope&#x27;."),
        ("/~@/", "There is no such moment or branch"),
    ],
)
def test_a_moment_or_a_branch_that_is_none_is_said_to_be_none(
    client: Client, kestrel: Ride, address: str, words: str
) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert words in answer.content.decode()
    assert client.post(address).status_code == 404


@pytest.mark.parametrize(
    ("address", "back"),
    [
        ("/@p1/rides/kestrel/", "/account/login/?next=%2F%40p1%2Frides%2Fkestrel%2F"),
        ("/rides/?order=name", "/account/login/?next=%2Frides%2F%3Forder%3Dname"),
        ("/account/signup/", "/account/login/"),
    ],
)
def test_signing_in_leads_back_to_the_page(
    client: Client, kestrel: Ride, address: str, back: str
) -> None:
    address = address.replace("@p1", f"@p{reading.last_position()}")
    back = back.replace("%40p1", f"%40p{reading.last_position()}")
    assert f'<a href="{back}" rel="nofollow">Sign in</a>' in client.get(address).content.decode()


def test_machines_are_told_how_it_is(client: Client) -> None:
    assert client.get("/health/live").status_code == 200
    assert client.get("/health/ready").status_code == 200
    assert "thrillwiki_log_position" in client.get("/metrics").content.decode()


def test_the_foot_of_every_page_leads_on_at_its_viewpoint(client: Client, kestrel: Ride) -> None:
    fork("spring")
    for prefix in ("", "/~spring", f"/@p{reading.last_position()}"):
        foot = client.get(f"{prefix}/rides/kestrel/").content.decode().split("<footer")[1]
        for path in ("/areas/", "/elements/", "/sources/", "/statistics/", "/on-this-day/",
                     "/changes/", "/reports/links/", "/reports/orphans/",
                     "/api/v1/schema/"):  # fmt: skip
            assert f'<a href="{prefix}{path}">' in foot
            assert client.get(f"{prefix}{path}").status_code == 200


def test_an_error_page_keeps_viewpoint_and_account(editor: Client, kestrel: Ride) -> None:
    position = kestrel.history.all()[0].valid_from
    fork("spring")
    for address, words in (
        (f"/@p{position}/rides/nothing/", "as it was on"),
        ("/~spring/rides/nothing/", "Branch spring"),
    ):
        answer = editor.get(address)
        page = answer.content.decode()
        assert answer.status_code == 404
        assert 'class="viewpoint"' in page
        assert words in page
        assert "Your account" in page
        assert "one-of-editors" not in page
        assert f'href="/{address.split("/")[1]}/rides/"' in page
    assert 'class="viewpoint"' not in editor.get("/rides/nothing/").content.decode()


def test_a_reader_who_is_nobody_may_sign_in_from_an_error_page(client: Client) -> None:
    page = client.get("/rides/nothing/").content.decode()
    assert "/account/login/?next=%2Frides%2Fnothing%2F" in page
