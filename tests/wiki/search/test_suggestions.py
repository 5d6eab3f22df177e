"""What the search box offers while somebody types: pages, moments, actions, branches."""

import re
from datetime import date
from html import unescape
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from eventstore import reading
from versioning import branch_context
from versioning.branches.fork import fork
from versioning.models import Branch
from wiki.models import Company, Park, Ride
from wiki.pages.items import OtherName
from wiki.viewpoints.spoken import day_said


def offers(client: Client, text: str, path: str = "", at: str = "") -> list[tuple[str, str]]:
    """Names and addresses that are offered, in their order."""
    answer = client.get(f"{at}/search/suggest/?{urlencode({'q': text, 'path': path})}")
    assert answer.status_code == 200
    found = re.findall(r'href="([^"]+)"><span class="search-name">([^<]*)', answer.content.decode())
    return [(unescape(name), unescape(href)) for href, name in found]


def names(client: Client, text: str, path: str = "", at: str = "") -> list[str]:
    return [name for name, _ in offers(client, text, path, at)]


@pytest.mark.django_db
def test_exact_names_come_first_then_what_begins_so(client: Client) -> None:
    for slug, name in (("a", "Nemesis Inferno"), ("b", "Old Nemesis"), ("c", "Nemesis")):
        Ride.objects.create(slug=slug, name=name)
    assert names(client, "neme") == ["Nemesis", "Nemesis Inferno", "Old Nemesis"]
    # One that is called so by another name comes before those that only begin so.
    Ride.objects.create(slug="d", name="Reborn", names=[OtherName(name="Nemesis")])
    assert names(client, "nemesis")[:2] == ["Nemesis", "Reborn"]
    assert names(client, "nemsis")[0] == "Nemesis"


@pytest.mark.django_db
def test_a_maker_is_found_by_what_everybody_calls_it(client: Client) -> None:
    alias = OtherName(name="B&M", sort="alias")
    Company.objects.create(slug="b", name="Bolliger & Mabillard", names=[alias])
    Company.objects.create(slug="s", name="Six Flags")
    Park.objects.create(slug="p", name="Six Flags America")
    assert offers(client, "B&M") == [("Bolliger & Mabillard", "/companies/b/")]
    assert offers(client, "six flags")[0] == ("Six Flags", "/companies/s/")


@pytest.mark.django_db
def test_an_offer_says_what_it_is_where_and_since_when(client: Client) -> None:
    park = Park.objects.create(slug="p", name="Kestrel Park", country="GB", opened="1980")
    Ride.objects.create(slug="k", name="Kestrel", park=park, opened="about 1994")
    raw = client.get("/search/suggest/?q=kestrel").content.decode()
    assert re.findall(r'class="meta">([^<]+)', raw) == [
        "Ride, Kestrel Park, 1994", "Park, United Kingdom, 1980",
    ]  # fmt: skip


@pytest.mark.django_db
def test_every_viewpoint_offers_its_own(client: Client, kestrel: Ride) -> None:
    then = reading.last_position()
    fork("spring")
    with branch_context("spring"):
        Ride.objects.filter(pk=kestrel.pk).update(name='Kite "K" & Co')
    kestrel.delete()
    assert names(client, "k") == []
    assert offers(client, "k", at=f"/@p{then}") == [("Kestrel", f"/@p{then}/rides/kestrel/")]
    assert names(client, "k", at="/~spring") == ['Kite "K" & Co']


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2023", date(2023, 12, 31)),
        ("june 2023", date(2023, 6, 30)),
        ("3 March 2021", date(2021, 3, 3)),
        ("2023-06-01", date(2023, 6, 1)),
        ("Last  week", date(2026, 5, 24)),
        ("last month", date(2026, 4, 30)),
        ("15 months ago", date(2025, 2, 28)),
        ("a year ago", date(2025, 5, 31)),
        ("yesterday", date(2026, 5, 30)),
        ("2027", None), ("since 1999", None), ("99 years", None), ("kestrel", None), ("", None),
    ],
)  # fmt: skip
def test_moments_are_read_as_people_say_them(said: str, meant: date | None) -> None:
    assert day_said(said, date(2026, 5, 31)) == meant


@pytest.mark.django_db
def test_a_moment_leads_to_the_same_page_then(client: Client, kestrel: Ride) -> None:
    fork("spring")
    day, path = timezone.now().date(), "/rides/?status=closed"
    today = day.isoformat()
    assert (f"{day:%-d %B %Y}", f"/@{today}{path}") in offers(client, today, path)
    on_branch = [href for _, href in offers(client, today, path, "/~spring")]
    assert f"/~spring@{today}{path}" in on_branch
    # Nothing was written yet; and no page leads out of the wiki.
    assert offers(client, "1999", path) == []
    for elsewhere in (
        "/branches/spring/",
        "//evil.example/",
        "/\\evil.example",
        "https://evil.example/",
    ):
        assert offers(client, today, elsewhere) == []


@pytest.mark.django_db
def test_a_page_offers_what_its_tabs_do(client: Client, editor: Client, kestrel: Ride) -> None:
    path = "/rides/kestrel/"
    assert ("History", "/rides/kestrel/history/") in offers(client, "", path)
    assert names(client, "hist", path) == ["History"]
    for who, can in ((client, False), (editor, True)):
        assert ("Rename" in names(who, "", path)) is can
        assert ("New ride" in names(who, "new ri", path)) is can
    past = f"/@p{reading.last_position()}"
    assert "Edit" in names(editor, "", path)
    assert names(editor, "", path, past) == ["Page", "History", "Who wrote it", "Years", "Links"]
    assert names(editor, "", "/rides/") == ["New ride"]
    assert offers(client, "", "/nowhere/") == offers(client, "", "x") == []


@pytest.mark.django_db
def test_branches_are_offered_by_title_to_who_may_see_them(client: Client, editor: Client) -> None:
    fork("tidy-up", title="My Alton Towers tidy-up")
    assert offers(client, "alton") == [("My Alton Towers tidy-up", "/branches/tidy-up/")]
    branch = Branch.objects.get(name="tidy-up")
    branch.is_private = True
    branch.save()
    assert offers(client, "alton") == offers(editor, "alton") == []
