"""What pages list of others: all that name them, told apart, and never more in a larger wiki."""

import re
from collections.abc import Iterator
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from versioning.fields.quantities import Quantity
from wiki.lists.related import RELATED, related_to
from wiki.models import Article, Company, Element, Park, ParkArea, Person, Ride, Source
from wiki.pages.items import CompanyInCharge

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def without_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("wiki.screens.page", "wiki.overviews.overview"):
        monkeypatch.setattr(f"{module}.cached", lambda key, make: make().value)


def lists(client: Client, address: str) -> dict[str, list[str]]:
    """The related lists of a page by title: each page with what stands beside it."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    sections = re.findall(
        r'<h2>([^<]+)</h2>\s*<(?:table|ul class="columns")(.*?)</(?:table|ul)>',
        answer.text,
        re.DOTALL,
    )
    return {unescape(title): [*_rows(body)] for title, body in sections}


def _rows(body: str) -> Iterator[str]:
    for row in re.findall(r"<li>.*?</li>|<tr><th scope=\"row\">.*?</tr>", body, re.DOTALL):
        name, *cells = (
            " ".join(unescape(re.sub(r"<[^>]+>", "", cell)).split())
            for cell in re.split(r"</th>|</td>|</li>", row)
        )
        yield " ".join([name, ", ".join(cell for cell in cells if cell)]).strip()


def test_a_park_tells_what_stands_there_and_what_stood(client: Client, acme: Company) -> None:
    park = Park.objects.create(slug="p", name="Park")
    Ride.objects.create(
        slug="a", name="A", park=park, status="operating", opened="1999", manufacturer=acme
    )
    Ride.objects.create(slug="b", name="B", park=park, status="removed", opened="1950")
    Ride.objects.create(slug="c", name="C", park=park)
    assert lists(client, "/parks/p/") == {
        "Rides": ["A Acme, Operating, 1999", "C Unknown"],
        "Former rides": ["B Removed, 1950"],
    }


def test_an_area_has_former_rides_too(client: Client) -> None:
    park = Park.objects.create(slug="p", name="Park")
    area = ParkArea.objects.create(slug="old", name="Old", park=park)
    Ride.objects.create(slug="a", name="A", park=park, area=area, status="closed")
    assert lists(client, "/areas/old/") == {"Former rides": ["A Park, Closed"]}


def test_a_company_tells_apart_what_it_built(client: Client, acme: Company) -> None:
    for slug in ("one", "two"):
        park = Park.objects.create(slug=slug, name=f"Park {slug}")
        Ride.objects.create(slug=slug, name="Batman", park=park, manufacturer=acme)
    assert lists(client, "/companies/acme/") == {
        "Rides built": ["Batman Park one, Unknown", "Batman Park two, Unknown"]
    }


def test_a_company_owns_and_runs_parks_and_has_people(client: Client, acme: Company) -> None:
    bolt = Company.objects.create(slug="bolt", name="Bolt")
    Park.objects.create(
        slug="p",
        name="Park",
        country="FR",
        owners=[
            CompanyInCharge(company=str(acme.pk), until="1989"),
            CompanyInCharge(company=str(bolt.pk), since="1989"),
        ],
        operators=[CompanyInCharge(company=str(bolt.pk))],
    )
    Person.objects.create(
        slug="ann", name="Ann", professions=["engineer"],
        companies=[CompanyInCharge(company=str(bolt.pk), since="1990", until="1995")],
    )  # fmt: skip
    assert lists(client, "/companies/acme/") == {"Owns, or owned": ["Park France, until 1989"]}
    assert lists(client, "/companies/bolt/") == {
        "Owns, or owned": ["Park France, since 1989"],
        "Runs, or ran": ["Park France"],
        "People": ["Ann Engineer, 1990 – 1995"],
    }


def test_an_element_lists_rides_with_it(client: Client) -> None:
    loop = Element.objects.create(slug="loop", name="Loop")
    Element.objects.create(slug="roll", name="Roll")
    Ride.objects.create(
        slug="a", name="A", tracks=[{"id": "1", "elements": [str(loop.pk), str(loop.pk)]}]
    )
    assert lists(client, "/elements/loop/") == {"Rides with it": ["A Unknown"]}
    assert lists(client, "/elements/roll/") == {}


def test_a_source_says_what_cites_it(client: Client, acme: Company) -> None:
    report = Source.objects.create(slug="report", name="Report")
    cited = [{"id": "1", "field": "height", "source": str(report.pk)}]
    Ride.objects.create(slug="a", name="Zed", citations=cited)
    Article.objects.create(slug="b", name="Ants", citations=cited)
    assert lists(client, "/sources/report/") == {"Cited by": ["Ants Article", "Zed Ride"]}


def test_long_lists_lead_to_the_whole(client: Client, acme: Company) -> None:
    loop = Element.objects.create(slug="loop", name="Loop")
    report = Source.objects.create(slug="report", name="Report")
    for n in range(RELATED + 1):
        Ride.objects.create(
            slug=f"r-{n}",
            name=f"R {n}",
            tracks=[{"id": "1", "elements": [str(loop.pk)]}],
            citations=[{"id": "1", "source": str(report.pk)}],
        )
    (rides,) = related_to(loop).lists
    assert len(rides.pages) == RELATED
    assert rides.more == "/rides/?tracks=loop"
    assert client.get(rides.more).status_code == 200
    (citing,) = related_to(report).lists
    assert len(citing.pages) == RELATED
    assert citing.more == "/sources/report/links/"


def test_a_ride_tells_who_came_before_and_after_it(client: Client, acme: Company) -> None:
    park = Park.objects.create(slug="p", name="Park")
    for year in range(1990, 2002):
        Ride.objects.create(
            slug=f"r-{year}", name=f"R {year}", park=park, status="operating", opened=f"{year}",
            manufacturer=acme if year % 2 else None,
        )  # fmt: skip
    Ride.objects.create(slug="x", name="X", park=park, manufacturer=acme)
    told = lists(client, "/rides/r-1995/")
    assert [row[:6] for row in told["Also at Park"]] == [
        f"R {year}" for year in (1991, 1992, 1993, 1994, 1996, 1997, 1998, 1999)
    ]
    assert told["Also at Park"][0] == "R 1991 Acme, Operating, 1991"
    assert told["Also by Acme"] == [
        f"R {year} Park, Operating, {year}" for year in (1991, 1993, 1997, 1999, 2001)
    ]
    assert list(told) == ["Also at Park", "Also by Acme"]
    assert len(lists(client, "/rides/x/")["Also at Park"]) == 4  # of no time: the first ones
    assert "/rides/?park=p" in client.get("/rides/r-1995/").text


def test_a_page_follows_its_siblings(
    client: Client, acme: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    one, other = (
        Ride.objects.create(slug=slug, name=slug.title(), manufacturer=acme)
        for slug in ("one", "other")
    )
    assert lists(client, "/rides/one/") == {"Also by Acme": ["Other Unknown"]}
    other.name = "Renamed"
    other.save()
    assert lists(client, "/rides/one/") == {"Also by Acme": ["Renamed Unknown"]}
    other.manufacturer = None
    other.save()
    assert lists(client, "/rides/one/") == {}
    assert one.pk


@pytest.mark.parametrize("name", ["park", "area"])
def test_all_former_rides_are_those_that_a_list_of_them_leads_to(client: Client, name: str) -> None:
    park = Park.objects.create(slug="p", name="Park")
    area = ParkArea.objects.create(slug="p", name="Area", park=park)
    for status in ("removed", "operating"):
        for n in range(RELATED + 1):
            Ride.objects.create(
                slug=f"{status}-{n}", name=f"{status} {n}", park=park, area=area, status=status
            )
    standing, former = related_to(park if name == "park" else area).lists[:2]
    assert standing.more == f"/rides/?{name}=p&former=false"
    assert former.more == f"/rides/?{name}=p&former=true"
    body = client.get(former.more).text
    assert "/rides/removed-1/" in body
    assert "/rides/operating-1/" not in body
    assert "/rides/removed-1/" not in client.get(standing.more).text


def test_lists_ask_no_more_in_a_larger_wiki(client: Client, acme: Company) -> None:
    loop = Element.objects.create(slug="loop", name="Loop")
    report = Source.objects.create(slug="report", name="Report")
    bolt = Company.objects.create(slug="bolt", name="Bolt")

    def grow(numbers: range) -> None:
        for n in numbers:
            owners = [{"id": "1", "company": str(acme.pk)}]
            park = Park.objects.create(
                slug=f"p-{n}", name=f"P {n}", owners=owners, operators=owners
            )
            Ride.objects.create(
                slug=f"r-{n}",
                name=f"R {n}",
                park=park,
                manufacturer=acme if n % 2 else bolt,
                tracks=[{"id": "1", "elements": [str(loop.pk)]}],
                citations=[{"id": "1", "source": str(report.pk)}],
            )

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    addresses = [
        "/companies/acme/", "/elements/loop/", "/sources/report/", "/parks/p-1/", "/rides/r-1/",
    ]  # fmt: skip
    grow(range(6))
    at_first = {address: queries(address) for address in addresses}
    grow(range(6, RELATED + 6))
    assert {address: queries(address) for address in addresses} == at_first


def test_tables_of_rides_are_compared_and_sorted_on_the_page(client: Client) -> None:
    park = Park.objects.create(slug="p", name="Park")
    for name, height in (("Ant", 20), ("Bee", None), ("Cat", 30)):
        told = Quantity(Decimal(height), "m") if height else None
        Ride.objects.create(slug=name.lower(), name=name, park=park, height=told)
    by_name = lists(client, "/parks/p/")["Rides"]
    assert [row.split()[0] for row in by_name] == ["Ant", "Bee", "Cat"]
    assert by_name[0] == "Ant Unknown, 20 m66 ft"
    tallest = lists(client, "/parks/p/?order=tallest")["Rides"]
    assert [row.split()[0] for row in tallest] == ["Cat", "Ant", "Bee"]
    body = client.get("/parks/p/?order=tallest").text
    assert '<th scope="col" class="number" aria-sort="descending">Height</th>' in body
    assert 'href="?order=name#rides"' in body
    assert 'href="/rides/?park=p&amp;former=false&amp;order=tallest"' in body
    assert client.get("/parks/p/?order=nonsense").status_code == 400


def test_what_all_rides_of_a_table_have_alike_is_no_column(client: Client) -> None:
    park = Park.objects.create(slug="p", name="Park")
    for name in ("Ant", "Bee"):
        Ride.objects.create(slug=name.lower(), name=name, park=park, inversions=2)
        shown = lists(client, "/parks/p/")["Rides"]
        assert shown == (["Ant Unknown, 2"] if name == "Ant" else ["Ant Unknown", "Bee Unknown"])
    Ride.objects.create(slug="cat", name="Cat", park=park, category="dark")
    assert lists(client, "/parks/p/")["Rides"][1:] == [
        "Bee Unknown, Roller coaster, 2", "Cat Unknown, Dark ride"
    ]  # fmt: skip


def test_the_tallest_of_many_come_first(client: Client) -> None:
    park = Park.objects.create(slug="p", name="Park")
    for n in range(RELATED + 3):
        Ride.objects.create(
            slug=f"r-{n}", name=f"R {n:02}", park=park, height=Quantity(Decimal(n + 1), "m")
        )
    rows = lists(client, "/parks/p/?order=tallest")["Rides"]
    assert (len(rows), rows[0].split(" Unk")[0]) == (RELATED, f"R {RELATED + 2}")
