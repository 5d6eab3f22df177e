"""Lists: narrowed, ordered, read to the end a key at a time, without a page twice or missed."""

import re
from decimal import Decimal

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from versioning import BatchOperation, branch_context
from versioning.branches.fork import fork
from versioning.fields.quantities import Quantity
from wiki.lists.listing import listing, read_query
from wiki.models import Company, Park, Ride

pytestmark = pytest.mark.django_db


def names(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a [^>]*>([^<]+)</a>', page)


def walk(client: Client, address: str) -> list[str]:
    """Every name of a list, by following its links to the end."""
    found: list[str] = []
    while address:
        page = client.get(address).content.decode()
        found += names(page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = following[1].replace("&amp;", "&") if following else ""
    return found


@pytest.fixture
def rides() -> None:
    park = Park.objects.create(slug="hill-park", name="Hill Park")
    acme = Company.objects.create(slug="acme", name="Acme", roles=["manufacturer"])
    with BatchOperation("Rides") as batch:
        batch.process_changes(
            Ride(
                slug=f"r-{n}",
                name=f"Same {n % 3}",
                park=park if n % 2 else None,
                manufacturer=acme,
                category="dark" if n % 5 == 0 else "roller-coaster",
                height=Quantity(Decimal(n % 7 + 1), "m") if n % 4 else None,
            )
            for n in range(120)
        )


@pytest.mark.usefixtures("rides")
@pytest.mark.parametrize("prefix", ["/", "/~spring/"])
def test_a_list_is_read_to_its_end_in_every_order(client: Client, prefix: str) -> None:
    fork("spring")
    with branch_context("spring"):
        Ride.objects.create(slug="of-spring", name="Same 1", height=Quantity(Decimal(4), "m"))
    extra = 1 if "spring" in prefix else 0
    assert len(walk(client, f"{prefix}rides/")) == 120 + extra
    assert walk(client, f"{prefix}rides/") == sorted(walk(client, f"{prefix}rides/"))
    assert len(walk(client, f"{prefix}rides/?order=tallest")) == 90 + extra
    assert len(walk(client, f"{prefix}rides/?park=hill-park")) == 60
    assert len(walk(client, f"{prefix}rides/?category=dark&park=hill-park")) == 12
    assert len(walk(client, f"{prefix}rides/?order=tallest&category=dark")) == 18


@pytest.mark.usefixtures("rides")
def test_filters_of_several_values_and_of_none(client: Client) -> None:
    assert names(client.get("/companies/?roles=manufacturer").content.decode()) == ["Acme"]
    assert "Nothing fits" in client.get("/companies/?roles=owner").content.decode()
    assert "Nothing fits" in client.get("/rides/?park=nowhere").content.decode()


@pytest.mark.usefixtures("rides")
def test_results_alone_are_no_page(client: Client) -> None:
    part = client.get("/rides/?part=results").content.decode()
    assert "<html" not in part
    assert len(names(part)) == 50


@pytest.mark.parametrize(
    "query",
    ["order=prettiest", "category=teapot", "after=x", "after=[]", "after=[1]", "after=[null,1]",
     'after=["a","b"]', "after=%5B%22a%00%22,%2200000000-0000-7000-8000-000000000001%22%5D",
     "order=tallest&after=[%22a%22,%2200000000-0000-7000-8000-000000000001%22]",
     "order=newest&after=[3,%2200000000-0000-7000-8000-000000000001%22]",
     "after=" + "[" * 5000],
)  # fmt: skip
def test_a_query_that_makes_no_sense_is_refused_with_a_sentence(client: Client, query: str) -> None:
    answer = client.get(f"/rides/?{query}")
    assert answer.status_code == 400
    assert "status-code" in answer.content.decode()


class AnyPages(TestCase):
    @settings(max_examples=30)
    @given(st.lists(st.sampled_from(["A", "a", "B", "é", "Z", "ß", "A B"]), max_size=9))
    def test_a_walk_finds_each_page_once(self, given_names: list[str]) -> None:
        """Whatever names they share, and however short the pages are."""
        from django.http import QueryDict

        from wiki.lists import listing as module

        size, module.PAGE_SIZE = module.PAGE_SIZE, 2
        try:
            with BatchOperation() as batch:
                batch.process_changes(
                    Park(slug=f"p-{n}", name=name) for n, name in enumerate(given_names)
                )
            found, query = [], ""
            while True:
                page = listing(Park, read_query(Park, QueryDict(query)))
                found += [each.slug for each in page.pages]
                if not page.next:
                    break
                query = page.next.removeprefix("?")
            assert sorted(found) == sorted(f"p-{n}" for n in range(len(given_names)))
        finally:
            module.PAGE_SIZE = size


def test_a_link_in_a_text_stays_in_the_viewpoint(client: Client, kestrel: Ride) -> None:
    kestrel.body = "See [it](/parks/hill-park/), [out](https://example.org/), [b](/branches/x/)."
    kestrel.save()
    fork("spring")
    page = client.get("/~spring/rides/kestrel/").content.decode()
    assert 'href="/~spring/parks/hill-park/"' in page
    assert 'href="https://example.org/"' in page
    assert 'href="/branches/x/"' in page


def test_a_table_of_thousands_of_columns_stays_text(client: Client, kestrel: Ride) -> None:
    kestrel.body = "|" + "a|" * 2_000 + "\n|" + "-|" * 2_000 + "\n" + "|\n" * 2_000
    kestrel.save()
    assert "<table" not in client.get("/rides/kestrel/").content.decode()


def test_a_ranking_shows_what_it_ranks_by(client: Client) -> None:
    Ride.objects.create(
        slug="kestrel", name="Kestrel", inversions=7, speed=Quantity(Decimal(111), "km/h")
    )
    fastest = client.get("/rides/?order=fastest").content.decode()
    assert '<th scope="col" class="number" aria-sort="descending">Speed</th>' in fastest
    assert '111<span class="unit"> km/h</span>' in fastest
    inversions = client.get("/rides/?order=inversions").content.decode()
    assert '<th scope="col" class="number" aria-sort="descending">Inversions</th>' in inversions
    assert '<tdclass="numberis-sorted">7</td>' in re.sub(r"\s+", "", inversions)


@pytest.mark.parametrize("order", ["name", "newest", "tallest"])
def test_a_list_shows_no_fact_twice(client: Client, order: str) -> None:
    Ride.objects.create(
        slug="kestrel", name="Kestrel", opened="1999", height=Quantity(Decimal(60), "m")
    )
    page = client.get(f"/rides/?order={order}").content.decode()
    assert re.findall(r'<th scope="col"[^>]*>(?:<a [^>]*>)?([^<]+)<', page) == [
        "Name", "Park", "Status", "Opened", "Height",
    ]  # fmt: skip
