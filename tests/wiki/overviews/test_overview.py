"""What the rides of a page come to: in figures, by years, on a map; as the viewpoint has them."""

import re
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.test import Client

from eventstore import reading
from versioning import branch_context
from versioning.branches.fork import fork
from versioning.fields.quantities import Quantity
from wiki.models import Company, Park, ParkArea, Person, Ride, RideModel
from wiki.overviews import overview as overviews

pytestmark = pytest.mark.django_db

ULM = {"latitude": 48.4, "longitude": 10.0}
MUNICH = {"latitude": 48.14, "longitude": 11.58}
TOKYO = {"latitude": 35.68, "longitude": 139.69}


@pytest.fixture
def park(acme: Company) -> Park:
    """Three coasters, one of them gone, and two elsewhere."""
    park = Park.objects.create(slug="hill", name="Hill Park", opened="1870", coordinates=ULM)
    other = Park.objects.create(slug="vale", name="Vale Park", coordinates=MUNICH)
    Park.objects.create(slug="bay", name="Bay Park", coordinates=TOKYO)
    ride("low", park, 20, opened="1980", status="operating", manufacturer=acme)
    ride("high", park, 40, opened="1990", status="operating", manufacturer=acme)
    ride("gone", park, 60, opened="1970", closed="1985", status="removed")
    ride("top", other, 80, opened="1990", manufacturer=acme)
    ride("top-too", other, 80)
    return park


def ride(slug: str, park: Park | None, height: int, **facts: Any) -> Ride:
    told = Quantity(Decimal(height), "m")
    return Ride.objects.create(slug=slug, name=slug.title(), park=park, height=told, **facts)


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def figures(address: str) -> dict[str, str]:
    """The large figures of a page by what they are, with what stands below."""
    page = Client().get(address).text
    found = re.findall(
        r"<dt>([^<]+)</dt>\s*<dd>(.*?)</dd>", page.split('class="entity')[0], re.DOTALL
    )
    return {label: words(told) for label, told in found}


def marks(address: str) -> set[str]:
    """What the map of a page leads to."""
    page = Client().get(address).text
    small = (
        page.split('<svg class="map map-small"')[1].split("</p>")[0] if "map-small" in page else ""
    )
    return set(re.findall(r'<a class="map-(?:park|cluster)"[^>]* href="([^"]+)"', small))


def test_a_park_tells_its_rides_and_the_first_among_those_that_stand(park: Park) -> None:
    told = figures("/parks/hill/")
    assert told["Rides"] == "3 2 operating the first opened in 1970"
    assert told["Tallest"] == "40 m 131 ft High 4th of 5"
    assert "Fastest" not in told
    body = Client().get("/parks/hill/").text
    assert 'href="/rides/?park=hill&amp;status=operating"' in body
    assert 'href="/rides/?category=roller-coaster&amp;order=tallest"' in body


def test_of_rides_of_several_categories_it_says_which_are_compared(park: Park) -> None:
    ride("tower", park, 90, category="flat")
    told = figures("/parks/hill/")
    assert told["Tallest roller coaster"] == "40 m 131 ft High 4th of 5"
    assert "Tallest" not in told


def test_compared_are_those_of_whom_figures_are_known(park: Park) -> None:
    for number in range(5):
        Ride.objects.create(slug=f"line-{number}", name="L", park=park, category="transport")
    assert figures("/parks/hill/")["Tallest roller coaster"].startswith("40 m")
    for number in range(2):
        ride(f"tower-{number}", park, 90 + number, category="flat")
    # Three coasters and two towers; with a third the coasters still come first.
    assert "Tallest roller coaster" in figures("/parks/hill/")
    ride("tower-2", park, 70, category="flat")
    assert "Tallest roller coaster" in figures("/parks/hill/")
    ride("tower-3", park, 60, category="flat")
    assert figures("/parks/hill/")["Tallest flat ride"].startswith("91 m")


def test_of_a_park_where_nothing_stands_all_rides_are_compared(park: Park) -> None:
    for each in Ride.objects.filter(park=park):
        each.status = "removed"
        each.save()
    assert figures("/parks/hill/")["Tallest"].startswith("60 m")


def test_a_park_shows_how_long_its_rides_stood(park: Park) -> None:
    body = Client().get("/parks/hill/").text
    stays = re.findall(r'<li><span class="stay-name">(.*?)</li>', body, re.DOTALL)
    assert [words(each) for each in stays] == ["Gone 1970–1985", "Low 1980–", "High 1990–"]
    (gone, *standing) = re.findall(r'class="stay-bar( is-over)?" x="([0-9.]+)%"', body)
    assert gone == (" is-over", "0.0")
    assert [mark for mark, _ in standing] == ["", ""]
    assert 'href="/parks/hill/timeline/">What stood in which year' in body


def test_of_many_rides_a_park_shows_the_newest(park: Park) -> None:
    for year in range(1991, 1991 + overviews.MOST_BARS):
        ride(f"r-{year}", park, 10, opened=str(year))
    body = Client().get("/parks/hill/").text
    stays = re.findall(r'<span class="stay-name">(.*?)</span>', body)
    assert [words(each) for each in stays][::23] == ["R-1991", "R-2014"]
    assert "3 older ones, and what stood in which year" in body


def test_an_area_shows_how_long_its_own_rides_stood(park: Park) -> None:
    west = ParkArea.objects.create(slug="west", name="West", park=park)
    for slug in ("low", "high", "gone"):
        each = Ride.objects.get(slug=slug)
        each.area = west
        each.save()
    ride("elsewhere", park, 10, opened="1995")
    body = Client().get("/areas/west/").text
    stays = re.findall(r'<span class="stay-name">(.*?)</span>', body)
    assert [words(each) for each in stays] == ["Gone", "Low", "High"]
    assert 'href="/parks/hill/timeline/"' in body


def test_few_rides_are_a_list_and_no_figures(park: Park) -> None:
    Ride.objects.get(slug="gone").delete()
    body = Client().get("/parks/hill/").text
    assert "stay-name" not in body
    assert figures("/parks/hill/") == {}


def test_a_park_is_shown_with_those_around_it(park: Park) -> None:
    assert marks("/parks/hill/") == {"/parks/vale/"}
    assert marks("/parks/bay/") == set()
    assert "map-small" in Client().get("/parks/bay/").text


def test_a_maker_tells_what_it_built_by_year_and_where(park: Park, acme: Company) -> None:
    told = figures("/companies/acme/")
    assert told["Rides built"] == "3 2 operating the first opened in 1980"
    assert told["Tallest"] == "80 m 262 ft Top 1st of 5"
    body = Client().get("/companies/acme/").text
    assert "/rides/?manufacturer=acme&amp;opened_from=1990&amp;opened_to=1990" in body
    assert marks("/companies/acme/") == {"/parks/hill/", "/parks/vale/"}


def test_who_runs_parks_is_shown_where_they_lie(park: Park) -> None:
    bolt = Company.objects.create(slug="bolt", name="Bolt")
    park.operators = [{"id": "1", "company": str(bolt.pk)}]
    park.save()
    assert marks("/companies/bolt/") == {"/parks/hill/"}
    assert "standings" not in Client().get("/companies/bolt/").text


def test_designers_and_models_tell_the_same(park: Park, acme: Company) -> None:
    ann = Person.objects.create(slug="ann", name="Ann")
    firm = Company.objects.create(slug="firm", name="Firm")
    hyper = RideModel.objects.create(slug="hyper", name="Hyper", manufacturer=acme)
    for each in Ride.objects.filter(park=park):
        each.model = hyper
        each.save()
        each.people.set([ann])
        each.designers.set([firm])
    assert figures("/people/ann/")["Rides designed"].startswith("3 ")
    assert figures("/companies/firm/")["Rides designed"].startswith("3 ")
    assert figures("/models/hyper/")["Rides of this model"].startswith("3 ")
    for address in ("/people/ann/", "/companies/firm/", "/models/hyper/"):
        (list_of_all,) = set(
            re.findall(r'href="([^"]*&amp;status=operating)"', Client().get(address).text)
        )
        assert "2 rides" in Client().get(unescape(list_of_all)).text, address


def test_an_overview_is_that_of_its_viewpoint(park: Park) -> None:
    position = reading.last_position()
    fork("spring")
    with branch_context("spring"):
        ride("new", park, 50, opened="2020", status="operating")
    for each in Ride.objects.filter(park=park):
        each.delete()
    assert figures(f"/@p{position}/parks/hill/")["Rides"].startswith("3 ")
    assert figures("/~spring/parks/hill/")["Rides"].startswith("4 ")
    assert figures("/~spring/parks/hill/")["Tallest"].startswith("50 m")
    assert figures("/parks/hill/") == {}
    assert marks("/~spring/parks/hill/") == {"/~spring/parks/vale/"}


def test_an_overview_follows_its_rides_and_their_parks(park: Park) -> None:
    assert figures("/parks/hill/")["Tallest"].startswith("40 m")
    low = Ride.objects.get(slug="low")
    low.height = Quantity(Decimal(90), "m")
    low.save()
    assert figures("/parks/hill/")["Tallest"] == "90 m 295 ft Low 1st of 5"
    vale = Park.objects.get(slug="vale")
    vale.coordinates = None
    vale.save()
    assert marks("/parks/hill/") == set()


def test_too_many_rides_are_not_counted_out(park: Park, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("rides", "overview"):
        monkeypatch.setattr(f"wiki.overviews.{module}.MOST_COUNTED", 2)
    assert figures("/parks/hill/") == {}
    body = Client().get("/parks/hill/").text
    assert "More than 2 rides" in body
    assert 'href="/rides/?park=hill">All of them as a list' in body


def test_what_is_to_come_is_not_the_first_of_what_stands(park: Park) -> None:
    ride("to-come", park, 150, status="announced", opened="2030")
    assert figures("/parks/hill/")["Tallest"].startswith("40 m")


@pytest.mark.parametrize("closed", ["2001/..", "../2001", "2001~", "200X", "1970"])
def test_an_end_of_any_sort_is_shown(park: Park, closed: str) -> None:
    ride("over", park, 30, opened="1990", closed=closed, status="closed")
    page = Client().get("/parks/hill/")
    assert page.status_code == 200
    assert "9999" not in page.text
    assert 'width="-' not in page.text
    assert Client().get("/parks/hill/timeline/", follow=True).status_code == 200


def test_an_age_long_gone_has_its_years(park: Park) -> None:
    ride("ancient", park, 30, opened="1012", status="operating")
    assert Client().get("/parks/hill/").status_code == 200
