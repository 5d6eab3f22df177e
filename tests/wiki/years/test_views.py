"""What was true when, at every viewpoint: a park's years, this day, figures."""

from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from eventstore import reading
from versioning import branch_context
from versioning.branches.fork import fork
from wiki.models import Article, Company, Park, Ride
from wiki.pages.models import Page
from wiki.years.charts import columns, rows
from wiki.years.days import read_day
from wiki.years.park import park_in
from wiki.years.stays import NO_AREAS, rides_of, untold_rides
from wiki.years.then import then, years_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def park(kestrel: Ride) -> Park:
    acme = Company.objects.create(slug="acme", name="Acme")
    bolt = Company.objects.create(slug="bolt", name="Bolt")
    park = Park.objects.get()
    park.owners = [
        {"id": "1", "company": str(acme.pk), "until": "1989"},
        {"id": "2", "company": str(bolt.pk), "since": "1989-05"},
    ]
    park.names = [{"id": "1", "name": "Mount Park", "until": "1985"}]
    park.attendance = [{"id": "1", "year": 1986, "visitors": 120000}]
    park.save()
    for slug, opened, closed in (
        ("old", "1980", "1985-06"), ("long", "1980-05-14", None), ("late", "1989~", "1990"),
    ):  # fmt: skip
        ride = Ride(slug=slug, name=slug.title(), park=park, opened=opened)
        ride.closed = closed
        ride.save()
    return park


def test_a_park_in_a_year(park: Park) -> None:
    stays = rides_of(park)
    in_1985 = park_in(1985, stays, NO_AREAS)
    assert [each.called for each in in_1985.elsewhere] == ["Old", "Long"]
    assert [each.called for each in in_1985.closed] == ["Old"]
    assert [each.called for each in park_in(1989, stays, NO_AREAS).opened] == ["Late"]
    assert facts_in(park, 1985) == {
        "Other names": ["Mount Park (until 1985; former name)"],
        "Owners": ["Acme (until 1989)"],
    }
    assert facts_in(park, 1986)["Attendance"] == ["1986 (120,000 visitors)"]
    assert len(facts_in(park, 1989)["Owners"]) == 2
    assert years_of(park, stays)[0] == 1980
    assert untold_rides(park) == 1  # Kestrel


def test_a_ride_that_is_gone_stands_no_more(client: Client, park: Park) -> None:
    gone = Ride(slug="gone", name="Gone", park=park, opened="1982", status="removed")
    gone.save()
    told = Ride(slug="told", name="Told", park=park, opened="1982", status="removed")
    told.statuses = [{"id": "1", "status": "operating", "since": "1982", "until": "1984"}]
    told.names = [{"id": "1", "name": "First", "since": "1982", "until": "1982"}]
    told.save()
    stays = [stay for stay in rides_of(park) if stay.first == 1982]
    standing = {
        year: [each.called for each in park_in(year, stays, NO_AREAS).elsewhere]
        for year in range(1982, 1986)
    }
    assert standing == {1982: ["Gone", "First"], 1983: ["Told"], 1984: ["Told"], 1985: []}
    body = client.get("/parks/hill-park/timeline/").content.decode()
    assert "1 ride of this park is gone, but it is not known since when" in body


def test_a_year_that_nothing_is_told_of_says_so(client: Client, park: Park) -> None:
    for year in ("1900", "2900"):
        body = client.get(f"/parks/hill-park/timeline/?year={year}").content.decode()
        assert f"In {year}" in body
        assert "No ride is known to have stood here" in body
    assert client.get("/parks/hill-park/timeline/?year=7").status_code == 400


def facts_in(page: Page, year: int) -> dict[str, list[str]]:
    return {label: [str(value) for value in values] for label, values in then(page, year).facts}


def test_a_ride_in_a_year(client: Client, kestrel: Ride) -> None:
    kestrel.opened, kestrel.closed = "1970-05", "2001"
    kestrel.statuses = [
        {"id": "1", "status": "operating", "since": "1970", "until": "1998"},
        {"id": "2", "status": "standing", "since": "1998", "until": "2001"},
    ]
    kestrel.names = [
        {"id": "1", "name": "Bolt", "since": "1970", "until": "1980"},
        {"id": "2", "name": "The K", "sort": "alias"},
    ]
    kestrel.milestones = [{"id": "1", "date": "1975-07-01", "sort": "record", "what": "A record"}]
    kestrel.save()
    kestrel.refresh_from_db()

    def happened(year: int) -> list[tuple[str, str]]:
        return [(str(each.date), each.what) for each in then(kestrel, year).happened]

    in_1975 = then(kestrel, 1975)
    assert happened(1975) == [("1 July 1975", "A record")]
    assert [len(values) for _, values in in_1975.facts] == [1, 1]
    assert happened(1970) == [("1970", "Called Bolt from then on"), ("May 1970", "Opened")]
    assert years_of(kestrel) == range(1970, 2002)
    body = client.get("/rides/kestrel/timeline/?year=1975").content.decode()
    assert "A record" in body
    assert "The K" not in body
    assert 'href="/rides/kestrel/timeline/"' in client.get("/rides/kestrel/").content.decode()


def test_kinds_that_do_not_begin_and_end_have_no_years(client: Client) -> None:
    Article.objects.create(slug="lifts", name="Lifts")
    assert client.get("/articles/lifts/timeline/").status_code == 404
    assert "timeline" not in client.get("/articles/lifts/").content.decode()


def test_the_page_shows_a_year_and_leads_to_the_next(client: Client, park: Park) -> None:
    body = client.get("/parks/hill-park/timeline/?year=1985").content.decode()
    assert "In 1985" in body
    assert "/rides/old/" in body
    assert "Mount Park" in body
    assert 'href="?year=1986"' in body
    assert "The opening of 1 ride of this park is not known" in body
    assert client.get("/parks/hill-park/timeline/?year=x").status_code == 400
    assert client.get("/parks/nowhere/timeline/").status_code == 404


def test_years_open_where_something_happened_last(client: Client, park: Park) -> None:
    assert "In 1990" in client.get("/parks/hill-park/timeline/").text
    assert "In 1985" in client.get("/rides/old/timeline/").text
    Ride.objects.create(slug="to-come", name="To come", park=park, opened="2999")
    assert "In 1990" in client.get("/parks/hill-park/timeline/").text


def test_what_the_wiki_said_then_and_what_was_true_then_are_two_questions(
    client: Client, park: Park
) -> None:
    before = reading.last_position()
    fork("spring")
    with branch_context("spring"):
        ride = Ride.objects.get(slug="old")
        ride.closed = "1999"
        ride.save()
    Ride.objects.get(slug="long").delete()
    address = "parks/hill-park/timeline/?year=1990"
    assert "/rides/old/" not in client.get(f"/{address}").content.decode().split("All years")[0]
    assert "/rides/old/" in client.get(f"/~spring/{address}").content.decode().split("All years")[0]
    assert "/rides/long/" not in client.get(f"/{address}").content.decode()
    assert "/rides/long/" in client.get(f"/@p{before}/{address}").content.decode()


def test_a_park_without_dates_says_so(client: Client, kestrel: Ride) -> None:
    body = client.get("/parks/hill-park/timeline/").content.decode()
    assert "This page has no dates or periods yet" in body


def test_this_day(client: Client, park: Park) -> None:
    body = client.get("/on-this-day/?day=05-14").content.decode()
    assert "On 14 May" in body
    assert "<b>1980</b>" in body
    assert (
        "This wiki knows of nothing that" in client.get("/on-this-day/?day=02-29").content.decode()
    )
    assert client.get("/on-this-day/").status_code == 200
    for wrong in ("02-30", "x", "13-01", "1-1"):
        assert client.get(f"/on-this-day/?day={wrong}").status_code == 400
    assert read_day("", date(2023, 3, 1)) == date(2000, 3, 1)


def test_milestones_happened_on_a_day_too(client: Client, park: Park) -> None:
    acme, old = Company.objects.get(slug="acme"), Ride.objects.get(slug="old")
    for page, date_told in ((park, "1955-07-17"), (acme, "1926-07-17"), (old, "1955-07")):
        what = f"{page.name} set a record."
        page.milestones = [{"id": "1", "date": date_told, "sort": "record", "what": what}]
        page.save()
    body = client.get("/on-this-day/?day=07-17").content.decode()
    assert f"{park.name} set a record." in body
    assert body.index("Acme set a record.") < body.index(f"{park.name} set a record.")
    assert f"{old.name} set a record." not in body


def test_days_lead_to_each_other(client: Client) -> None:
    body = client.get("/on-this-day/?day=12-31").content.decode()
    assert 'rel="prev" href="?day=12-30"' in body
    assert 'rel="next" href="?day=01-01"' in body
    assert 'href="?day=02-29"' in client.get("/on-this-day/?day=03-01").content.decode()
    asked = client.get("/on-this-day/?day=4&month=7")
    assert asked["Location"].endswith("/on-this-day/?day=07-04")
    assert client.get("/on-this-day/?day=31&month=2").status_code == 400
    assert client.get("/on-this-day/?day=-1&month=x").status_code == 400


def test_statistics_count_what_is_told(client: Client, park: Park) -> None:
    ride = Ride.objects.get(slug="old")
    ride.manufacturer = Company.objects.get(slug="acme")
    ride.save()
    park.country = "FR"
    park.save()
    body = client.get("/statistics/").content.decode()
    assert "1980: 2" in body
    for query in ("manufacturer=acme", "country=FR", "opened_from=1980&amp;opened_to=1980"):
        # The bar, and the figures beside it.
        assert body.count(f'href="/rides/?{query}"') == 2
        assert "Old" in client.get(f"/rides/?{query}".replace("&amp;", "&")).content.decode()
    assert "France" in body
    assert "style=" not in body.split("<main")[1]


def test_pictures_are_in_proportion() -> None:
    chart = columns({1990: 2, 1992: 4}, {1990: "/rides/"})
    assert [(bar.height, bar.href) for bar in chart.bars] == [(80, "/rides/"), (160, "")]
    assert [(level.y, level.label) for level in chart.levels] == [(80, "2"), (0, "4")]
    assert columns({}, {}).bars == ()
    assert [bar.width for bar in rows([("a", 10, ""), ("b", 5, "")]).bars] == [470, 235]


@pytest.mark.parametrize(
    ("most", "levels"), [(1, ["1"]), (3, ["1", "2", "3"]), (39, ["10", "20", "30"]),
                         (40, ["20", "40"]), (6000, ["2,000", "4,000", "6,000"])]
)  # fmt: skip
def test_an_axis_has_few_round_values(most: int, levels: list[str]) -> None:
    assert [each.label for each in columns({1999: most}, {}).levels] == levels


@pytest.mark.parametrize(
    "address", ["/statistics/", "/on-this-day/?day=05-14", "/parks/hill-park/timeline/"]
)
def test_pages_of_years_ask_as_little_in_a_larger_wiki(
    client: Client,
    park: Park,
    address: str,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_max_num_queries(12):
        client.get(address)
    for number in range(30):
        Ride.objects.create(
            slug=f"r{number}", name=f"R {number}", park=park, opened=f"19{number + 60}-05-14"
        )
    with django_assert_max_num_queries(12):
        client.get(address)
