"""The bar of time of lists, the map and all other pages of the whole site."""

from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from eventstore import reading
from tests.wiki.frame.test_time_bar import ticks, ways
from versioning import acting_as, branch_context
from versioning.branches.fork import fork
from versioning.models import Branch
from wiki.frame.site_time import spans
from wiki.frame.time_bar import MOST_MOMENTS
from wiki.models import Park, Ride

ADDRESSES = (
    "", "rides/?status=operating", "changes/", "map/", "statistics/", "on-this-day/",
    "search/?q=hill", "reports/links/", "reports/orphans/rides/",
)  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_that_is_read_steps_from_change_to_change(
    client: Client, kestrel: Ride, address: str
) -> None:
    first = reading.last_position()
    Park.objects.create(slug="dale", name="Dale")
    second = reading.last_position()
    Park.objects.create(slug="vale", name="Vale")
    past, now = f"/@p{first}/{address}", f"/{address}"
    assert ways(client, now) == {"prev": f"/@p{second}/{address}"}
    assert ways(client, past)["next"] == f"/@p{second}/{address}"
    assert ticks(client, past)[-1] == now
    asked = urlencode({"path": now})
    page = client.get(past).text
    assert f'/travel/branches/?{asked}"' in page
    assert f"/changes/?from=p{first}&amp;to=p{second + 1}" in page


@pytest.mark.django_db
@pytest.mark.parametrize("view", ["history/", "blame/", "timeline/", "links/"])
def test_a_view_of_a_page_has_its_bar_and_stays_that_view(
    client: Client, kestrel: Ride, view: str
) -> None:
    kestrel.slug = "falcon"
    kestrel.save()
    before, now = ticks(client, f"/rides/falcon/{view}")
    assert before.endswith(f"/rides/kestrel/{view}")
    assert now == f"/rides/falcon/{view}"
    assert client.get(before).status_code == 200


@pytest.mark.django_db
def test_a_branch_has_its_own_time_and_a_preview_none(client: Client, kestrel: Ride) -> None:
    fork("spring")
    assert ways(client, "/~spring/rides/") == {}
    for name in ("Falcon", "Eagle"):
        with branch_context("spring"):
            ride = Ride.objects.get()
            ride.name = name
            ride.save()
    (before,) = ways(client, "/~spring/rides/").values()
    assert "Falcon" in client.get(before).text
    assert "data-ticks" not in client.get("/~main+spring/rides/").text


@pytest.mark.django_db
def test_before_everything_the_first_change_is_next(client: Client, kestrel: Ride) -> None:
    assert list(ways(client, "/@p0/rides/")) == ["next"]


@given(
    first=st.dates(date(2000, 1, 1), date(2060, 1, 1)),
    days=st.integers(min_value=0, max_value=90_000),
)
def test_ticks_are_few_in_order_and_within_however_long_the_log_is(first: date, days: int) -> None:
    last = min(first + timedelta(days), date(2300, 1, 1))
    ends = spans(first, last)
    assert ends == sorted(set(ends))
    assert len(ends) <= MOST_MOMENTS
    assert all(first <= day < last for day in ends)
    assert bool(ends) is (last > first) or (last - first).days < 700


@pytest.mark.django_db
def test_a_page_is_read_on_another_branch(client: Client, kestrel: Ride) -> None:
    fork("tidy-up", title="My tidy-up")
    with acting_as(User.objects.create_user("somebody").pk):
        fork("own", is_private=True)
    address = f"/travel/branches/?{urlencode({'path': '/rides/?status=closed'})}"
    page = client.get(address).text
    assert '<a href="/~tidy-up/rides/?status=closed">My tidy-up</a>' in page
    assert '<a href="/rides/?status=closed">main</a>' in page
    assert "~own" not in page
    assert Branch.every.count() == 3
    assert "<html" not in client.get(f"{address}&part=choices").text
    assert client.get("/travel/branches/?path=//evil.example/").status_code == 400
