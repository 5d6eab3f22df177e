"""Renamed, deleted and brought back: what an address leads to, at which moment."""

import pytest
from django.test import Client

from eventstore import reading
from versioning import branch_context
from versioning.branches.fork import fork
from wiki.models import Park, Ride

pytestmark = pytest.mark.django_db


def test_a_renamed_page_is_found_at_its_old_address_from_then_on(
    editor: Client, client: Client, kestrel: Ride
) -> None:
    before = reading.last_position()
    answer = editor.post("/rides/kestrel/rename/", {"name": "Falcon", "slug": "falcon"})
    assert answer["Location"] == "/rides/falcon/"
    moved = client.get("/rides/kestrel/")
    assert (moved.status_code, moved["Location"]) == (301, "/rides/falcon/")
    assert client.get("/rides/kestrel/history/")["Location"] == "/rides/falcon/history/"
    compared = client.get("/rides/kestrel/diff/?from=1&to=2")
    assert compared["Location"] == "/rides/falcon/diff/?from=1&to=2"
    assert client.get(f"/@p{before}/rides/kestrel/").status_code == 200
    later = client.get(f"/@p{before}/rides/falcon/")
    assert later.status_code == 404
    assert "first written" in later.content.decode()


def test_a_rename_on_a_branch_redirects_there_alone(
    editor: Client, client: Client, kestrel: Ride
) -> None:
    fork("spring")
    editor.post("/~spring/rides/kestrel/rename/", {"name": "Kestrel", "slug": "k2"})
    assert client.get("/~spring/rides/kestrel/")["Location"] == "/~spring/rides/k2/"
    assert client.get("/rides/kestrel/").status_code == 200


def test_an_address_that_was_given_to_another_page_leads_to_that(
    editor: Client, client: Client, kestrel: Ride
) -> None:
    editor.post("/rides/kestrel/rename/", {"name": "Falcon", "slug": "falcon"})
    Ride.objects.create(slug="kestrel", name="The new Kestrel")
    assert "The new Kestrel" in client.get("/rides/kestrel/").content.decode()


@pytest.mark.parametrize("slug", ["Kestrel", "a--b", "-a", "a_b", "new", "options", "é", ""])
def test_an_address_that_is_none_is_refused(editor: Client, kestrel: Ride, slug: str) -> None:
    answer = editor.post("/rides/kestrel/rename/", {"name": "Kestrel", "slug": slug})
    assert answer.status_code == 422
    assert Ride.objects.get().slug == "kestrel"


@pytest.mark.parametrize("prefix", ["/", "/~spring/"])
def test_an_address_that_is_taken_is_refused(editor: Client, kestrel: Ride, prefix: str) -> None:
    fork("spring")
    with branch_context("spring" if "spring" in prefix else "main"):
        Ride.objects.create(slug="falcon", name="Falcon")
    answer = editor.post(f"{prefix}rides/kestrel/rename/", {"name": "Kestrel", "slug": "falcon"})
    assert answer.status_code == 422
    assert "Another page has this address already" in answer.content.decode()


def test_a_deleted_page_says_so_with_its_history_and_can_be_brought_back(
    editor: Client, client: Client, kestrel: Ride
) -> None:
    assert editor.post("/rides/kestrel/delete/", {"summary": "A double"}).status_code == 302
    gone = client.get("/rides/kestrel/")
    assert gone.status_code == 410
    assert "/rides/kestrel/history/" in gone.content.decode()
    history = client.get("/rides/kestrel/history/")
    assert history.status_code == 200
    assert "A double" in history.content.decode()
    assert client.get("/rides/kestrel/history/2/").status_code == 200
    assert editor.get("/rides/kestrel/undelete/").status_code == 200
    editor.post("/rides/kestrel/undelete/", {"summary": "It was none"})
    back = Ride.objects.get()
    assert (back.name, back.body, back.version) == ("Kestrel", "It **flies**.", 3)
    assert editor.get("/rides/kestrel/undelete/")["Location"] == "/rides/kestrel/"


def test_a_page_comes_back_only_to_an_address_that_is_free(editor: Client, kestrel: Ride) -> None:
    editor.post("/rides/kestrel/delete/")
    Ride.objects.create(slug="kestrel", name="Another")
    assert editor.post("/rides/kestrel/undelete/").status_code == 302
    assert Ride.objects.get().name == "Another"


def test_what_refers_to_a_page_is_named_when_it_cannot_go(editor: Client, kestrel: Ride) -> None:
    answer = editor.post("/parks/hill-park/delete/")
    assert answer.status_code == 409
    assert 'href="/rides/kestrel/"' in answer.content.decode()
    assert Park.objects.exists()


def test_a_branch_keeps_a_page_that_its_rides_refer_to(editor: Client, kestrel: Ride) -> None:
    fork("spring")
    assert editor.post("/~spring/parks/hill-park/delete/").status_code == 409
    editor.post("/~spring/rides/kestrel/delete/")
    assert editor.post("/~spring/parks/hill-park/delete/").status_code == 302
    assert Park.objects.exists()
