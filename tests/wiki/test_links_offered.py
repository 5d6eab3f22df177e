"""No page offers a link that leads nowhere, or to what one may not see: whoever looks, wherever."""

import re
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from tests.wiki.conftest import As
from wiki.models import Article, Company, Park, Ride

pytestmark = pytest.mark.django_db

PAGES = [
    "", "search/?q=kestrel", "changes/", "changes/2/", "rides/", "rides/kestrel/",
    "rides/kestrel/history/", "rides/kestrel/history/2/", "rides/kestrel/blame/",
    "rides/kestrel/links/", "rides/gone/history/", "parks/hill-park/", "articles/lifts/", "map/",
    "branches/", "branches/spring/", "proposals/1/", "rides/kestrel/edit/", "account/",
]  # fmt: skip

HREF = re.compile(r'<a [^>]*?href="(/(?!static/)[^"]*)"')


@pytest.fixture(autouse=True)
def wiki(dispute: None, acme: Company) -> None:
    kestrel = Ride.objects.get()
    kestrel.manufacturer = acme
    kestrel.body = "It flies, as [[Lifts]] do."
    kestrel.save()
    Article.objects.create(slug="lifts", name="Lifts", body="Of [[Kestrel]].")
    Ride.objects.create(slug="gone", name="Gone", park=Park.objects.get()).delete()


def sort_of(href: str) -> tuple[object, ...]:
    """What an address is of: links of one sort are followed once."""
    parts = urlsplit(href)
    prefix = re.match(r"/[~@][^/]*", parts.path)
    path = parts.path[prefix.end() :] if prefix else parts.path
    at = re.sub(r"[a-z0-9-]+", "", prefix[0]) if prefix else ""
    try:
        match = resolve(path)
    except Resolver404:
        return (href,)
    asked = tuple(sorted(name for name in re.findall(r"(\w+)=", parts.query)))
    return at, match.view_name, match.kwargs.get("plural"), match.kwargs.get("slug"), asked


LOOKS = [("", "/"), ("editors", "/~spring/")]
"""Who looks, and at which viewpoint."""


@pytest.mark.slow
def test_no_link_leads_to_a_refusal(signed_in: As) -> None:
    for group, prefix in LOOKS:
        client = signed_in(group) if group else Client()
        followed: set[tuple[object, ...]] = set()
        for address in PAGES:
            page = client.get(prefix + address, follow=True)
            if page.status_code != 200:
                continue  # it is not there, or not for them: nobody offered it
            offered = {sort_of(href): href for href in map(unescape, HREF.findall(page.text))}
            for sort in offered.keys() - followed:
                answer = client.get(offered[sort], follow=True)
                assert answer.status_code == 200, (group, prefix + address, offered[sort])
            followed |= offered.keys()
        assert len(followed) > 30
