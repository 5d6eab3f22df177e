"""Lists as files: all of what the list holds, as its viewpoint has it."""

import csv
import io
import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from eventstore import reading
from versioning import BatchOperation, branch_context
from versioning.branches.fork import fork
from wiki.models import Company, Park, Ride

pytestmark = pytest.mark.django_db


def body(answer: Any) -> str:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode()


def as_json(client: Client, address: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(body(client.get(address)))
    return found


def as_csv(client: Client, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body(client.get(address)), newline="")))


@pytest.fixture
def rides(kestrel: Ride, acme: Company) -> None:
    kestrel.designers.set([acme])
    with BatchOperation("Rides") as batch:
        batch.process_changes(
            Ride(
                slug=f"r-{n}",
                name=f"Ride {n:03}",
                status="operating" if n % 2 else "removed",
                height=f"{n + 1} m",
                park=kestrel.park,
            )
            for n in range(120)
        )


@pytest.mark.usefixtures("rides")
def test_all_of_a_list_comes_with_its_filters_and_order(client: Client) -> None:
    assert len(as_json(client, "/rides/?format=json")) == 121
    assert len(as_csv(client, "/rides/?format=csv&status=operating")) == 60
    tallest = as_json(client, "/rides/?format=json&order=tallest&park=hill-park&status=removed")
    assert [ride["height"]["value"] for ride in tallest] == list(range(119, 0, -2))
    # Whichever part of the list the link was on.
    key = json.dumps(["Ride 050", tallest[0]["id"]])
    answer = client.get("/rides/", {"format": "json", "after": key})
    assert len(json.loads(body(answer))) == 121
    assert as_json(client, "/rides/?format=json&park=nowhere") == []
    assert as_csv(client, "/rides/?format=csv&park=nowhere") == []


@pytest.mark.usefixtures("rides")
def test_a_table_names_what_it_refers_to(client: Client) -> None:
    (kestrel,) = (
        ride for ride in as_csv(client, "/rides/?format=csv") if ride["slug"] == "kestrel"
    )
    assert (kestrel["park.slug"], kestrel["designers.slug"]) == ("hill-park", "acme")
    assert kestrel["body"] == "It **flies**."


def test_a_list_is_that_of_its_viewpoint(client: Client, kestrel: Ride) -> None:
    before = reading.last_position()
    kestrel.name = "Falcon"
    kestrel.save()
    Park.objects.filter(slug="hill-park").update(slug="dale")
    fork("spring")
    with branch_context("spring"):
        ride = Ride.objects.get()
        ride.name = "Of spring"
        ride.save()

    def seen(prefix: str) -> tuple[str, str, str]:
        (ride,) = as_csv(client, f"{prefix}rides/?format=csv")
        (same,) = as_json(client, f"{prefix}rides/?format=json")
        return ride["name"], ride["park.slug"], same["name"]

    assert seen("/") == ("Falcon", "dale", "Falcon")
    assert seen(f"/@p{before}/") == ("Kestrel", "hill-park", "Kestrel")
    assert seen("/~spring/") == ("Of spring", "dale", "Of spring")
    assert seen("/~main+spring/") == ("Of spring", "dale", "Of spring")


@pytest.mark.usefixtures("rides")
def test_a_file_says_what_it_is(client: Client) -> None:
    for encoding, kind in (("csv", "text/csv"), ("json", "application/json")):
        answer = client.get(f"/rides/?format={encoding}")
        assert answer["Content-Type"] == f"{kind}; charset=utf-8"
        assert answer["Content-Disposition"] == f'attachment; filename="rides.{encoding}"'
        assert answer["X-Robots-Tag"] == "noindex"
        assert not answer.cookies
        head = client.head(f"/rides/?format={encoding}")
        assert head.status_code == 200
    assert client.get("/rides/?format=xml").status_code == 400
    assert client.get("/rides/?format=csv&order=prettiest").status_code == 400


@pytest.mark.usefixtures("rides")
def test_every_list_links_to_its_files(client: Client) -> None:
    page = client.get("/@p2/rides/?status=operating&order=tallest&format=", follow=True)
    text = page.content.decode()
    part = client.get("/rides/?status=operating&order=tallest&part=results").content.decode()
    for encoding in ("csv", "json"):
        query = f"?status=operating&amp;order=tallest&amp;format={encoding}"
        assert re.search(rf'href="/@p\d+/rides/{re.escape(query)}"', text)
        # A filter that is changed swaps the results in: the links go with them.
        assert f'href="/rides/{query}"' in part


def test_a_file_costs_no_more_queries_for_more_pages(client: Client, rides: None) -> None:
    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            body(client.get(address))
        return len(asked)

    fork("spring")
    addresses = [f"{prefix}rides/?format={encoding}&park=hill-park"
                 for prefix in ("/", "/~spring/") for encoding in ("csv", "json")]  # fmt: skip
    before = [queries(each) for each in addresses]
    with BatchOperation("More") as batch:
        batch.process_changes(Ride(slug=f"more-{n}", name=f"More {n}") for n in range(300))
    assert [queries(each) for each in addresses] == before
    assert max(before) <= 14
