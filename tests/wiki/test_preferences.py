"""Readers choose their units; what was given stays what it is."""

import pytest
from django.test import Client

from wiki.fields.quantities import parse
from wiki.fields.units import COUNTERPARTS, DIMENSION_OF, METRIC
from wiki.models import Ride

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
