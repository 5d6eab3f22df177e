"""Moments that are to come, twice, never; dates that are hardly any."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client

from eventstore import reading, standing
from eventstore.models import Changeset
from tests.eventstore.test_clocks import date_the_newest
from tests.hostile.driving import allowed, nothing_stored, text_of
from tests.hostile.inputs import entries, entry
from tests.hostile.test_form import errors
from tests.projections.audit.test_auditing import as_a_superuser_would
from tests.wiki.editing.test_views import open_form
from tests.wiki.moderation.test_desk import account, browser
from versioning import branch_context, viewpoint
from versioning.branches.fork import fork
from versioning.branches.results import ResultRefused
from versioning.fields.dates import PartialDate
from wiki.models import Ride

pytestmark = pytest.mark.django_db


def moment(ahead: timedelta, *, day: bool = False) -> str:
    at = datetime.now(UTC) + ahead
    return at.strftime("%Y-%m-%d" if day else "%Y-%m-%dT%H:%M:%SZ")


@entry(268)
@pytest.mark.parametrize(
    "when", ["2099-01-01", moment(timedelta(days=1), day=True), "in a minute",
             "9999-12-31", "9999-12-31T23:59:59Z"],
)  # fmt: skip
def test_a_moment_to_come_is_the_present_for_now(client: Client, kestrel: Ride, when: str) -> None:
    if when == "in a minute":
        when = moment(timedelta(minutes=1))
    answer = client.get(f"/@{when}/rides/kestrel/")
    allowed(268, answer)
    assert (answer.status_code, answer["Location"]) == (
        302, f"/@p{reading.last_position()}/rides/kestrel/",
    )  # fmt: skip
    kestrel.name = "Falcon"
    kestrel.save()
    assert client.get(f"/@{when}/")["Location"] == f"/@p{reading.last_position()}/"


@entry(269)
def test_today_moves_until_it_is_over(client: Client, kestrel: Ride) -> None:
    today = moment(timedelta(), day=True)
    for n in range(4):
        answer = client.get(f"/@{today}/rides/kestrel/")
        allowed(269, answer)
        assert answer["Location"] == f"/@p{reading.last_position()}/rides/kestrel/"
        assert "max-age" not in answer.headers.get("Cache-Control", "")
        kestrel.name = f"Falcon {n}"
        kestrel.save()
    assert client.get("/@2020-01-01/").status_code == 301


ZONES = [
    ("2020-03-01T12:00:00+02:00", True), ("2020-03-01T12:00:00%2B02:00", True),
    ("2020-03-01T12:00:00%2002:00", False), ("2020-03-01T12:00:00+14:00", True),
    ("2020-03-01T12:00:00-12:00", True), ("2020-03-01T12:00:00+25:00", False),
    ("2020-03-01T12:00:00Z", True), ("2020-03-01T12:00:00", True), ("2020-03-01T12:00", True),
    ("2020-03-01T12:00:00[Europe/Berlin]", False), ("2020-03-01T12:00:00+2:00", False),
    ("2020-03-01T24:00:00Z", False), ("2020-03-01T23:59:60Z", False),
    ("2020-03-01T12:00:00z", False),
]  # fmt: skip


@entry(271)
@pytest.mark.parametrize(("when", "is_read"), ZONES)
def test_a_zone_is_read_as_it_is_written(client: Client, when: str, is_read: bool) -> None:
    answer = client.get(f"/@{when}/")
    allowed(271, answer)
    assert (answer.status_code == 301) == is_read


@entry(271)
def test_zones_are_of_one_moment(kestrel: Ride) -> None:
    """Without one, a time is of UTC, as the reference says."""
    at = Changeset.objects.latest("id").recorded_at + timedelta(seconds=1)
    texts = [
        at.strftime("%Y-%m-%dT%H:%M:%S"),
        at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        (at + timedelta(hours=5, minutes=45)).strftime("%Y-%m-%dT%H:%M:%S+05:45"),
        (at - timedelta(hours=12)).strftime("%Y-%m-%dT%H:%M:%S-12:00"),
    ]
    found = set()
    for text in texts:
        with viewpoint("main", at=text) as seen:
            found.add(seen.position)
    assert found == {reading.last_position()}


@entry(272)
@pytest.mark.parametrize("when", ["2026-03-29T02:30", "2026-10-25T02:30", "2026-03-29 02:30"])
def test_no_hour_is_of_a_zone_with_summer_time(client: Client, when: str) -> None:
    """Times are of UTC, in which no hour is twice or missing; a zone is written as its offset."""
    answer = client.get("/travel/", {"when": when, "path": "/rides/"})
    allowed(272, answer)
    if answer.status_code == 302:
        assert answer["Location"].startswith("/@")
    named = client.get("/travel/", {"when": f"{when}[Europe/Berlin]", "path": "/rides/"})
    assert named.status_code == 400


@entry(274)
def test_of_two_changesets_of_one_time_the_last_counts(client: Client, kestrel: Ride) -> None:
    kestrel.name = "Falcon"
    kestrel.save()
    first, last = Changeset.objects.order_by("-id")[:2][::-1]
    with as_a_superuser_would(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE eventstore_changeset SET recorded_at = %s WHERE id = %s",
            [first.recorded_at, last.pk],
        )
    for _ in range(3):
        assert standing.at_time(first.recorded_at).position == last.last_position
        earlier = standing.at_time(first.recorded_at - timedelta(microseconds=1))
        assert earlier.position < first.first_position
    when = first.recorded_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    answer = client.get(f"/@{when}/")
    allowed(274, answer)
    assert answer["Location"] == f"/@p{last.last_position}/"


@entry(275)
def test_a_clock_that_goes_back_lets_no_time_run_back(client: Client, kestrel: Ride) -> None:
    ahead = date_the_newest(timedelta(hours=1))
    for name in ("Falcon", "Eagle"):
        kestrel.name = name
        kestrel.save()
    times = list(Changeset.objects.order_by("id").values_list("recorded_at", flat=True))
    assert times == sorted(times)
    found = {standing.at_time(ahead.recorded_at).position for _ in range(3)}
    assert found == {reading.last_position()}
    for address in ("/rides/kestrel/history/", "/changes/", "/changes/feed/"):
        allowed(275, client.get(address))


DATES = [
    ("1978", True), ("1978-05", True), ("1978~", True), ("1978?", True), ("197X", True),
    ("1978-XX-12", None), ("1978/1980", True), ("../1980", True), ("1978-21", True),
    ("Y170000002", False), ("1978-05-00", False), ("[1667,1668]", None), ("{1960,1961-12}", None),
    ("2024-1X", None), ("../198X", None), ("2024-02-3X", False), ("{1969..1965}", False),
    ("1980/1978", False), ("-0001", None), ("0000", None), ("1978-13", False),
    ("1978-02-30", False),
]  # fmt: skip


@entry(277)
@pytest.mark.parametrize(("typed", "is_taken"), DATES)
def test_a_date_is_kept_as_written_or_refused_with_an_example(
    editor: Client, client: Client, kestrel: Ride, typed: str, is_taken: bool | None
) -> None:
    address = "/rides/kestrel/edit/"
    answer = editor.post(address, open_form(editor, address) | {"opened": typed})
    allowed(277, answer)
    if is_taken is not None:
        assert (answer.status_code == 302) == is_taken
    kept = Ride.objects.get().opened
    if answer.status_code == 302:
        assert kept == PartialDate(typed)
        form = open_form(editor, address)
        with nothing_stored():
            editor.post(address, form)
        assert client.get("/rides/?order=newest").status_code == 200
    else:
        assert kept is None
        assert f"“{typed}” " in errors(answer.text)
    filtered = client.get("/rides/", {"opened_from": typed})
    assert filtered.status_code in {200, 400}


SLOW = [*entries()[278].generated, "1978-05-" * 2_000, "1X" * 5_000, "[" * 5_000, "1978/" * 3_000]


@entry(278)
@pytest.mark.parametrize("index", range(len(SLOW)))
def test_a_date_is_short(editor: Client, client: Client, kestrel: Ride, index: int) -> None:
    typed = SLOW[index]
    form = open_form(editor, "/rides/kestrel/edit/") | {"opened": typed}
    begun = time.thread_time()
    with nothing_stored():
        answer = editor.post("/rides/kestrel/edit/", form)
    allowed(278, answer)
    assert answer.status_code == 422
    assert client.get("/rides/", {"opened_from": typed}).status_code in {200, 400}
    assert client.get("/search/", {"q": "x", "opened_from": typed}).status_code in {200, 400}
    assert time.thread_time() - begun < 8


@entry(280)
def test_rights_are_those_of_today(kestrel: Ride) -> None:
    """What is for some alone stands in no viewpoint: the desk of today, for who moderates today."""
    then = reading.last_position()
    was, became = account("was", "moderators"), account("became")
    clients = browser(was), browser(became)
    was.groups.set([Group.objects.get(name="editors")])
    became.groups.set([Group.objects.get(name="moderators")])
    assert [client.get("/moderation/").status_code for client in clients] == [403, 200]
    for client, may in zip(clients, (False, True), strict=True):
        page = allowed(280, client.get(f"/@p{then}/rides/kestrel/"))
        assert "rename" not in page or not may or "Kestrel" in page
        assert client.get(f"/@p{then}/moderation/")["Location"] == "/moderation/"
    form = open_form(clients[1], "/rides/kestrel/edit/")
    with nothing_stored():
        assert clients[1].post(f"/@p{then}/rides/kestrel/edit/", form).status_code == 409


@entry(281)
def test_the_past_is_read_with_the_schema_of_today(
    client: Client, moderator: Client, kestrel: Ride
) -> None:
    """A value that was a choice once reads as it was; a revert to it is asked about."""
    kestrel.category = "wooden-of-old"
    kestrel.save()
    old = reading.last_position()
    kestrel.refresh_from_db()
    kestrel.category = "dark"
    kestrel.save()
    number = Changeset.objects.latest("id").pk
    for address in (
        f"/@p{old}/rides/kestrel/", "/rides/kestrel/history/2/", "/rides/kestrel/diff/?from=2&to=3",
        f"/@p{old}/rides/?format=csv", f"/@p{old}/rides/", "/rides/kestrel/blame/",
    ):  # fmt: skip
        text_of(client.get(address))
        allowed(281, client.get(address))
    page = moderator.get(f"/changes/{number}/revert/")
    allowed(281, page)
    answer = moderator.post(f"/changes/{number}/revert/")
    assert (answer.status_code, Ride.objects.get().category) == (409, "dark")


@entry(281)
def test_no_branch_takes_what_is_no_choice(kestrel: Ride) -> None:
    fork("spring")
    with nothing_stored(), pytest.raises(ResultRefused), branch_context("spring"):
        Ride.objects.update(category="wooden-of-old")
