"""What each page asks the database: no more in a large wiki with a long history."""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern

from eventstore import reading
from projections.cache.cached import cached
from projections.following.followed import catch_up
from versioning import BatchOperation, acting_as, branch_context
from versioning.branches.comments import comment
from versioning.branches.fork import fork
from versioning.branches.proposals import propose
from versioning.models import Branch, ProposalPurpose
from wiki.models import Article, Company, Park, ParkArea, Person, Ride, RideModel
from wiki.urls import urlpatterns

pytestmark = pytest.mark.django_db

ADDRESSES = {
    "home": "",
    "robots": "robots.txt",
    "sitemaps": "sitemap.xml",
    "sitemap": "sitemap-rides.xml",
    "schemas": "api/v1/schema/",
    "schema": "api/v1/schema/rides.json",
    "search": "search/?q=kestrel",
    "search by facets": "search/?q=kestrel&kind=ride&status=unknown&park=hill-park&height_over=0",
    "suggest": "search/suggest/?q=kes&path=/rides/kestrel/",
    "suggest for a typo": "search/suggest/?q=kestrol",
    "audit": "audit/",
    "branches_of_a_page": "travel/branches/?path=/rides/",
    "compare": "compare/?from=main&to=spring",
    "link_reports": "reports/links/",
    "orphans": "reports/orphans/",
    "orphans_by_kind": "reports/orphans/rides/",
    "statistics": "statistics/",
    "this_day": "on-this-day/",
    "pages_to_link": "texts/pages/?q=kes",
    "sources_to_cite": "texts/sources/?q=an",
    "check_fact": "facts/rides/park/?park=hill-park&area=",
    "map": "map/",
    "called": "names/kestrel/",
    "contributions": "accounts/one-of-moderators/",
    "moderation": "moderation/",
    "suppressed": "moderation/suppressed/",
    "moderation_account": "moderation/accounts/somebody/",
    "roll_back": "moderation/accounts/somebody/roll-back/?since=p1",
    "changes": "changes/",
    "changes of a kind": "changes/?of=rides&from=p20",
    "changes_feed": "changes/feed/",
    "changeset": "changes/2/",
    "suppress_summary": "changes/2/suppress/",
    "revert": "changes/2/revert/",
    "branches": "branches/",
    "branch": "branches/spring/",
    "change_branch": "branches/spring/change/",
    "branch_members": "branches/spring/members/",
    "merge": "branches/spring/merge/",
    "sync": "branches/spring/sync/",
    "protect_branch": "branches/spring/protect/",
    "talk": "branches/spring/talk/",
    "comment": "branches/spring/talk/1/",
    "proposals": "proposals/",
    "proposal": "proposals/1/",
    "conflicts": "proposals/1/conflicts/",
    "list": "rides/",
    "list of parks": "parks/",
    "new": "rides/new/",
    "options": "parks/options/?of=park&park=hill",
    "page": "rides/kestrel/",
    "page of a park": "parks/hill-park/",
    "page of a park in another order": "parks/hill-park/?order=tallest",
    "page of an area": "areas/west/",
    "page of a company": "companies/acme/",
    "page of a person": "people/ann/",
    "page of a model": "models/hyper/",
    "page of an article": "articles/lifts/",
    "history": "rides/kestrel/history/",
    "history_feed": "rides/kestrel/history/feed/",
    "version": "rides/kestrel/history/2/",
    "restore": "rides/kestrel/history/1/restore/",
    "diff": "rides/kestrel/diff/?from=1&to=2",
    "blame": "rides/kestrel/blame/",
    "timeline": "rides/kestrel/timeline/",
    "timeline of a park": "parks/hill-park/timeline/",
    "links": "rides/kestrel/links/",
    "edit": "rides/kestrel/edit/",
    "edit_fact": "rides/kestrel/edit/status/",
    "rename": "rides/kestrel/rename/",
    "delete": "rides/kestrel/delete/",
    "undelete": "rides/gone/undelete/",
    "protect": "rides/kestrel/protect/",
    "suppress": "rides/kestrel/suppress/",
}
"""An address of every route by its name; where one route has several sorts of pages, of each."""

NO_PAGES = {
    "live", "ready", "metrics",  # for machines; the last two are asked in their own tests
    "units", "travel", "since_looked",  # redirects
    "keep_draft", "keep_new_draft",  # kept while one types: asked in tests of their own
    "compare_branch",  # leads to "compare"
    "suppressed_versions",  # of versions that are hidden: asked in tests of its own
    "no_such_viewpoint",  # what the middleware leads to
}  # fmt: skip
"""Routes that show no page of the wiki."""

KEEPING = {
    "wiki.home.front", "wiki.maps.places", "wiki.maps.views", "wiki.screens.names",
    "wiki.overviews.overview", "wiki.screens.links", "wiki.screens.lists", "wiki.screens.page",
    "wiki.overviews.standings", "wiki.years.views",
}  # fmt: skip
"""The modules that keep what a page shows."""

MEASURED = Path(__file__).with_name("queries.json")
"""Queries of each page at main's head, in the past, on a branch and in a preview of its merge.

None: it is not to be had there. Counted anew by `QUERIES=write pytest tests/wiki/test_queries.py`,
for people to look at what changed.
"""


@pytest.fixture(autouse=True)
def without_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every page made anew, the dearest case: whoever keeps pages makes them each time."""
    keeping = {
        name: module
        for name, module in list(sys.modules.items())
        if name.startswith("wiki.") and getattr(module, "cached", None) is cached
    }
    assert keeping.keys() == KEEPING
    for module in keeping.values():
        monkeypatch.setattr(module, "cached", lambda key, make: make().value)


@pytest.fixture
def wiki(kestrel: Ride, acme: Company) -> None:
    """A small wiki with a branch in conflict, a proposal, and a page that is deleted."""
    somebody = User.objects.create_user("somebody")
    with acting_as(somebody.pk):
        Article.objects.create(slug="lifts", name="Lifts", body="Chains.")
    kestrel.manufacturer = acme
    kestrel.save()
    kestrel.designers.set([acme])
    build_more(kestrel, acme)
    fork("spring")
    with branch_context("spring"):
        ride = Ride.objects.select_related("park").get(slug="kestrel")
        ride.name = "Falcon"
        ride.save()
        Ride.objects.create(slug="spring", name="Of spring", park=ride.park)
    kestrel.refresh_from_db()
    kestrel.name = "Eagle"
    kestrel.save()
    dale = Park.objects.create(slug="dale", name="Valley")
    dale.name = "Dale"
    dale.save()
    dale.history.suppress(1)
    Park.objects.create(slug="eagle", name="Eagle", names=[{"id": "1", "name": "Kestrel"}])
    Ride.objects.create(slug="kestrel-2", name="Kestrel")
    Company.objects.create(slug="bolt", name="Bolt")
    Ride.objects.create(slug="gone", name="Gone").delete()
    spring = Branch.objects.get(name="spring")
    propose(spring, ProposalPurpose.MERGE)
    comment(spring, "Is it ready?")


def build_more(kestrel: Ride, acme: Company) -> None:
    """What overviews tell of: rides with figures and years, that were moved; where a park is."""
    assert kestrel.park is not None
    kestrel.park.coordinates = {"latitude": 48.4, "longitude": 10.0}
    kestrel.park.save()
    west = ParkArea.objects.create(slug="west", name="West", park=kestrel.park)
    hyper = RideModel.objects.create(slug="hyper", name="Hyper", manufacturer=acme)
    ann = Person.objects.create(slug="ann", name="Ann")
    for year in range(1990, 1994):
        ride = Ride.objects.create(
            slug=f"of-{year}", name=f"Of {year}", opened=str(year), park=kestrel.park, area=west,
            manufacturer=acme, model=hyper, height={"value": year - 1960, "unit": "m"},
            former_places=[{"id": "1", "park": str(kestrel.park.pk), "since": "1980"}],
        )  # fmt: skip
        ride.people.set([ann])


def grow() -> None:
    """Forty times as many pages, a long history, more of everything on the branch."""
    park, acme = Park.objects.get(slug="hill-park"), Company.objects.get(slug="acme")
    hyper, west = RideModel.objects.get(slug="hyper"), ParkArea.objects.get(slug="west")
    with BatchOperation("More") as batch:
        batch.process_changes(
            Ride(
                slug=f"r-{n}",
                name=f"Kestrel {n}",
                park=park,
                manufacturer=acme,
                opened="1995",
                height={"value": n + 1, "unit": "m"},
                model=hyper,
                area=west,
                former_places=[{"id": "1", "park": str(park.pk), "since": "1980"}],
            )
            for n in range(120)
        )
        batch.process_changes(Park(slug=f"p-{n}", name=f"Park {n}") for n in range(120))
        batch.process_changes(Company(slug=f"c-{n}", name=f"Maker {n}") for n in range(60))
    for n in range(60):
        ride = Ride.objects.get(slug="kestrel")
        ride.body = f"Version {n}.\n"
        ride.save()
    dale = Park.objects.get(slug="dale")
    for n in range(20):
        dale.body = f"Version {n}.\n"
        dale.save()
        if n % 4 == 3:
            dale.history.suppress(dale.version - 2)
    for n in range(20):
        Ride.objects.create(slug=f"kestrel-{n + 3}", name="Kestrel", park=park)
    with branch_context("spring"):
        for n in range(30):
            Ride.objects.create(slug=f"s-{n}", name=f"Of spring {n}", park=park)
    for n in range(30):
        comment(Branch.objects.get(name="spring"), f"Question {n}.")
    catch_up()


def viewpoints() -> dict[str, str]:
    """The prefixes of addresses, now: the past is that of this moment."""
    return {
        "head": "/",
        "past": f"/@p{reading.last_position()}/",
        "branch": "/~spring/",
        "preview": "/~main+spring/",
    }


def queries(client: Client, address: str) -> int | None:
    """How many a page asks; None where the address shows no page at that viewpoint."""
    client.get(address)  # what a process remembers of moments and models is remembered
    with CaptureQueriesContext(connection) as context:
        answer = client.get(address)
        b"".join(getattr(answer, "streaming_content", ()))
    return len(context) if answer.status_code == 200 else None


def measured(client: Client, prefixes: Mapping[str, str]) -> dict[str, list[int | None]]:
    return {
        name: [queries(client, prefix + address) for prefix in prefixes.values()]
        for name, address in ADDRESSES.items()
    }


def test_every_route_is_measured() -> None:
    routes = {pattern.name for pattern in urlpatterns if isinstance(pattern, URLPattern)}
    assert routes <= ADDRESSES.keys() | NO_PAGES
    assert not NO_PAGES & ADDRESSES.keys()


MORE_KINDS = {"sync": 2}
"""Pages that may ask more of a larger wiki: of the kinds that a branch touched."""


@pytest.mark.slow
@pytest.mark.usefixtures("wiki")
def test_no_page_asks_more_in_a_larger_wiki(moderator: Client) -> None:
    """As many as were measured, to the last one, before and after everything grew."""
    prefixes = viewpoints()
    small = measured(moderator, prefixes)
    grow()
    large = measured(moderator, prefixes)
    counts = {name: {"small": small[name], "large": large[name]} for name in small}
    if os.environ.get("QUERIES") == "write":
        lines = (f"  {json.dumps(name)}: {json.dumps(n)}" for name, n in counts.items())
        MEASURED.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    assert counts == json.loads(MEASURED.read_text())
    for name, numbers in small.items():
        assert set(numbers) != {None}, name
        for before, after in zip(numbers, large[name], strict=True):
            assert (before is None) == (after is None), name
            assert (after or 0) <= (before or 0) + MORE_KINDS.get(name, 0), name
