"""A crawler meets no failure of ours, and no end where it is let. By hand: `tests.load.crawl`."""

import asyncio
from email.message import Message

import pytest
from django.test import Client

from tests.load.asking import Answer
from tests.load.crawl import Crawl, Robots, crawl, kind_of, told
from tests.load.wiki import Wiki
from tests.threads import without_a_loop
from versioning.branches.fork import fork
from wiki.models import Park, Ride


@pytest.mark.slow
@pytest.mark.parametrize("is_polite", [True, False])
def test_whatever_is_linked_is_answered(wiki: Wiki, is_polite: bool) -> None:
    site = without_a_loop(lambda: asyncio.run(crawl(wiki.target, most=250, is_polite=is_polite)))
    assert not site.failures, told(site)
    assert all(site.closed[kind] for kind in site.growing()), told(site)


@pytest.mark.slow
@pytest.mark.django_db
def test_for_a_polite_crawler_there_is_an_end(client: Client) -> None:
    park = Park.objects.create(slug="hill-park", name="Hill Park", country="DE", opened="1990")
    ride = Ride.objects.create(slug="kestrel", name="Kestrel", park=park, opened="1994")
    ride.name = "Falcon"
    ride.save()
    fork("spring")
    site = Crawl("http://testserver", Robots(client.get("/robots.txt").text), is_polite=True)
    while site.waiting:
        address = site.waiting.popleft()
        response = client.get(address)
        headers = Message()
        for name, value in response.headers.items():
            headers[name] = value
        text = "" if response.streaming else response.text
        site.note(address, Answer(0, 0, str(response.status_code), headers, text))
        assert len(site.depth_of) < 500, told(site)
    assert not site.failures


def test_robots_are_read_as_crawlers_do() -> None:
    robots = Robots("User-agent: *\nDisallow: /@\nDisallow: /*/diff/\nDisallow: /*?part=\n")
    closed = ["/@p1/", "/rides/a/diff/", "/rides/a/diff/?from=1", "/rides/?part=results"]
    assert not any(map(robots.may_read, closed))
    assert all(map(robots.may_read, ["/", "/rides/@/", "/diff/", "/rides/?page=2"]))


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/", "/"),
        ("/rides/?order=name&after=x", "/rides?after&order"),
        ("/~spring/rides/kestrel/history/3/", "~/rides/…/history/N"),
        ("/@p12/", "@/"),
        ("/reports/orphans/rides/", "/reports/orphans/rides"),
    ],
)
def test_addresses_that_differ_in_particulars_are_of_one_kind(address: str, kind: str) -> None:
    assert kind_of(address) == kind
