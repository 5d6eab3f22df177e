"""What each page asks the database: no more in a large wiki with a long history."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from projections.cache import cached as caching
from projections.following.followed import catch_up
from versioning import BatchOperation, branch_context
from versioning.branches.fork import fork
from versioning.branches.proposals import propose
from versioning.models import Branch, ProposalPurpose
from wiki.models import Article, Company, Park, Ride

pytestmark = pytest.mark.django_db

READING = [
    "",
    "rides/",
    "parks/",
    "rides/kestrel/",
    "parks/hill-park/",
    "companies/acme/",
    "articles/lifts/",
    "rides/kestrel/history/",
    "rides/kestrel/history/2/",
    "rides/kestrel/diff/?from=1&to=2",
    "rides/kestrel/blame/",
    "search/?q=kestrel",
    "search/?q=kestrel&kind=ride&status=unknown&park=hill-park&height_over=0",
    "search/suggest/?q=kes",
    "names/kestrel/",
    "changes/",
    "map/",
]
OUTSIDE = [
    "/audit/",
    "/branches/",
    "/branches/spring/",
    "/branches/spring/merge/",
    "/proposals/",
    "/proposals/1/",
    "/proposals/1/conflicts/",
    "/compare/?from=main&to=spring",
    "/changes/2/",
]
MOST = 50
"""Queries that no page needs more than, savepoints and settings included.

Pages about branches ask a few for each kind of page; those of readers ask a fifth of this.
"""


@pytest.fixture(autouse=True)
def without_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every page made anew: the dearest case."""
    monkeypatch.setattr("wiki.pages.views.cached", lambda key, make: make().value)
    monkeypatch.setattr("wiki.pages.lists.cached", lambda key, make: make().value)
    monkeypatch.setattr("wiki.names.views.cached", lambda key, make: make().value)
    monkeypatch.setattr("wiki.maps.views.cached", lambda key, make: make().value)
    monkeypatch.setattr("wiki.maps.places.cached", lambda key, make: make().value)
    assert caching


@pytest.fixture
def wiki(kestrel: Ride, acme: Company) -> None:
    """A small wiki with a branch in conflict and a proposal."""
    Article.objects.create(slug="lifts", name="Lifts", body="Chains.")
    kestrel.manufacturer = acme
    kestrel.save()
    kestrel.designers.set([acme])
    fork("spring")
    with branch_context("spring"):
        ride = Ride.objects.select_related("park").get()
        ride.name = "Falcon"
        ride.save()
        Ride.objects.create(slug="spring", name="Of spring", park=ride.park)
    kestrel.refresh_from_db()
    kestrel.name = "Eagle"
    kestrel.save()
    Park.objects.create(slug="dale", name="Dale")
    Park.objects.create(slug="eagle", name="Eagle", names=[{"id": "1", "name": "Kestrel"}])
    Ride.objects.create(slug="kestrel-2", name="Kestrel")
    Company.objects.create(slug="bolt", name="Bolt")
    propose(Branch.objects.get(name="spring"), ProposalPurpose.MERGE)


def grow() -> None:
    """Forty times as many pages, a long history, more of everything on the branch."""
    park, acme = Park.objects.get(slug="hill-park"), Company.objects.get(slug="acme")
    with BatchOperation("More") as batch:
        batch.process_changes(
            Ride(slug=f"r-{n}", name=f"Kestrel {n}", park=park, manufacturer=acme)
            for n in range(120)
        )
        batch.process_changes(Park(slug=f"p-{n}", name=f"Park {n}") for n in range(120))
        batch.process_changes(Company(slug=f"c-{n}", name=f"Maker {n}") for n in range(60))
    for n in range(60):
        ride = Ride.objects.get(slug="kestrel")
        ride.body = f"Version {n}.\n"
        ride.save()
    for n in range(20):
        Ride.objects.create(slug=f"kestrel-{n + 3}", name="Kestrel", park=park)
    with branch_context("spring"):
        for n in range(30):
            Ride.objects.create(slug=f"s-{n}", name=f"Of spring {n}", park=park)
    catch_up()


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
    assert answer.status_code == 200, address
    return len(asked)


@pytest.mark.slow
@pytest.mark.usefixtures("wiki")
def test_no_page_asks_more_in_a_larger_wiki(moderator: Client) -> None:
    addresses = [f"{prefix}{path}" for prefix in ("/", "/~spring/", "/@p9/") for path in READING]
    addresses += OUTSIDE
    at_first = {
        address: queries(moderator, address)
        for address in addresses
        if moderator.get(address).status_code == 200
    }
    assert len(at_first) > 30
    grow()
    grown = {address: queries(moderator, address) for address in at_first}
    more = {a: (n, grown[a]) for a, n in at_first.items() if grown[a] > n}
    assert more == {}
    assert max(grown.values()) <= MOST, max(grown.items(), key=lambda each: each[1])
