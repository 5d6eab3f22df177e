"""The bar of time leads to each change of a page, on its branch, from wherever one stands."""

import re

import pytest
from django.test import Client

from versioning import branch_context
from versioning.branches.fork import fork
from wiki.frame.time_bar import MOST_MOMENTS
from wiki.models import Ride

pytestmark = pytest.mark.django_db


def change(ride: Ride, *bodies: str) -> list[int]:
    """Write bodies one after the other; the position of each."""
    for body in bodies:
        ride.body = body
        ride.save()
    return [row.valid_from for row in reversed(ride.history.all())]


def ways(client: Client, address: str) -> dict[str, str]:
    """Where the steps before and after lead from a page."""
    page = client.get(address).text
    return dict(re.findall(r'<a class="btn time-step" rel="(prev|next)" href="(.*?)"', page))


def ticks(client: Client, address: str) -> list[str]:
    page = client.get(address).text
    return re.findall(r'<li><a href="(.*?)"', page.partition("data-ticks")[2].partition("</ol>")[0])


def test_each_change_is_a_step(client: Client, kestrel: Ride) -> None:
    first, second, _ = change(kestrel, "Two.", "Three.")
    addresses = [f"/@p{first}/rides/kestrel/", f"/@p{second}/rides/kestrel/", "/rides/kestrel/"]
    assert ticks(client, "/rides/kestrel/") == addresses
    assert [ticks(client, each) for each in addresses] == [addresses] * 3
    assert ways(client, addresses[0]) == {"next": addresses[1]}
    assert ways(client, addresses[1]) == {"prev": addresses[0], "next": addresses[2]}
    assert ways(client, addresses[2]) == {"prev": addresses[1]}


def test_each_tick_shows_the_page_as_it_became(client: Client, kestrel: Ride) -> None:
    change(kestrel, "Body two.", "Body three.")
    shown = [client.get(each).text for each in ticks(client, "/rides/kestrel/")]
    assert ["It <strong>flies" in shown[0], "Body two" in shown[1], "Body three" in shown[2]] == [
        True
    ] * 3
    assert "Body three" not in shown[1]


def test_between_two_changes_the_earlier_one_is_shown(client: Client, kestrel: Ride) -> None:
    other = Ride.objects.create(slug="other", name="Other")
    between = other.history.all()[0].valid_from
    change(kestrel, "Two.")
    assert ways(client, f"/@p{between}/rides/kestrel/") == {"next": "/rides/kestrel/"}
    page = client.get(f"/@p{between}/rides/kestrel/").text
    assert re.search(r"/diff/\?from=p\d+&amp;to=p\d+", page) or "/diff/?from=p" in page


def test_a_branch_has_its_own_changes_behind_those_that_it_inherits(
    client: Client, kestrel: Ride
) -> None:
    (first,) = change(kestrel)
    fork("spring")
    with branch_context("spring"):
        change(Ride.objects.get(slug="kestrel"), "On the branch.")
    change(kestrel, "On main.")
    assert ticks(client, "/~spring/rides/kestrel/") == [
        f"/@p{first}/rides/kestrel/", "/~spring/rides/kestrel/",
    ]  # fmt: skip
    assert "On the branch" in client.get("/~spring/rides/kestrel/").text


def test_before_a_branch_was_forked_one_reads_what_it_was_forked_from(
    client: Client, kestrel: Ride
) -> None:
    (first,) = change(kestrel)
    for parent, name in (("main", "spring"), ("spring", "tidy-up")):
        fork(name, parent=parent)
        with branch_context(name):
            change(Ride.objects.get(slug="kestrel"), f"On {name}.")
    found = ticks(client, "/~tidy-up/rides/kestrel/")
    assert found[0] == f"/@p{first}/rides/kestrel/"
    assert found[1].startswith("/~spring@p")
    assert [client.get(each).status_code for each in found] == [200] * 3
    assert "On spring" in client.get(found[1]).text


def test_a_long_history_costs_no_more(client: Client, kestrel: Ride) -> None:
    change(kestrel, *(f"Body {number}." for number in range(MOST_MOMENTS + 5)))
    assert len(ticks(client, "/rides/kestrel/")) == MOST_MOMENTS
    assert "prev" not in ways(client, "/@p1/rides/kestrel/")


def test_a_preview_has_none(client: Client, kestrel: Ride) -> None:
    fork("spring")
    with branch_context("spring"):
        change(Ride.objects.get(slug="kestrel"), "On the branch.")
    page = client.get("/~main+spring/rides/kestrel/")
    assert page.status_code == 200
    assert "data-ticks" not in page.text


def test_before_a_rename_the_page_stands_where_it_stood(client: Client, kestrel: Ride) -> None:
    kestrel.slug = kestrel.name = "falcon"
    kestrel.save()
    first, now = ticks(client, "/rides/falcon/")
    assert (first.rpartition("/rides/")[2], now) == ("kestrel/", "/rides/falcon/")
    assert client.get(first).status_code == client.get(now).status_code == 200
    assert ways(client, first) == {"next": now}
