"""The fear: a page that is not of today takes longer to come. No cache in between."""

from collections.abc import Callable, Iterator

from django.test import Client

from eventstore import reading
from projections.following.followed import catch_up
from tests.benchmarks.contestants.models import TEXT
from tests.benchmarks.harness import OURS, Row, Target, Timing, in_turn, timed_row
from tests.benchmarks.wiki import Size, Wiki
from versioning import branch_context
from versioning.branches.fork import fork
from wiki.models import Ride

RIDES = 60
MOST_IN_PAST, MOST_ON_BRANCH, MOST_OF_A_SEARCH = 1.3, 1.5, 1.5


def rows(wiki: Wiki, size: Size) -> Iterator[Row]:
    """One ride's page, the list of rides and a search, at four viewpoints in turn."""
    rides = Ride.objects.bulk_create(
        [Ride(slug=f"ride-{n}", name=f"Ride {n:03}", body=TEXT) for n in range(RIDES)]
    )
    position = reading.last_position()
    for ride in rides:
        ride.body += "\n\nIt was painted anew."
    Ride.objects.bulk_update(rides, ["body"])
    name = wiki.fresh_name()
    fork(name)
    with branch_context(name):
        Ride.objects.filter(slug="ride-1").update(name="Ride 001, renamed")
    nested = wiki.fresh_name()
    fork(nested, parent=name)
    with branch_context(nested):
        Ride.objects.filter(slug="ride-2").update(name="Ride 002, renamed")
    catch_up()
    for what, path in (
        ("a page", "rides/ride-1/"),
        ("a list page", "rides/"),
        ("a search", "search/?q=ride+00"),
    ):
        timings = in_turn(
            {
                "head": _get(f"/{path}"),
                "past": _get(f"/@p{position}/{path}"),
                "branch": _get(f"/~{name}/{path}"),
                "branch of a branch": _get(f"/~{nested}/{path}"),
            },
            max(20, size.repeats // 5),
        )
        yield from _compared(what, timings)


def _compared(what: str, timings: dict[str, Timing]) -> Iterator[Row]:
    head = timings["head"].p50
    yield timed_row(f"{what}, head", {OURS: timings["head"]})
    in_past = MOST_OF_A_SEARCH if "search" in what else MOST_IN_PAST
    most_at = {
        "past": in_past,
        "branch": MOST_ON_BRANCH,
        "branch of a branch": MOST_ON_BRANCH,
    }
    for where, most in most_at.items():
        target = Target(f"≤ {most} × head", timings[where].p50 / head, most=most)
        yield timed_row(f"{what}, {where}", {OURS: timings[where]}, [target])


def _get(path: str) -> Callable[[], None]:
    client = Client()

    def get() -> None:
        response = client.get(path)
        assert response.status_code == 200, f"{path} answers {response.status_code}."

    return get
