"""A ride that was moved is one ride with its former places: on its page, and on theirs."""

import re
from html import unescape

import pytest
from django.test import Client

from eventstore import reading
from tests.wiki.lists.test_related import lists
from versioning import branch_context
from versioning.branches.fork import fork
from wiki.kinds.rides.models import FormerPlace
from wiki.models import Park, Ride

pytestmark = pytest.mark.django_db


@pytest.fixture
def dominator() -> Ride:
    """Since 2008 at Dominion; before that it was Batman at Lake, and before that in some town."""
    lake = Park.objects.create(slug="lake", name="Lake Park", opened="1950")
    dominion = Park.objects.create(slug="dominion", name="Dominion", opened="1970")
    return Ride.objects.create(
        slug="dominator", name="Dominator", park=dominion, opened="2008", status="operating",
        former_places=[
            FormerPlace(place="a fair in Memphis", since="1990"),
            FormerPlace(park=str(lake.pk), called="Batman", since="2000", until="2007-09-16"),
        ],
    )  # fmt: skip


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def standing(client: Client, address: str, year: int) -> list[str]:
    body = client.get(f"{address}?year={year}").text.split("Standing</h3>")[1].split("<nav")[0]
    return [words(each) for each in re.findall(r"<li>(.*?)</li>", body, re.DOTALL)]


def test_its_page_tells_where_it_stood(client: Client, dominator: Ride) -> None:
    body = client.get("/rides/dominator/").text
    assert '<a href="/parks/lake/">Lake Park</a> (2000 – 16 September 2007; Batman)' in body
    life = re.search(r'<ol class="life">(.*?)</ol>', body, re.DOTALL)
    assert life is not None
    assert [words(each) for each in re.findall(r"<li>(.*?)</li>", life[1], re.DOTALL)] == [
        "1990 Opened at a fair in Memphis",
        "2000 Opened at Lake Park, as Batman",
        "16 September 2007 Closed at Lake Park, and was moved",
        "2008 Opened at Dominion",
    ]


def test_the_park_that_it_left_lists_it(client: Client, dominator: Ride) -> None:
    assert lists(client, "/parks/lake/") == {
        "Rides that were moved from here": [
            "Dominator Dominion, Operating, 2008, 2000 – 16 September 2007"
        ]
    }
    assert 'href="/rides/?former_places=lake"' in client.get("/parks/lake/").text
    assert "/rides/dominator/" in client.get("/rides/?former_places=lake").text
    assert "/rides/dominator/" not in client.get("/rides/?former_places=dominion").text


def test_it_stands_in_the_years_of_both_parks(client: Client, dominator: Ride) -> None:
    lake, dominion = "/parks/lake/timeline/", "/parks/dominion/timeline/"
    assert standing(client, lake, 2003) == ["Batman now Dominator later at Dominion"]
    assert standing(client, lake, 2008) == []
    assert standing(client, dominion, 2007) == []
    assert standing(client, dominion, 2008) == [
        "Dominator earlier at a fair in Memphis earlier Batman at Lake Park"
    ]


def test_each_park_has_the_years_that_were_its_own(client: Client, dominator: Ride) -> None:
    vale = Park.objects.create(slug="vale", name="Vale")
    dominator.former_places = [
        FormerPlace(park=str(vale.pk), since="1995", until="1999"), *dominator.former_places
    ]  # fmt: skip
    dominator.save()
    assert standing(client, "/parks/vale/timeline/", 1997) == ["Dominator later at Dominion"]
    assert standing(client, "/parks/lake/timeline/", 1997) == []


def test_a_place_that_tells_only_its_end_is_of_that_year(client: Client, dominator: Ride) -> None:
    lake = Park.objects.get(slug="lake")
    dominator.former_places = [FormerPlace(park=str(lake.pk), until="2007")]
    dominator.save()
    assert standing(client, "/parks/lake/timeline/", 2007) == ["Dominator later at Dominion"]
    assert standing(client, "/parks/lake/timeline/", 2006) == []


def test_former_places_are_those_of_the_viewpoint(client: Client, dominator: Ride) -> None:
    position = reading.last_position()
    fork("spring")
    with branch_context("spring"):
        ride = Ride.objects.get(slug="dominator")
        ride.former_places = [
            each.replace(called="Knight Flight") if each.park else each
            for each in ride.former_places
        ]
        ride.save()
    dominator.former_places = []
    dominator.save()
    assert lists(client, "/parks/lake/") == {}
    assert "Rides that were moved from here" in lists(client, f"/@p{position}/parks/lake/")
    on_branch = client.get("/~spring/rides/dominator/").text
    assert "as Knight Flight" in on_branch
    assert 'href="/~spring/parks/lake/"' in on_branch


def test_its_former_park_is_not_deleted_under_it(editor: Client, dominator: Ride) -> None:
    answer = editor.post("/parks/lake/delete/", {"message": "gone"})
    assert answer.status_code == 409
    assert Park.objects.filter(slug="lake").exists()
