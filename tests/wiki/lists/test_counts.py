"""What a list says of itself: how many, of which sort, where one is in it."""

import re
from decimal import Decimal

import pytest
from django.test import Client

from versioning import BatchOperation, branch_context
from versioning.branches.fork import fork
from versioning.fields.quantities import Quantity
from wiki.lists import counts
from wiki.models import Company, Park, Ride

pytestmark = pytest.mark.django_db


@pytest.fixture
def rides() -> None:
    """120 rides of a maker and 4 of none, from 1 m to 124 m; every third is closed."""
    park = Park.objects.create(slug="p", name="Park", country="DE")
    acme = Company.objects.create(slug="acme", name="Acme", roles=["manufacturer"])
    with BatchOperation("Rides") as batch:
        batch.process_changes(
            Ride(
                slug=f"r-{n}",
                name=f"{chr(ord('A') + n % 26)} {n:03}",
                park=park if n <= 100 else None,
                manufacturer=acme if n <= 120 else None,
                status="operating" if n % 3 else "closed",
                height=Quantity(Decimal(n), "m"),
            )
            for n in range(1, 125)
        )


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.text


def said(page: str) -> str:
    found = re.search(r'<p class="chips"><b>([^<]*)</b>', page)
    return found[1] if found else ""


def facets(page: str) -> dict[str, tuple[str, int]]:
    """Address and number of each value that is counted out."""
    section = page.partition('class="narrowing"><summary class="btn">Narrow')[2].partition(
        "</details>"
    )[0]
    found = re.findall(r'<a href="([^"]*)"[^>]*>([^<]*)</a> <span class="meta">(\d+)<', section)
    return {label: (href.replace("&amp;", "&"), int(number)) for href, label, number in found}


@pytest.mark.usefixtures("rides")
def test_a_list_counts_what_it_holds_and_each_number_leads_to_as_many(client: Client) -> None:
    page = read(client, "/rides/")
    assert said(page) == "124 rides"
    found = facets(page)
    assert {label: number for label, (_, number) in found.items()} == {
        "Operating": 83, "Closed": 41,
    }  # fmt: skip
    for label, (href, number) in found.items():
        narrowed = read(client, f"/rides/{href}")
        assert said(narrowed) == f"{number} rides", label
        assert facets(narrowed)[f"{label} ×"] == ("?", number)
    by_maker = read(client, "/rides/?manufacturer=ACME")
    assert facets(by_maker)["Acme ×"] == ("?", 120)


@pytest.mark.usefixtures("rides")
def test_filters_in_use_are_taken_back_one_by_one(client: Client) -> None:
    page = read(client, "/rides/?status=closed&height_over=100+m&order=tallest")
    assert said(page) == "8 rides"
    chips = re.findall(r'class="chip" href="([^"]*)" rel="nofollow">(.*?) <span', page)
    assert [(href.replace("&amp;", "&"), label) for href, label in chips] == [
        ("?height_over=100+m&order=tallest", "Closed"),
        ("?status=closed&order=tallest", "Height over 100 m"),
    ]
    assert 'href="/rides/">Clear</a>' in page
    nothing = read(client, "/rides/?status=relocated")
    assert said(nothing) == "0 rides"
    assert "Nothing fits these filters" in nothing


@pytest.mark.usefixtures("rides")
def test_a_ranking_goes_on_counting_behind_its_first_page(client: Client) -> None:
    address, ranks, shares = "/rides/?order=tallest&status=operating", [], []
    while address:
        page = read(client, address)
        ranks += [int(each) for each in re.findall(r'<td class="rank">(\d+)<', page)]
        shares += [float(each) for each in re.findall(r'class="share-own" width="([\d.]+)"', page)]
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = following[1].replace("&amp;", "&") if following else ""
    assert ranks == list(range(1, 84))
    assert shares == sorted(shares, reverse=True)
    assert (shares[0], shares[-1]) == (100.0, 0.8)
    assert 'class="rank"' not in read(client, "/rides/?order=newest")


@pytest.mark.usefixtures("rides")
def test_letters_lead_into_a_list_by_name(client: Client) -> None:
    page = read(client, "/rides/?status=closed")
    assert 'class="letters"' not in page  # it is all there
    page = read(client, "/rides/")
    assert 'href="?letter=K"' in page
    page = read(client, "/rides/?letter=K")
    assert re.findall(r'<th scope="row"><a [^>]*>(\w)', page)[0] == "K"
    assert said(page) == "124 rides"
    assert 'content="noindex"' in page
    assert client.get("/rides/?letter=k").status_code == 400
    assert 'class="letters"' not in read(client, "/rides/?order=tallest")


@pytest.mark.usefixtures("rides")
def test_a_branch_and_the_past_count_their_own(client: Client) -> None:
    fork("spring")
    with branch_context("spring"):
        Ride.objects.create(slug="new", name="New", status="closed")
    page = read(client, "/~spring/rides/")
    assert said(page) == "125 rides"
    assert facets(page)["Closed"][1] == 42
    assert said(read(client, "/rides/")) == "124 rides"


@pytest.mark.usefixtures("rides")
def test_beyond_a_bound_nothing_is_counted_out(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counts, "MOST_COUNTED", 100)
    monkeypatch.setattr("wiki.screens.lists.MOST_COUNTED", 100)
    page = read(client, "/rides/?order=name")
    assert said(page) == "More than 100 rides"
    assert facets(page) == {}


@pytest.mark.usefixtures("rides")
def test_digits_stand_below_each_other(client: Client) -> None:
    page = read(client, "/rides/?order=tallest")
    assert '<span class="given">124<span class="unit"> m</span></span>' in page
    assert '<span class="converted">407<span class="unit"> ft</span></span>' in page
