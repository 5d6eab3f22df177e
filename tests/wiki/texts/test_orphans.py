"""Pages that no other leads to, of every kind and at every viewpoint."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from eventstore import reading
from versioning import branch_context, viewpoint
from versioning.branches.fork import fork
from wiki.kinds.registry import KINDS
from wiki.models import Article, Company, Element, Park, ParkArea, Person, Ride, RideModel, Source
from wiki.pages.models import Page
from wiki.texts.linking import pages_naming, texts_linking_to
from wiki.texts.orphans import count_orphans, orphans_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def without_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wiki.screens.links.cached", lambda key, make: make().value)


def orphans(model: type[Page]) -> list[str]:
    return [page.slug for page in orphans_of(model)]


def names_by(field: str, owner: type[Page]) -> Callable[[Page], Page]:
    """What makes a page of a kind that names another in a field."""
    return lambda page: owner.objects.create(slug="owner", name="Owner", **{field: page})


def names_in(field: str, part: str, owner: type[Page]) -> Callable[[Page], Page]:
    """What makes a page of a kind with an item that names another."""

    def make(page: Page) -> Page:
        named = [str(page.pk)] if part == "elements" else str(page.pk)
        return owner.objects.create(
            slug="owner", name="Owner", **{field: [{"id": "1", part: named}]}
        )

    return make


def refers_in(field: str) -> Callable[[Page], Page]:
    def make(page: Page) -> Page:
        ride = Ride.objects.create(slug="owner", name="Owner")
        getattr(ride, field).add(page)
        return ride

    return make


def says(page: Page) -> Page:
    return Article.objects.create(slug="owner", name="Owner", body="See [[Some: One]].")


@pytest.mark.parametrize(
    ("model", "lead_to"),
    [
        (Park, names_by("park", Ride)),
        (Park, names_by("park", ParkArea)),
        (ParkArea, names_by("area", Ride)),
        (ParkArea, names_by("parent", ParkArea)),
        (RideModel, names_by("model", Ride)),
        (Company, names_by("manufacturer", Ride)),
        (Company, refers_in("designers")),
        (Company, names_in("owners", "company", Park)),
        (Person, refers_in("people")),
        (Element, names_in("tracks", "elements", Ride)),
        (Source, names_in("citations", "source", Article)),
        (Ride, names_by("moved_from", Ride)),
        (Ride, names_in("replaces", "ride", Ride)),
        *((model, says) for model in KINDS.values()),
    ],
)
def test_a_page_is_an_orphan_until_another_leads_to_it(
    model: type[Page], lead_to: Callable[[Page], Page]
) -> None:
    page = model.objects.create(slug="one", name="Some: One", body="I am [[Some: One]].")
    assert "one" in orphans(model)
    owner = lead_to(page)
    assert "one" not in orphans(model)
    owner.delete()
    assert "one" in orphans(model)


def test_a_ride_is_led_to_by_its_park(kestrel: Ride) -> None:
    Ride.objects.create(slug="lost", name="Lost")
    assert orphans(Ride) == ["lost"]
    assert orphans(Park) == []


def test_a_link_that_says_its_kind_leads_to_no_other(kestrel: Ride) -> None:
    for model in (Ride, Company, Article):
        model.objects.create(slug="acme", name="Acme")
    Article.objects.create(slug="a", name="A", body="[[company:Acme]], [it](/rides/acme/)")
    assert [orphans(model) for model in (Ride, Company)] == [[], []]
    assert orphans(Article) == ["a", "acme"]


def test_former_names_lead_to_a_page_too() -> None:
    former = [{"id": "1", "name": "Top Thrill Dragster"}]
    Ride.objects.create(slug="top-thrill-2", name="Top Thrill 2", names=former)
    Article.objects.create(slug="a", name="A", body="Once [[top  thrill dragster]].")
    assert orphans(Ride) == []


def test_orphans_are_what_nothing_links_to(kestrel: Ride, acme: Company) -> None:
    Article.objects.create(slug="birds", name="Birds", body="[[Acme]] and [[ride:Kestrel|it]]")
    Article.objects.create(slug="lone", name="Lone", body="[[Birds]], {{parks/hill-park.name}}")
    Company.objects.create(slug="bolt", name="Bolt", parent=acme)
    for model in (Park, Company, Article):
        alone = [
            page.slug
            for page in model.objects.order_by("name")
            if not texts_linking_to(page) and not pages_naming(page)
        ]
        assert orphans(model) == alone


def test_orphans_are_those_of_the_viewpoint(client: Client, acme: Company) -> None:
    before = reading.last_position()
    fork("spring")
    with branch_context("spring"):
        Ride.objects.create(slug="a", name="A", manufacturer=acme)
    Article.objects.create(slug="b", name="B", body="[[Acme]]")
    assert orphans(Company) == []
    with viewpoint("spring"):
        assert orphans(Company) == []
        assert orphans(Ride) == ["a"]
    with viewpoint(at=before):
        assert orphans(Company) == ["acme"]
        assert count_orphans()["companies"] == 1
    at = f"/@p{before}"
    assert f'href="{at}/companies/acme/"' in client.get(f"{at}/reports/orphans/companies/").text
    assert f'href="{at}/reports/orphans/companies/"' in client.get(f"{at}/reports/orphans/").text


def test_orphans_are_told_by_kind_a_page_at_a_time(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wiki.screens.links.PAGE_SIZE", 2)
    for name in "abc":
        Article.objects.create(slug=name, name=name.upper())
    first = client.get("/reports/orphans/articles/").text
    assert "3 of them" in first
    assert "/articles/b/" in first
    assert "/articles/c/" not in first
    assert 'href="?page=2"' in first
    second = client.get("/reports/orphans/articles/?page=2").text
    assert "/articles/c/" in second
    assert 'href="?page=1"' in second
    for wrong in ("0", "3", "x", "-1"):
        assert client.get(f"/reports/orphans/articles/?page={wrong}").status_code == 400
    assert client.get("/reports/orphans/nothing/").status_code == 404
    assert (
        "Every one of them is linked from somewhere" in client.get("/reports/orphans/parks/").text
    )
    assert client.post("/reports/orphans/").status_code == 405


@pytest.mark.parametrize("address", ["/reports/orphans/", "/reports/orphans/companies/"])
def test_the_report_asks_as_little_in_a_larger_wiki(client: Client, address: str) -> None:
    def grow(numbers: range) -> None:
        for n in numbers:
            firm = Company.objects.create(slug=f"c-{n}", name=f"C {n}")
            Company.objects.create(slug=f"d-{n}", name=f"D {n}")
            Ride.objects.create(slug=f"r-{n}", name=f"R {n}", manufacturer=firm)
            Article.objects.create(slug=f"a-{n}", name=f"A {n}", body=f"[[R {n}]], [[A {n + 1}]]")

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    grow(range(2))
    at_first = queries()
    grow(range(2, 20))
    assert queries() == at_first
