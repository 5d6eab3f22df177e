"""The large figures of a ride, and its place among all of its category."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from versioning import branch_context
from versioning.branches.fork import fork
from versioning.fields.quantities import Quantity
from wiki.models import Ride

pytestmark = pytest.mark.django_db


def ride(slug: str, height: str | None = None, unit: str = "m", **facts: Any) -> Ride:
    told = Quantity(Decimal(height), unit) if height else None
    return Ride.objects.create(slug=slug, name=slug.capitalize(), height=told, **facts)


def standing(slug: str, at: str = "/") -> list[tuple[str, str]]:
    page = Client().get(f"{at}rides/{slug}/").content.decode()
    return re.findall(r'standing-place"><b>(.*?)</b>(?: <span>(.*?)</span>)?', page)


def test_a_place_is_told_among_those_of_whom_the_figure_is_known() -> None:
    ride("low", "10"), ride("high", "100", "ft"), ride("top", "40"), ride("unknown")
    ride("wheel", "200", category="flat")
    assert standing("top") == [("1st of 3", "median 30 m")]
    assert standing("high") == [("2nd of 3", "median 100 ft")]
    assert standing("low") == [("3rd of 3", "median 30 m")]
    assert standing("unknown") == []


def test_a_figure_that_no_other_ride_has_is_compared_with_nothing(client: Client) -> None:
    ride("top", "40"), ride("wheel", "200", category="flat")
    page = client.get("/rides/wheel/").text
    assert 'standing-place"><b>the only one known</b></span>' in page
    assert '<svg class="standing-plot"' not in page


def test_equal_figures_have_one_place() -> None:
    ride("one", "40"), ride("two", "40"), ride("three", "10")
    assert standing("one") == standing("two") == [("1st of 3", "median 40 m")]
    assert standing("three")[0][0] == "3rd of 3"


def test_what_many_share_is_told_as_that() -> None:
    for number in range(25):
        ride(f"flat-{number}", inversions=0)
    ride("loop", inversions=2)
    assert standing("flat-3") == [("as 24 others of 26", "median 0")]
    assert standing("loop") == [("1st of 26", "median 0")]


def test_places_are_those_of_the_viewpoint() -> None:
    first = ride("first", "10")
    position = first.history.all()[0].valid_from
    ride("second", "20")
    fork("spring")
    with branch_context("spring"):
        ride("third", "30")
    places = [standing("first", at)[0][0] for at in (f"/@p{position}/", "/", "/~spring/")]
    assert places == ["the only one known", "2nd of 2", "3rd of 3"]


def test_a_changed_figure_changes_the_places_of_others() -> None:
    low, high = ride("low", "10"), ride("high", "20")
    assert standing("low")[0][0] == "2nd of 2"
    low.height = Quantity(Decimal(30), "m")
    low.save()
    assert (standing("low")[0][0], standing(high.slug)[0][0]) == ("1st of 2", "2nd of 2")


def test_the_plate_says_what_it_does_not_know(client: Client) -> None:
    ride("bare", "40")
    ride("wheel", "40", category="flat")
    told = ride("told", "40", drop=Quantity(Decimal(38), "m"), length=Quantity(Decimal(900), "m"))
    told.vertical_angle, told.inversions = Quantity(Decimal(80), "°"), 0
    told.save()
    plates = {
        slug: re.findall(r"<figcaption>(.*?)</figcaption>", client.get(f"/rides/{slug}/").text)
        for slug in ("bare", "wheel", "told")
    }
    assert "2 of those" in plates["wheel"][0]
    assert "4 of those" in plates["bare"][0]
    assert "not known" not in plates["told"][0]
