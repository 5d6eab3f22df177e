"""The sample: a past to travel to, a branch that merges, one that asks, links that hold."""

import re

import pytest
from django.core.management import call_command
from django.test import Client

from eventstore import reading
from projections.audit.auditing import audit
from tests.plans import count_rows
from versioning import viewpoint
from versioning.branches.merge import merge, plan_merge
from versioning.models import Branch
from wiki.models import Article, Ride
from wiki.pages.listing import PAGE_SIZE
from wiki.sample.loading import texts
from wiki.sample.make import sample_rides

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def sample() -> None:
    call_command("load_sample")
    count_rows()


def test_the_sample_is_a_wiki_with_a_past_and_two_branches(sample: None) -> None:
    assert Ride.objects.count() == len(sample_rides())
    before = reading.last_position()
    call_command("load_sample")
    assert reading.last_position() == before
    with viewpoint(at="c3"):
        assert Ride.objects.count() == 79
    asking = plan_merge(Branch.objects.get(name="height-survey")).plan
    assert {each.conflict.path for each in asking.conflicts} == {"height", "body"}
    merging = plan_merge(Branch.objects.get(name="spring-refresh")).plan
    assert (merging.conflicts, len(merging.changing)) == ([], 4)
    merge(Branch.objects.get(name="spring-refresh"))
    lift = Article.objects.get(slug="lift-hill").body
    assert "passengers climbed by themselves" in lift
    assert "theatre, and a view" in lift
    assert audit().findings == ()


def test_every_text_has_its_page_and_every_link_leads_to_one(sample: None, client: Client) -> None:
    rides, articles = dict(texts("rides")), dict(texts("articles"))
    assert Ride.objects.filter(slug__in=rides).exclude(body="").count() == len(rides)
    assert Article.objects.count() == len(articles) == 12
    links = {link for text in [*rides.values(), *articles.values()]
             for link in re.findall(r"\]\((/[^)]*)\)", text)}  # fmt: skip
    assert len(links) == 46
    broken = [link for link in links if client.get(link).status_code != 200]
    assert broken == []


def test_lists_go_on_from_page_to_page_in_every_order(sample: None, client: Client) -> None:
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
