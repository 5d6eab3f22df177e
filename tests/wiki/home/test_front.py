"""The front page: another ride each day, records, and what is being worked on."""

import datetime
import re
from decimal import Decimal

import pytest
from django.test import Client

from versioning.branches.fork import fork
from versioning.fields.quantities import Quantity
from wiki.home.front import front
from wiki.models import Ride

pytestmark = pytest.mark.django_db


def coaster(name: str, height: int) -> Ride:
    quantity = Quantity(Decimal(height), "m")
    return Ride.objects.create(slug=name.lower(), name=name, height=quantity)


def ride_of(day: datetime.date) -> str:
    found = re.search(r"The ride of the day: <a href=\"/rides/(.*?)/\"", front(day))
    return found[1] if found else ""


def test_each_day_has_its_ride() -> None:
    assert ride_of(datetime.date(2026, 1, 1)) == ""
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
        coaster(f"{letter}coaster", 10)
    days = [datetime.date(2026, 1, day) for day in range(1, 32)]
    rides = [ride_of(day) for day in days]
    assert all(rides)
    assert len(set(rides)) > 10
    assert [ride_of(day) for day in days] == rides


def test_records_are_of_the_viewpoint(client: Client) -> None:
    first = coaster("First", 50)
    position = first.history.all()[0].valid_from
    coaster("Second", 60)
    assert "60 m" in client.get("/").text
    past = client.get(f"/@p{position}/").text
    assert "50 m" in past
    assert "60 m" not in past


def test_open_branches_are_named(client: Client) -> None:
    fork("spring", description="New for the season.")
    page = client.get("/").text
    assert "New for the season." in page
    assert '"/~spring/"' in page


def test_an_empty_wiki_has_a_front_page(client: Client) -> None:
    assert client.get("/").status_code == 200
