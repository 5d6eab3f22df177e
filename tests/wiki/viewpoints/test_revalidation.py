"""Who has a page as it stands is told so; whatever changes it is seen at once."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from django.utils.http import http_date

from eventstore.models import Changeset
from projections.cache.cached import CODE, KINDS_OF_FILES
from versioning import branch_context
from versioning.branches.fork import fork
from versioning.suppression import suppress_changeset
from wiki.models import Ride

pytestmark = pytest.mark.django_db

ADDRESSES = ["/rides/kestrel/", "/rides/", "/@{now}/rides/", "/~spring/rides/kestrel/"]


def told(address: str) -> str:
    """An address, at the moment at which the ride was written where it names one."""
    position = Ride.objects.get(slug="kestrel").history.all()[0].valid_from
    return address.format(now=f"p{position}")


def status(client: Client, address: str, validator: str) -> int:
    return client.get(told(address), headers={"If-None-Match": validator}).status_code


@pytest.fixture
def validators(kestrel: Ride) -> dict[str, str]:
    fork("spring")
    client = Client()
    return {address: client.get(told(address)).headers["ETag"] for address in ADDRESSES}


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_that_stands_is_not_sent_again(
    client: Client, validators: dict[str, str], address: str
) -> None:
    answer = client.get(told(address), headers={"If-None-Match": validators[address]})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert status(client, address, '"another"') == 200
    assert len(set(validators.values())) == len(ADDRESSES)


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_edit_anywhere_sends_it_anew(
    client: Client, validators: dict[str, str], address: str
) -> None:
    with branch_context("spring"):
        Ride.objects.create(slug="other", name="Other")
    assert status(client, address, validators[address]) == 200


def test_what_is_hidden_is_not_kept(client: Client, validators: dict[str, str]) -> None:
    changeset = Ride.objects.get(slug="kestrel").history.all()[0].changeset
    suppress_changeset(changeset)
    assert status(client, "/rides/kestrel/", validators["/rides/kestrel/"]) == 200


def test_chosen_units_are_another_page(client: Client, validators: dict[str, str]) -> None:
    client.cookies["units"] = "metric"
    assert status(client, "/rides/kestrel/", validators["/rides/kestrel/"]) == 200


def test_whoever_is_signed_in_is_always_answered(
    editor: Client, validators: dict[str, str]
) -> None:
    answer = editor.get("/rides/kestrel/", headers={"If-None-Match": "*"})
    assert answer.status_code == 200
    assert not answer.has_header("ETag")


def test_a_part_of_a_page_is_not_the_page(client: Client, validators: dict[str, str]) -> None:
    part = client.get("/rides/", headers={"HX-Request": "true"})
    assert not part.has_header("ETag")


def test_it_costs_one_query(
    client: Client, validators: dict[str, str], django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]  # a fixture without a public type
        client.get("/rides/kestrel/", headers={"If-None-Match": validators["/rides/kestrel/"]})


def test_another_look_is_another_page(client: Client, kestrel: Ride) -> None:
    """Addresses of files change with them: whatever a page links to is in what its code is."""
    page = client.get("/rides/kestrel/").text
    linked = re.findall(r'(?:href|src)="/static/([^"?]+)"', page)
    assert {"css/app.css", "js/site.js", "vendor/htmx.js"} <= set(linked)
    folders = [Path(settings.BASE_DIR, folder) for folder in CODE]
    for name in linked:
        file = Path(settings.BASE_DIR, "static", name)
        assert any(file.is_relative_to(folder) for folder in folders), name
        assert file.suffix in KINDS_OF_FILES, name


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest change counts as one that lies a while back."""
    monkeypatch.setattr("wiki.viewpoints.revalidation.SETTLED", timedelta(0))


@pytest.mark.usefixtures("settled")
def test_a_page_tells_when_it_became_so(client: Client, kestrel: Ride) -> None:
    def since(moment: datetime) -> int:
        headers = {"If-Modified-Since": http_date(moment.timestamp())}
        return client.get("/rides/kestrel/", headers=headers).status_code

    recorded_at = Changeset.objects.latest("id").recorded_at
    told = client.get("/rides/kestrel/").headers["Last-Modified"]
    assert told == http_date(recorded_at.timestamp())
    assert since(recorded_at) == 304
    assert since(recorded_at - timedelta(seconds=1)) == 200


def test_no_time_is_told_that_could_be_wrong(
    client: Client, kestrel: Ride, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not client.get("/rides/kestrel/").has_header("Last-Modified"), "Just changed"
    monkeypatch.setattr("wiki.viewpoints.revalidation.SETTLED", timedelta(0))
    assert client.get("/rides/kestrel/").has_header("Last-Modified")
    client.cookies["units"] = "metric"
    assert not client.get("/rides/kestrel/").has_header("Last-Modified"), "Another page before"


@pytest.mark.usefixtures("settled")
def test_a_new_look_is_newer_than_the_last_change(
    client: Client, kestrel: Ride, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = timezone.now() + timedelta(hours=1)
    monkeypatch.setattr("wiki.viewpoints.revalidation._BEGUN", begun)
    told = client.get("/rides/kestrel/").headers["Last-Modified"]
    assert told == http_date(begun.timestamp())
