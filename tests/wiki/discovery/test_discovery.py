"""What search engines and feed readers read: on every page, escaped, of main's head alone."""

import json
import re
from html import unescape
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from eventstore import reading
from versioning import BatchOperation, branch_context
from versioning.branches.fork import fork
from versioning.branches.proposals import propose
from versioning.models import Branch, ProposalPurpose
from wiki.discovery import sitemaps
from wiki.discovery.linked_data import script
from wiki.discovery.texts import LONGEST, first_sentence, shortened
from wiki.kinds.registry import KINDS
from wiki.models import Article, Company, Park, Person, Ride, RideModel
from wiki.texts.markdown import render

pytestmark = pytest.mark.django_db

HOST = "wiki.example"
HOSTILE = "</title></script><script>alert(1)</script>\"'<!-- &amp; ]]>\u2028"
ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"

INDEXED = ["/", "/rides/", "/rides/?status=operating", "/rides/?order=tallest", "/parks/",
           "/models/", "/companies/", "/articles/", "/rides/kestrel/", "/parks/hill-park/",
           "/companies/acme/", "/models/wing/", "/articles/lifts/", "/changes/",
           "/audit/", "/map/", "/statistics/", "/on-this-day/?day=05-14"]  # fmt: skip
NOT_INDEXED = ["/rides/kestrel/history/", "/rides/kestrel/history/1/", "/rides/kestrel/blame/",
               "/rides/kestrel/diff/?from=1&to=2", "/search/", "/search/?q=kestrel", "/changes/1/",
               "/branches/", "/branches/spring/", "/proposals/",
               "/branches/spring/compare/", "/proposals/1/",
               "/proposals/1/conflicts/", "/compare/?from=main&to=spring",
               "/account/login/", "/account/signup/",
               "/rides/kestrel/links/", "/reports/links/", "/reports/orphans/",
               "/reports/orphans/rides/",
               "/rides/?park=hill-park", "/changes/?before=3", "/~spring/", "/~spring/rides/",
               "/~spring/rides/kestrel/", "/@c3/", "/@c3/rides/kestrel/", "/@c3/changes/",
               "/~main+spring/rides/kestrel/", "/~main+spring/rides/"]  # fmt: skip


@pytest.fixture(autouse=True)
def host(settings: Any) -> None:
    settings.ALLOWED_HOSTS = [HOST, "other.example", "testserver"]


@pytest.fixture
def wiki(kestrel: Ride, acme: Company) -> None:
    """A page of each kind, a branch, a proposal."""
    Article.objects.create(slug="lifts", name="Lifts", body="# Lifts\n\nChains *pull*. Then?")
    RideModel.objects.create(slug="wing", name="Wing", manufacturer=acme)
    kestrel.height = "203 ft"
    kestrel.save()
    fork("spring")
    with branch_context("spring"):
        Ride.objects.create(slug="of-spring", name="Of spring")
    propose(Branch.objects.get(name="spring"), ProposalPurpose.MERGE)


def page(client: Client, address: str, host: str = HOST) -> str:
    answer = client.get(address, headers={"host": host}, follow=True)
    assert answer.status_code == 200, address
    return answer.content.decode()


def meta(html: str, name: str) -> str:
    found = re.findall(rf'<meta (?:name|property)="{name}" content="([^"]*)">', html)
    assert len(found) == 1, (name, found)
    return unescape(found[0])


def graph(html: str) -> list[dict[str, Any]]:
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    data = json.loads(text)
    assert data["@context"] == "https://schema.org"
    found: list[dict[str, Any]] = data["@graph"]
    return found


@pytest.mark.usefixtures("wiki")
@pytest.mark.parametrize("address", [*INDEXED, *NOT_INDEXED])
def test_every_page_tells_what_it_is(client: Client, address: str) -> None:
    html = page(client, address)
    assert len(re.findall(r"<h1[\s>]", html)) == 1
    (title,) = re.findall(r"<title>(.*?)</title>", html)
    assert meta(html, "og:title") in unescape(title)
    description = meta(html, "description")
    assert 0 < len(description) <= LONGEST
    assert meta(html, "og:description") == description
    assert meta(html, "og:site_name") == "ThrillWiki"
    assert meta(html, "og:type") in ("website", "article")
    assert meta(html, "og:url").startswith(f"http://{HOST}/")
    assert ('content="noindex"' in html) == (address in NOT_INDEXED)
    is_elsewhere = address.startswith(("/~", "/@"))
    assert ('rel="canonical"' in html) != is_elsewhere
    assert not is_elsewhere or "ld+json" not in html


@pytest.mark.usefixtures("wiki")
def test_pages_of_their_own_have_words_of_their_own(client: Client) -> None:
    pages = {address: page(client, address) for address in INDEXED}
    titles = [re.findall(r"<title>(.*?)</title>", html)[0] for html in pages.values()]
    descriptions = [meta(html, "description") for html in pages.values()]
    assert len(set(titles)) == len(titles)
    assert len(set(descriptions)) == len(descriptions)


@pytest.mark.usefixtures("wiki")
@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("/rides/kestrel/", "/rides/kestrel/"),
        ("/rides/kestrel/?utm_source=x&sessionid=1", "/rides/kestrel/"),
        ("/rides/?order=name", "/rides/"),
        ("/rides/?order=tallest&x=1&status=operating", "/rides/?status=operating&order=tallest"),
        ("/rides/?park=hill-park", "/rides/"),
        ("/?x=1", "/"),
        ("/on-this-day/?day=05-14", "/on-this-day/?day=05-14"),
        ("/on-this-day/?x=1", "/on-this-day/"),
    ],
)
def test_a_page_has_one_address(client: Client, asked: str, canonical: str) -> None:
    html = page(client, asked)
    (href,) = re.findall(r'<link rel="canonical" href="([^"]*)">', html)
    assert unescape(href) == f"http://{HOST}{canonical}"
    assert meta(html, "og:url") == unescape(href)


@pytest.mark.usefixtures("wiki")
def test_the_address_is_that_of_the_request(client: Client) -> None:
    """The cache holds no host: whoever asks second gets their own."""
    for name in (HOST, "other.example"):
        html = page(client, "/rides/kestrel/", name)
        assert f"http://{name}/rides/kestrel/" in html
        assert graph(html)[0]["url"] == f"http://{name}/rides/kestrel/"
    secure = client.get("/rides/kestrel/", headers={"host": HOST}, secure=True).content.decode()
    assert meta(secure, "og:url") == f"https://{HOST}/rides/kestrel/"
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.usefixtures("wiki")
@pytest.mark.parametrize("address", ["/rides/kestrel/links/", "/reports/links/"])
def test_what_is_not_indexed_has_words_of_its_own_too(client: Client, address: str) -> None:
    assert meta(page(client, address), "description") != meta(page(client, "/"), "description")


@pytest.mark.usefixtures("wiki")
def test_rides_of_one_name_are_told_apart(client: Client) -> None:
    for slug in ("one", "two"):
        park = Park.objects.create(slug=slug, name=f"Park {slug}")
        Ride.objects.create(slug=f"bat-{slug}", name="Bat", park=park, body="It flies.")
    for slug in ("one", "two"):
        html = page(client, f"/rides/bat-{slug}/")
        assert f"<title>Bat, Park {slug} · ThrillWiki</title>" in html
        assert meta(html, "description") == f"Bat, Park {slug}: It flies."


@pytest.mark.usefixtures("wiki")
@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/map/", "CollectionPage"),
        ("/statistics/", "WebPage"),
        ("/on-this-day/?day=05-14", "CollectionPage"),
        ("/changes/", "CollectionPage"),
        ("/names/kestrel/", "CollectionPage"),
    ],
)
def test_pages_without_a_subject_say_what_they_are(client: Client, address: str, kind: str) -> None:
    Ride.objects.create(slug="kestrel-2", name="Kestrel")
    told, crumbs = graph(page(client, address))
    assert told["@type"] == kind
    assert told["url"] == f"http://{HOST}{address}"
    assert crumbs["itemListElement"][-1]["item"] == f"http://{HOST}{address}"


def test_dates_are_told_as_far_as_iso_can_say_them(client: Client) -> None:
    Person.objects.create(slug="p", name="P", born="1880-05", died="about 1950")
    Company.objects.create(slug="c", name="C", founded="1926-01-02", defunct="spring 1999")
    Park.objects.create(slug="k", name="K", opened="1955", closed="1980/1984")
    person, *_ = graph(page(client, "/people/p/"))
    company, *_ = graph(page(client, "/companies/c/"))
    park, *_ = graph(page(client, "/parks/k/"))
    assert person["birthDate"] == "1880-05"
    assert "deathDate" not in person
    assert company["foundingDate"] == "1926-01-02"
    assert "dissolutionDate" not in company
    assert park["foundingDate"] == "1955"
    assert "dissolutionDate" not in park


@pytest.mark.usefixtures("wiki")
def test_pages_are_described_for_machines(client: Client) -> None:
    Park.objects.filter(slug="hill-park").update(country="DE", location="Hill")
    park, crumbs = graph(page(client, "/parks/hill-park/"))
    assert park["@type"] == "AmusementPark"
    assert park["address"]["addressCountry"] == "DE"
    assert [crumb["name"] for crumb in crumbs["itemListElement"]] == [
        "ThrillWiki",
        "Parks",
        "Hill Park",
    ]
    assert crumbs["itemListElement"][1]["item"] == f"http://{HOST}/parks/"
    ride, _ = graph(page(client, "/rides/kestrel/"))
    assert ride["containedInPlace"] == {
        "@type": "AmusementPark",
        "name": "Hill Park",
        "url": f"http://{HOST}/parks/hill-park/",
    }
    model, _ = graph(page(client, "/models/wing/"))
    assert model["manufacturer"]["name"] == "Acme"
    assert graph(page(client, "/companies/acme/"))[0]["@type"] == "Organization"
    assert graph(page(client, "/articles/lifts/"))[0]["headline"] == "Lifts"
    assert graph(page(client, "/rides/"))[0]["@type"] == "BreadcrumbList"
    assert graph(page(client, "/"))[0]["@type"] == "WebSite"


@pytest.mark.usefixtures("wiki")
def test_hostile_words_stay_words(client: Client, kestrel: Ride) -> None:
    kestrel.refresh_from_db()
    kestrel.name, kestrel.body = f"Kestrel {HOSTILE}", f"{HOSTILE} and more. Next."
    kestrel.save()
    Park.objects.filter(slug="hill-park").update(
        name=HOSTILE, website="https://x.example/</script>"
    )
    for address in ("/rides/kestrel/", "/parks/hill-park/", "/rides/kestrel/history/"):
        html = page(client, address)
        assert "<script>alert" not in html
        assert len(re.findall(r"<title>", html)) == len(re.findall(r"</title>", html)) == 1
        assert "</script><" not in html.split("ld+json")[-1].split("</script>")[0]
    ride, _ = graph(page(client, "/rides/kestrel/"))
    assert ride["name"] == kestrel.name
    assert ride["containedInPlace"]["name"] == HOSTILE


@given(st.text())
def test_nothing_ends_a_data_block(text: str) -> None:
    from django.test import RequestFactory

    request = RequestFactory().get("/", headers={"host": "testserver"})
    html = str(script(request, {"name": text, text: [text]}))
    inside = html.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert not set(inside) & set("<>&")
    assert json.loads(inside)["@graph"][0]["name"] == text


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("", ""),
        ("# Only a heading", ""),
        ("# A\n\n*Chains* pull the [train](/x/) up\nthe hill. Then `it` falls.",
         "Chains pull the train up the hill."),
        ("St. Louis has a coaster of wood. More.", "St. Louis has a coaster of wood."),
        ("- a list\n\nThe words after it come first.", "The words after it come first."),
        ("![a picture](x.png)\n\nWords that tell something, at last!",
         "Words that tell something, at last!"),
        ("<b>bold</b> is shown as it was typed.", "<b>bold</b> is shown as it was typed."),
        ("no full stop", "no full stop"),
        ("{{rides/kestrel.height}}\n\nIt rises {{rides/kestrel.height}} over its lake.",
         "It rises 203 ft (62 m) over its lake."),
    ],
)  # fmt: skip
def test_a_body_is_told_in_a_sentence(kestrel: Ride, body: str, sentence: str) -> None:
    kestrel.height = "203 ft"
    kestrel.save()
    assert first_sentence(render(body)) == sentence


@given(st.text(max_size=400))
def test_a_description_is_never_longer_than_is_shown(text: str) -> None:
    assert len(shortened(text)) <= LONGEST
    assert len(shortened(first_sentence(render(text)))) <= LONGEST


def test_a_page_without_words_tells_its_facts(client: Client) -> None:
    Park.objects.create(slug="dale", name="Dale", country="FR")
    Park.objects.create(slug="nowhere", name="Nowhere")
    assert meta(page(client, "/parks/dale/"), "description") == "Dale, park: country France."
    assert meta(page(client, "/parks/nowhere/"), "description") == "Nowhere, park."


def test_headings_of_a_body_stand_below_the_title(client: Client, kestrel: Ride) -> None:
    kestrel.body = "# One\n\n## Two\n\n###### Six\n\n`<h1>` as text"
    kestrel.save()
    html = page(client, "/rides/kestrel/")
    assert '<h2 id="text-one">One</h2>' in html
    assert '<h3 id="text-two">Two</h3>' in html
    assert '<h6 id="text-six">Six</h6>' in html


def locations(xml: bytes) -> list[str]:
    root = ElementTree.fromstring(xml)  # noqa: S314  # our own
    return [each.text or "" for each in root.iter(f"{SITEMAP}loc")]


@pytest.mark.usefixtures("wiki")
def test_the_sitemap_has_every_page_of_main(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    Ride.objects.create(slug="gone", name="Gone").delete()
    Ride.objects.create(slug="falcon", name="Falcon")
    monkeypatch.setattr(sitemaps._Section, "limit", 1)
    answer = client.get("/sitemap.xml", headers={"host": HOST})
    assert answer["Content-Type"] == "application/xml"
    found: list[str] = []
    for address in locations(answer.content):
        assert address.startswith(f"http://{HOST}/sitemap-")
        found += locations(client.get(address, headers={"host": HOST}).content)
    assert len(set(found)) == len(found)
    for path in ("/", "/rides/", "/changes/", "/map/", "/statistics/", "/on-this-day/",
                 "/rides/kestrel/", "/rides/falcon/",
                 "/parks/hill-park/", "/articles/lifts/", "/models/wing/"):  # fmt: skip
        assert f"http://{HOST}{path}" in found
    assert not any("gone" in each or "spring" in each for each in found)


def test_the_sitemap_says_when_a_page_changed(client: Client, kestrel: Ride) -> None:
    kestrel.name = "Falcon"
    kestrel.save()
    changeset = reading.changeset_at(reading.last_position())
    assert changeset is not None
    xml = client.get("/sitemap-rides.xml").content.decode()
    assert f"<lastmod>{changeset.recorded_at:%Y-%m-%d}" in xml


def test_a_sitemap_costs_the_same_in_a_large_wiki(client: Client, kestrel: Ride) -> None:
    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    addresses = ("/sitemap.xml", "/sitemap-rides.xml", "/sitemap-lists.xml", "/robots.txt")
    before = [queries(each) for each in addresses]
    with BatchOperation("More") as batch:
        batch.process_changes(Ride(slug=f"r-{n}", name=f"R {n}") for n in range(50))
    assert [queries(each) for each in addresses] == before == [len(KINDS), 5, 0, 0]


@pytest.mark.parametrize(
    "address",
    ["/sitemap-teapots.xml", "/sitemap-rides.xml?p=9", "/sitemap-rides.xml?p=x",
     "/~spring/sitemap.xml", "/@{past}/sitemap-rides.xml", "/~spring/robots.txt"],
)  # fmt: skip
def test_there_is_no_other_sitemap(client: Client, kestrel: Ride, address: str) -> None:
    fork("spring")
    past = f"p{reading.last_position()}"
    assert client.get(address.format(past=past)).status_code == 404


def test_crawlers_are_led_to_the_sitemap_and_away_from_the_endless(client: Client) -> None:
    answer = client.get("/robots.txt", headers={"host": HOST})
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    text = answer.content.decode()
    assert f"Sitemap: http://{HOST}/sitemap.xml\n" in text
    assert "Disallow: /@\nDisallow: /~\n" in text


def entries(client: Client, address: str) -> list[dict[str, str]]:
    answer = client.get(address, headers={"host": HOST})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/atom+xml")
    root = ElementTree.fromstring(answer.content)  # noqa: S314  # our own
    return [
        {
            "title": each.findtext(f"{ATOM}title") or "",
            "href": next(each.iter(f"{ATOM}link")).get("href", ""),
            "by": each.findtext(f"{ATOM}author/{ATOM}name") or "",
            "updated": each.findtext(f"{ATOM}updated") or "",
        }
        for each in root.iter(f"{ATOM}entry")
    ]


def test_changes_are_a_feed_at_every_viewpoint(client: Client, kestrel: Ride) -> None:
    past = f"/@p{reading.last_position()}"
    fork("spring")
    with branch_context("spring", message=f"Odd \x0b\ufffe {HOSTILE}"):
        Ride.objects.create(slug="of-spring", name="Of spring")
    with branch_context(message="A word on main"):
        Park.objects.create(slug="dale", name="Dale")
    (first, *_) = entries(client, "/changes/feed/")
    assert (first["title"], first["by"]) == ("A word on main", "the system")
    (odd,) = [each for each in entries(client, "/~spring/changes/feed/") if "Odd" in each["title"]]
    assert odd["title"] == f"Odd \ufffd\ufffd {HOSTILE}"
    assert len(entries(client, f"{past}/changes/feed/")) < len(entries(client, "/changes/feed/"))


def test_a_page_has_a_feed_of_its_versions(client: Client, kestrel: Ride) -> None:
    with branch_context(message="Another name"):
        ride = Ride.objects.get(slug="kestrel")
        ride.name = "Fal\x0ccon"
        ride.save()
    titles = [each["title"] for each in entries(client, "/rides/kestrel/history/feed/")]
    assert titles == ["Version 2: Another name", "Version 1: no summary"]
    assert 'href="/rides/kestrel/history/feed/"' in page(client, "/rides/kestrel/")
    assert client.get("/rides/nothing/history/feed/").status_code == 404
    Ride.objects.get().delete()
    assert len(entries(client, "/rides/kestrel/history/feed/")) == 3


def test_a_feed_costs_the_same_however_long_the_history_is(client: Client, kestrel: Ride) -> None:
    for n in range(5):
        kestrel.name = f"Kestrel {n}"
        kestrel.save()
    for address, most in (("/changes/feed/", 2), ("/rides/kestrel/history/feed/", 5)):
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        assert len(asked) <= most, address
