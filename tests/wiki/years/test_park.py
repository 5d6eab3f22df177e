"""A park year by year: its areas, the rides in them, those that came and those that moved on."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from eventstore import reading
from versioning import branch_context
from versioning.branches.fork import fork
from wiki.models import Park, ParkArea, Ride

pytestmark = pytest.mark.django_db

HILL = "/parks/hill/timeline/"
VALLEY = "/parks/valley/timeline/"


@pytest.fixture
def hill(db: None) -> Park:
    return Park.objects.create(slug="hill", name="Hill Park", opened="1970")


@pytest.fixture
def valley(db: None) -> Park:
    return Park.objects.create(slug="valley", name="Valley Park", opened="1960")


@pytest.fixture
def moved(hill: Park, valley: Park) -> Ride:
    """Kestrel stood at Hill Park from 1980 to 1994, and since 1996 is Falcon at Valley Park."""
    kestrel = Ride.objects.create(
        slug="kestrel", name="Kestrel", park=hill, opened="1980", closed="1994", status="relocated"
    )
    Ride.objects.create(
        slug="falcon", name="Falcon", park=valley, opened="1996", status="operating",
        moved_from=kestrel,
    )  # fmt: skip
    return kestrel


def told(client: Client, address: str, year: int) -> dict[str, list[str]]:
    """What a park's page tells of a year: lists by their title, and what opened and closed."""
    answer = client.get(f"{address}?year={year}")
    assert answer.status_code == 200
    shown = answer.content.decode().split("All years")[0].split(f"In {year}</h2>")[1]
    lists = re.findall(
        r'<h[34]>((?:(?!</h).)*)</h[34]>\s*<ul class="columns">(.*?)</ul>', shown, re.DOTALL
    )
    events = re.findall(r"<p>(Opened|Closed): (.*?)\.</p>", shown, re.DOTALL)
    return {
        **{words(title): [words(li) for li in re.findall(r"<li>(.*?)</li>", items, re.DOTALL)]
           for title, items in lists},
        **{what: words(which).split("; ") for what, which in events},
    }  # fmt: skip


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


def test_a_ride_that_moved_on_stands_where_it_stood_with_where_it_went(
    client: Client, moved: Ride
) -> None:
    assert told(client, HILL, 1985) == {"Standing": ["Kestrel later Falcon at Valley Park"]}
    assert told(client, HILL, 1994)["Closed"] == ["Kestrel later Falcon at Valley Park"]
    assert told(client, HILL, 1995) == {}
    assert told(client, VALLEY, 1995) == {}
    in_1996 = told(client, VALLEY, 1996)
    assert in_1996["Opened"] == ["Falcon earlier Kestrel at Hill Park"]
    assert in_1996["Standing"] == ["Falcon earlier Kestrel at Hill Park"]


def test_what_opened_at_its_first_place_came_to_the_next_when_it_had_left(
    client: Client, moved: Ride
) -> None:
    falcon = Ride.objects.get(slug="falcon")
    falcon.opened = "1980"
    falcon.save()
    assert "Standing" not in told(client, VALLEY, 1993)
    assert told(client, VALLEY, 1994)["Standing"] == ["Falcon earlier Kestrel at Hill Park"]


def test_what_tells_that_it_was_moved_stands_since_it_was(client: Client, valley: Park) -> None:
    Ride.objects.create(
        slug="owl", name="Owl", park=valley, opened="1970", status="operating",
        statuses=[{"id": "1", "status": "relocated", "since": "1988", "until": "1990"}],
    )  # fmt: skip
    assert told(client, VALLEY, 1989) == {}
    assert told(client, VALLEY, 1990)["Standing"] == ["Owl"]


@pytest.mark.parametrize(
    ("facts", "last"),
    [
        ({}, 1996),  # it opened elsewhere
        ({"statuses": [{"id": "1", "status": "relocated", "since": "1992"}]}, 1992),
        ({"statuses": [{"id": "1", "status": "operating", "until": "1991"}]}, 1991),
    ],
)
def test_what_tells_no_end_was_gone_when_it_stood_elsewhere(
    client: Client, moved: Ride, facts: dict[str, object], last: int
) -> None:
    moved.closed = None
    for name, value in facts.items():
        setattr(moved, name, value)
    moved.save()
    assert "Standing" in told(client, HILL, last)
    assert "Standing" not in told(client, HILL, last + 1)


def test_a_move_that_is_only_announced_has_not_been(client: Client, moved: Ride) -> None:
    moved.closed, moved.status = None, "operating"
    moved.save()
    falcon = Ride.objects.get(slug="falcon")
    falcon.opened, falcon.status = "2090", "announced"
    falcon.save()
    assert told(client, HILL, 2020)["Standing"] == ["Kestrel"]


def test_a_ride_that_kept_its_name_only_says_where_it_went(client: Client, moved: Ride) -> None:
    falcon = Ride.objects.get(slug="falcon")
    falcon.name = "Kestrel"
    falcon.save()
    assert told(client, HILL, 1985)["Standing"] == ["Kestrel later at Valley Park"]
    assert 'href="/rides/falcon/">at Valley Park' in client.get(f"{HILL}?year=1985").text


def test_rides_stand_in_the_areas_that_were_there(client: Client, hill: Park) -> None:
    west = ParkArea.objects.create(
        slug="west", name="West", park=hill, opened="1980-05", closed="1989~",
        names=[{"id": "1", "name": "Prairie", "since": "1980", "until": "1984"}],
    )  # fmt: skip
    ParkArea.objects.create(slug="empty", name="Empty", park=hill, opened="1985")
    old = ParkArea.objects.create(slug="old", name="Old", park=hill)
    ParkArea.objects.create(slug="never", name="Never", park=hill)
    for name, area, opened in (
        ("Ant", west, "1975"), ("Bee", west, "1982"), ("Cat", old, "1975"), ("Dog", None, "1975")
    ):  # fmt: skip
        Ride.objects.create(
            slug=name.lower(), name=name, park=hill, area=area, opened=opened, closed="1986"
        )
    assert told(client, HILL, 1979) == {"Old": ["Cat"], "Elsewhere in the park": ["Ant", "Dog"]}
    in_1982 = told(client, HILL, 1982)
    assert in_1982["Prairie now West"] == ["Ant", "Bee"]
    assert in_1982["Opened"] == ["Bee"]
    assert told(client, HILL, 1980)["Opened"] == ["Prairie area now West"]
    in_1986 = told(client, HILL, 1986)
    assert in_1986["West"] == ["Ant", "Bee"]
    assert "Closed" not in told(client, HILL, 1989)
    assert told(client, HILL, 1990)["Closed"] == ["West area"]
    body = client.get(f"{HILL}?year=1987").text
    assert re.search(r'<h4><a href="/areas/empty/">Empty</a></h4>\s*<p', body)
    assert "/areas/old/" not in body.split("All years")[0]
    assert "The opening of 2 areas of this park is not known" in body


def test_a_park_of_one_area_has_years_too(client: Client, db: None) -> None:
    park = Park.objects.create(slug="hill", name="Hill Park")
    ParkArea.objects.create(slug="west", name="West", park=park, opened="1980", closed="1990")
    body = client.get(f"{HILL}?year=1985").text
    assert "In 1985" in body
    assert 'href="/areas/west/"' in body


def test_moves_and_areas_are_those_of_the_viewpoint(client: Client, moved: Ride) -> None:
    before = reading.last_position()
    fork("spring")
    with branch_context("spring"):
        falcon = Ride.objects.get(slug="falcon")
        falcon.name = "Hawk"
        falcon.save()
        ParkArea.objects.create(slug="west", name="West", park=moved.park, opened="1980")
    Ride.objects.get(slug="falcon").delete()
    assert told(client, HILL, 1985) == {"Standing": ["Kestrel"]}
    assert told(client, f"/@p{before}{HILL}", 1985) == {
        "Standing": ["Kestrel later Falcon at Valley Park"]
    }
    on_branch = client.get(f"/~spring{HILL}?year=1985").text
    assert "Hawk at Valley Park" in on_branch
    assert 'href="/~spring/areas/west/"' in on_branch


def test_years_ask_the_same_of_a_park_with_many_moves(
    client: Client, hill: Park, valley: Park
) -> None:
    def grow(numbers: range) -> None:
        for n in numbers:
            area = ParkArea.objects.create(slug=f"a-{n}", name=f"A {n}", park=hill, opened="1970")
            ride = Ride.objects.create(
                slug=f"r-{n}", name=f"R {n}", park=hill, area=area, opened="1975", closed="1990"
            )
            other = Ride.objects.create(
                slug=f"s-{n}", name=f"S {n}", park=valley, opened="1991", moved_from=ride
            )
            Ride.objects.create(
                slug=f"t-{n}", name=f"T {n}", park=hill, opened="1999", moved_from=other
            )

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert "R 1" in client.get(f"{HILL}?year=1980").text
        return len(asked)

    grow(range(2))
    at_first = queries()
    grow(range(2, 20))
    assert queries() == at_first
    assert at_first <= 10
