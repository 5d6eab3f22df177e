"""Readers choose their units; what was given stays what it is."""

import pytest
from django.test import Client

from projections.following.followed import catch_up
from versioning.fields.quantities import parse
from versioning.fields.units import COUNTERPARTS, DIMENSION_OF, METRIC
from wiki.models import Article, Ride

pytestmark = pytest.mark.django_db


def test_a_choice_of_units_is_kept_and_can_be_undone(client: Client, kestrel: Ride) -> None:
    kestrel.height = "325 ft"
    kestrel.save()
    assert '<html lang="en">' in client.get("/rides/kestrel/").content.decode()
    answer = client.post("/units/", {"units": "metric", "next": "/rides/kestrel/?x=1"})
    assert answer["Location"] == "/rides/kestrel/?x=1"
    body = client.get("/rides/kestrel/").content.decode()
    assert '<html lang="en" data-units="metric">' in body
    assert '<span class="given">325 ft</span>' in body
    assert "99 m" in body
    client.post("/units/", {"units": ""})
    assert "data-units" not in client.get("/rides/kestrel/").content.decode()


def test_figures_follow_the_choice_wherever_they_stand(client: Client, kestrel: Ride) -> None:
    kestrel.height, kestrel.opened = "325 ft", "1999"
    kestrel.tracks = [{"id": "1", "name": "Left", "height": "203 ft"}, {"id": "2", "drop": "99 m"}]
    kestrel.save()
    body = "It is {{rides/kestrel.height}} tall, on {{rides/kestrel.tracks}}."
    Article.objects.create(slug="a", name="A", body=body)
    fact = measure("325 ft", "99 m", "imperial")
    height, drop = measure("203 ft", "62 m", "imperial"), measure("99 m", "325 ft")
    tracks = f"Left (height {height}), drop {drop}"
    of_ride = client.get("/rides/kestrel/").content.decode()
    assert fact in of_ride
    assert tracks in of_ride
    of_article = client.get("/articles/a/").content.decode()
    assert f"{fact}</a> tall" in of_article
    assert f">{tracks}</a>." in of_article
    catch_up()
    assert fact in client.get("/search/?q=kestrel").content.decode()


def measure(given: str, converted: str, system: str = "metric") -> str:
    """A figure as it was given and converted: the style sheet shows either, or both."""
    bracketed = f'<span class="bracket">(</span>{converted}<span class="bracket">)</span>'
    return (
        f'<span class="measure" data-system="{system}"><span class="given">{given}</span>'
        f'<span class="converted"> {bracketed}</span></span>'
    )


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example/", "x", "/\\evil"])
def test_a_choice_leads_nowhere_else(client: Client, elsewhere: str) -> None:
    assert client.post("/units/", {"units": "metric", "next": elsewhere})["Location"] == "/"


def test_a_choice_of_nothing_that_is_offered_is_refused(client: Client) -> None:
    answer = client.post("/units/", {"units": "furlongs"})
    assert answer.status_code == 400
    assert "units" not in answer.cookies
    assert client.get("/units/").status_code == 405
    client.cookies["units"] = '"><script>'
    assert "data-units" not in client.get("/").content.decode()


def test_each_unit_with_a_counterpart_is_of_the_other_system() -> None:
    for unit, other in COUNTERPARTS.items():
        assert (unit in METRIC) != (other in METRIC)
        quantity = parse(f"40 {unit}", DIMENSION_OF[unit])
        assert str(quantity) == f"{quantity.given} ({quantity.converted})"
        assert quantity.is_metric == (unit in METRIC)
