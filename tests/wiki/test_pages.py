"""Pages at every viewpoint, and the loop of an edit through them."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from eventstore import reading
from versioning.branches.fork import fork
from wiki.models import Park, Ride

pytestmark = pytest.mark.django_db


@pytest.fixture
def kestrel() -> Ride:
    park = Park.objects.create(slug="hill-park", name="Hill Park")
    return Ride.objects.create(slug="kestrel", name="Kestrel", park=park, body="It **flies**.")


@pytest.fixture
def moderator(client: Client) -> Client:
    ann = User.objects.create_user("ann")
    ann.groups.add(Group.objects.create(name="moderators"))
    client.force_login(ann)
    return client


def test_every_reading_address_answers_at_every_viewpoint(client: Client, kestrel: Ride) -> None:
    fork("spring")
    now = reading.last_position()
    paths = ["", "rides/", "parks/", "rides/kestrel/", "rides/kestrel/history/", "changes/"]
    for prefix in ["/", "/~spring/", f"/@p{now}/", f"/~spring@p{now}/"]:
        for path in [*paths, "rides/kestrel/history/1/"]:
            assert client.get(prefix + path).status_code == 200, prefix + path


def test_links_stay_in_the_viewpoint(client: Client, kestrel: Ride) -> None:
    fork("spring")
    body = client.get("/~spring/rides/").content.decode()
    assert 'href="/~spring/rides/kestrel/"' in body
    assert "<strong>flies</strong>" in client.get("/~spring/rides/kestrel/").content.decode()


def test_a_moment_redirects_to_its_position(client: Client, kestrel: Ride) -> None:
    answer = client.get("/@2099-01-01/rides/kestrel/")
    assert answer.status_code == 302
    assert answer["Location"] == f"/@p{reading.last_position()}/rides/kestrel/"


@pytest.mark.parametrize("address", ["/~nope/", "/@p99999999999999999999999/", "/@nonsense/rides/"])
def test_a_viewpoint_that_is_none_is_a_404(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_an_edit_becomes_a_changeset_with_its_author(moderator: Client, kestrel: Ride) -> None:
    form = {"slug": "kestrel", "name": "Kestrel II", "category": "roller-coaster",
            "status": "operating", "summary": "New name", "base": "1"}  # fmt: skip
    answer = moderator.post("/rides/kestrel/edit/", form)
    assert answer.status_code == 302, answer.content.decode()
    changeset = reading.changeset_at(reading.last_position())
    assert changeset is not None
    assert (changeset.message, changeset.actor_id) == ("New name", User.objects.get().pk)
    assert Ride.objects.get().name == "Kestrel II"


def test_a_stale_form_shows_the_conflict_and_keeps_what_was_typed(
    moderator: Client, kestrel: Ride
) -> None:
    kestrel.name = "Kestrel Two"
    kestrel.save()
    form = {"slug": "kestrel", "name": "Kestrel Three", "category": "roller-coaster",
            "status": "unknown", "base": "1", "park": str(kestrel.park_id),
            "body": "It **flies**."}  # fmt: skip
    answer = moderator.post("/rides/kestrel/edit/", form)
    assert answer.status_code == 409
    assert "Kestrel Two" in answer.content.decode()
    assert "Kestrel Three" in answer.content.decode()
    assert Ride.objects.get().name == "Kestrel Two"


def test_an_edit_on_a_branch_stays_there_until_it_is_merged(
    moderator: Client, kestrel: Ride
) -> None:
    assert moderator.post("/branches/", {"name": "spring"}).status_code == 302
    form = {"slug": "kestrel", "name": "Kestrel", "category": "dark", "status": "unknown",
            "base": "1", "park": str(kestrel.park_id), "body": "It **flies**."}  # fmt: skip
    answer = moderator.post("/~spring/rides/kestrel/edit/", form)
    assert answer["Location"] == "/~spring/rides/kestrel/"
    assert Ride.objects.get().category == "roller-coaster"
    assert "category" in moderator.get("/branches/spring/").content.decode()
    moderator.post("/branches/spring/merge/")
    assert Ride.objects.get().category == "dark"


def test_a_reader_may_not_edit(client: Client, kestrel: Ride) -> None:
    assert client.get("/rides/kestrel/edit/").status_code == 302
    client.force_login(User.objects.create_user("rob"))
    assert client.post("/rides/kestrel/edit/", {"name": "x"}).status_code == 403
    assert Ride.objects.get().name == "Kestrel"


def test_the_past_cannot_be_edited(moderator: Client, kestrel: Ride) -> None:
    at = reading.last_position()
    assert moderator.post(f"/@p{at}/rides/kestrel/edit/", {"name": "x"}).status_code == 404


def test_a_page_that_others_refer_to_is_not_deleted(moderator: Client, kestrel: Ride) -> None:
    assert moderator.post("/parks/hill-park/delete/").status_code == 409
    assert moderator.post("/rides/kestrel/delete/").status_code == 302
    assert moderator.post("/parks/hill-park/delete/").status_code == 302
    assert not Park.objects.exists()
