"""The sample: years and people, a branch that merges, one that asks, links that hold."""

import gzip
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from eventstore import reading
from eventstore.models import Changeset, ChangesetKind
from projections.audit.auditing import audit
from tests.plans import count_rows
from versioning import viewpoint
from versioning.branches.merge import merge, plan_merge
from versioning.entities.kinds import Document, kind_of
from versioning.models import Branch, BranchState, Proposal, ProposalState
from versioning.saving.edits import values_of
from wiki.exchange.coasters.documents import RIDE, documents_of
from wiki.kinds.registry import KINDS
from wiki.kinds.rides.choices import Category
from wiki.lists.listing import PAGE_SIZE
from wiki.models import Article, Element, Park, Ride
from wiki.sample.make import sample_rides
from wiki.sample.texts import texts

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(scope="module", autouse=True)
def sample(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Loaded once: each test goes back to it."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_sample")
        count_rows()
        yield
        transaction.set_rollback(True)


def test_the_sample_is_a_wiki_with_a_past_and_branches() -> None:
    assert Ride.objects.filter(category=Category.ROLLER_COASTER).count() == len(sample_rides())
    before = reading.last_position()
    call_command("load_sample")
    assert reading.last_position() == before
    with viewpoint(at="c3"):
        assert Ride.objects.count() == 77
    asking = plan_merge(Branch.objects.get(name="height-survey")).plan
    assert {each.conflict.path for each in asking.conflicts} == {"height", "body"}
    merging = plan_merge(Branch.objects.get(name="spring-refresh")).plan
    assert (merging.conflicts, len(merging.changing)) == ([], 4)
    merge(Branch.objects.get(name="spring-refresh"))
    lift = Article.objects.get(slug="lift-hill").body
    assert "passengers climbed by themselves" in lift
    assert "theatre, and a view" in lift
    assert audit().findings == ()


def test_people_wrote_it_in_the_course_of_years(client: Client) -> None:
    changesets = list(Changeset.objects.order_by("id"))
    authors = {each.actor_id for each in changesets if each.actor_id}
    assert len(authors) == 30
    assert not any(user.has_usable_password() for user in User.objects.filter(pk__in=authors))
    times = [each.recorded_at for each in changesets]
    assert times == sorted(times)
    assert {time.year for time in times[1:]} == {2021, 2022, 2023, 2024, 2025, 2026}
    # Accounts are older than what they wrote; and what comes now is of now.
    joined = dict(User.objects.values_list("pk", "date_joined"))
    assert all(each.recorded_at > joined[each.actor_id or 0] for each in changesets[1:])
    Ride.objects.get(slug="taron").delete()
    assert datetime.now(UTC) - Changeset.objects.latest("id").recorded_at < times[-1] - times[-2]
    # Two years ago the vandal was gone, and Alton Towers was told of, but not whose web site it is.
    with viewpoint(at="2024-03-01"):
        then = Ride.objects.get(slug="the-beast")
        assert (str(then.length.value), then.inversions) == ("7359", 0)
        assert Element.objects.filter(inversions__gt=0).count() == 8
    with viewpoint(at="2023-02-18T16:45:00Z"):
        assert "CANDY" in Ride.objects.get(slug="the-beast").body
    page = client.get("/@2024-03-01/rides/kingda-ka/", follow=True).text
    assert "27 February 2024" in page


def test_there_is_a_ride_of_every_category_with_its_drawing(client: Client) -> None:
    for category, label in Category.choices:
        page = client.get(f"/rides/?category={category}")
        (ride, *_) = page.context["listing"].pages
        drawn = '<figure class="plate">' in client.get(f"/rides/{ride.slug}/").text
        assert drawn == (category != Category.OTHER), label
    others = Ride.objects.exclude(category=Category.ROLLER_COASTER)
    assert others.count() == 30
    assert not others.filter(park=None).exists()
    # A page that was renamed is found by what it was called.
    moved = client.get("/rides/duel/")
    assert (moved.status_code, moved["Location"]) == (301, "/rides/the-curse-at-alton-manor/")


def test_every_figure_ends_where_the_table_has_it() -> None:
    """What was corrected was wrong at first, and nothing else came of it."""
    wanted = documents_of(sample_rides())[RIDE]
    assert _different(wanted) == []
    with viewpoint(at="2021-05-01"):
        assert len(_different(wanted)) > 90


def _different(wanted: Mapping[UUID, Document]) -> list[str]:
    """The rides that say something else than is wanted."""
    found = []
    for ride in Ride.objects.filter(pk__in=wanted):
        now, told = values_of(ride, kind_of(Ride)), wanted[ride.pk]
        if any(now[name] != told[name] for name in now.keys() & told.keys()):
            found.append(ride.slug)
    return found


def test_it_has_a_dispute_a_revert_and_branches_of_the_past() -> None:
    kingda_ka = Ride.objects.get(slug="kingda-ka")
    heights = " ".join(version.height.unit for version in kingda_ka.history.all())
    assert "ft m ft m ft m ft" in heights
    assert "height" in {each.field for each in kingda_ka.citations}
    (revert,) = Changeset.objects.filter(kind=ChangesetKind.REVERT)
    assert "Put back" in revert.message
    states = dict(Branch.objects.exclude(parent=None).values_list("name", "state"))
    assert {name for name, state in states.items() if state == BranchState.ARCHIVED} == {
        "element-pages", "metres-everywhere",
    }  # fmt: skip
    assert Changeset.objects.filter(kind=ChangesetKind.MERGE).count() == 1
    (waiting,) = Proposal.objects.filter(state=ProposalState.OPEN)
    assert waiting.branch.name == "alton-towers-valley"
    assert plan_merge(waiting.branch).plan.conflicts == []


def test_every_text_has_its_page_and_every_link_leads_to_one(client: Client) -> None:
    folders = {folder: dict(texts(folder)) for folder in ("articles", "elements", "parks", "rides")}
    for folder, found in folders.items():
        written = KINDS[folder].objects.exclude(body="")
        assert set(written.values_list("slug", flat=True)) == found.keys()
    assert len(folders["parks"]) + len(folders["rides"]) == 41
    assert Park.objects.get(slug="alton-towers").body.count("\n\n") >= 4
    links = {link for found in folders.values() for text in found.values()
             for link in re.findall(r"\]\((/[^)]*)\)", text)}  # fmt: skip
    assert len(links) > 80
    broken = [link for link in links if client.get(link).status_code != 200]
    assert broken == []


def test_lists_go_on_from_page_to_page_in_every_order(client: Client) -> None:
    american = Ride.objects.filter(park__country="US")
    for order, field in Ride.list_orders.items():
        address, seen = f"/rides/?country=US&order={order}", list[str]()
        while address:
            answer = client.get(address)
            assert answer.status_code == 200
            listing = answer.context["listing"]
            seen += [page.slug for page in listing.pages]
            address = f"/rides/{listing.next}" if listing.next else ""
        # A ranking holds what it can rank: whose height is known, whose opening is.
        ranked = american.exclude(**{field.removeprefix("-"): None}).count()
        assert len(seen) == len(set(seen)) == ranked > 2 * PAGE_SIZE, order


def test_the_html_of_a_ride_is_small(client: Client) -> None:
    """Packed as the front does it: the longest page among those that have most to tell."""
    heaviest = max(
        len(gzip.compress(client.get(f"/{place}rides/{slug}/").content, 5))
        for slug in ("kingda-ka", "steel-vengeance", "the-beast", "oblivion", "millennium-force")
        for place in ("", "@2024-03-01/", "~height-survey/")
    )
    assert heaviest <= 15_000
