"""Pages at every viewpoint, and the loop of an edit through them."""

from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from eventstore import reading
from versioning.branches.fork import fork
from wiki.models import Park, Ride

pytestmark = pytest.mark.django_db


def test_every_reading_address_answers_at_every_viewpoint(client: Client, kestrel: Ride) -> None:
    fork("spring")
    now = reading.last_position()
    paths = [
        "",
        "search/?q=kestrel",
        "rides/",
        "parks/",
        "rides/kestrel/",
        "rides/kestrel/history/",
        "changes/",
    ]
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
            "status": "operating", "summary": "New name", "base": "1-1"}  # fmt: skip
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
            "status": "unknown", "base": "1-1", "park": "hill-park",
            "body": "It **flies**.", "designers": ""}  # fmt: skip
    answer = moderator.post("/rides/kestrel/edit/", form)
    assert answer.status_code == 409
    assert "Kestrel Two" in answer.content.decode()
    assert "Kestrel Three" in answer.content.decode()
    assert Ride.objects.get().name == "Kestrel Two"


def test_an_edit_on_a_branch_stays_there_until_it_is_merged(
    moderator: Client, kestrel: Ride
) -> None:
    assert moderator.post("/branches/", {"name": "spring"}).status_code == 302
    form = {
        "slug": "kestrel", "name": "Kestrel", "category": "dark", "status": "unknown",
        "base": "1-1", "park": "hill-park", "body": "It **flies**.", "designers": "",
    }  # fmt: skip
    answer = moderator.post("/~spring/rides/kestrel/edit/", form)
    assert answer["Location"] == "/~spring/rides/kestrel/"
    assert Ride.objects.get().category == "roller-coaster"
    assert "Dark ride" in moderator.get("/branches/spring/").content.decode()
    moderator.post("/branches/spring/merge/")
    assert Ride.objects.get().category == "dark"


def test_a_reader_may_not_edit(client: Client, kestrel: Ride) -> None:
    assert client.get("/rides/kestrel/edit/").status_code == 302
    client.force_login(User.objects.create_user("rob"))
    assert client.post("/rides/kestrel/edit/", {"name": "x"}).status_code == 403
    assert Ride.objects.get().name == "Kestrel"


def test_the_past_cannot_be_edited(moderator: Client, kestrel: Ride) -> None:
    at = reading.last_position()
    assert moderator.post(f"/@p{at}/rides/kestrel/edit/", {"name": "x"}).status_code == 409


def test_a_page_that_others_refer_to_is_not_deleted(moderator: Client, kestrel: Ride) -> None:
    assert moderator.post("/parks/hill-park/delete/").status_code == 409
    assert moderator.post("/rides/kestrel/delete/").status_code == 302
    assert moderator.post("/parks/hill-park/delete/").status_code == 302
    assert not Park.objects.exists()


def test_search_finds_what_there_was_at_the_viewpoint(client: Client, kestrel: Ride) -> None:
    before = reading.last_position()
    kestrel.name = "Peregrine"
    kestrel.save()
    assert "/rides/kestrel/" in client.get("/search/?q=peregrine").content.decode()
    assert "once called Kestrel" in client.get("/search/?q=kestrel").content.decode()
    assert "Nothing was found" in client.get(f"/@p{before}/search/?q=peregrine").content.decode()
    assert (
        f"/@p{before}/rides/kestrel/"
        in client.get(f"/@p{before}/search/?q=Kestrel").content.decode()
    )
    for odd in ["%00", "((((", "a & | ! <-> *", "'", "x" * 5_000]:
        assert client.get("/search/", {"q": odd}).status_code == 200


def test_who_signs_up_may_edit_and_signs_out_by_a_form(client: Client) -> None:
    form = {"username": "bea", "password1": "long-and-odd-71", "password2": "long-and-odd-71"}
    assert client.post("/account/signup/", form).status_code == 302
    assert client.get("/rides/new/").status_code == 200
    assert client.get("/account/logout/").status_code == 200
    assert client.get("/rides/new/").status_code == 200
    client.post("/account/logout/")
    assert client.get("/rides/new/")["Location"] == "/account/login/?next=/rides/new/"


def test_a_script_in_a_body_is_text(client: Client, kestrel: Ride) -> None:
    kestrel.body = '<script>x</script> [y](javascript:z) <b hx-get="/" onclick="q">w</b>'
    kestrel.save()
    body = client.get("/rides/kestrel/").content.decode()
    assert "<script>x" not in body
    assert 'href="javascript:' not in body
    assert "<b hx-get" not in body


def test_the_audit_page_tells_the_last_hash(client: Client, kestrel: Ride) -> None:
    page = client.get("/audit/").content.decode()
    assert "Last hash" in page
    assert "Nobody has replayed" in page
    call_command("audit", stdout=StringIO())
    assert "Everything was as it was written." in client.get("/audit/").content.decode()
