"""The search page: what it finds and counts, at every viewpoint, whatever is typed."""

import re
from html import unescape

import pytest
from django.test import Client

from eventstore import reading
from projections.following.followed import catch_up
from projections.search import visible
from versioning import branch_context
from versioning.branches.fork import fork
from wiki.models import Article, Company, Park, ParkArea, Ride
from wiki.pages.items import OtherName
from wiki.search.excerpts import MARK_END, MARK_START, excerpt

pytestmark = pytest.mark.django_db


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return unescape(answer.content.decode())


def hits(client: Client, address: str) -> list[str]:
    """Names of the pages that are found, in their order."""
    listed = re.search(r'<ul class="hits">(.*?)</ul>', page(client, address), re.DOTALL)
    return (
        re.findall(r'<li><a class="row-name" href="[^"]+">([^<]+)</a>', listed[1]) if listed else []
    )


@pytest.fixture(params=[True, False], ids=["followed", "not followed yet"])
def wiki(request: pytest.FixtureRequest, acme: Company) -> None:
    """Two parks with two rides each; whether the table has them yet makes no difference."""
    for n, country in enumerate(("DE", "SE")):
        park = Park.objects.create(slug=f"park-{n}", name=f"Park {n}", country=country)
        for m in range(2):
            Ride.objects.create(
                slug=f"ride-{n}-{m}",
                name=f"Ride {n} {m}",
                park=park,
                status="operating" if m else "closed",
                manufacturer=acme if n else None,
                opened=f"{1990 + 10 * n}-0{m + 1}",
                height=f"{50 * n + m + 1} m",
            )
    if request.param:
        catch_up()


def test_a_name_comes_before_a_mention_and_words_are_marked(client: Client) -> None:
    Article.objects.create(slug="a", name="A list", body="Here is a chain lift & <b>more</b>.")
    Article.objects.create(slug="b", name="Chain lift", body="It clicks.")
    assert hits(client, "/search/?q=chain+lift") == ["Chain lift", "A list"]
    raw = client.get("/search/?q=chain+lift").content.decode()
    assert "<mark>chain</mark> <mark>lift</mark> &amp;" in raw
    assert "<b>more" not in raw


def test_exact_names_come_first_and_short_ones_before_long_ones(client: Client) -> None:
    for slug, name in (("a", "Nemesis Inferno"), ("b", "Nemesis Sub-Terra"), ("c", "Nemesis")):
        Article.objects.create(slug=slug, name=name, body="Nemesis, and Nemesis again." * 9)
    Article.objects.filter(slug="c").update(body="", names=[{"id": "1", "name": "Reborn"}])
    for asked in ("neme", "nemesis"):
        assert hits(client, f"/search/?q={asked}")[0] == "Nemesis"


def test_accents_beginnings_and_phrases(client: Client) -> None:
    Article.objects.create(slug="a", name="Kärnan", body="Der Kern liegt in der Mitte.")
    Article.objects.create(slug="b", name="Karneval", body="Mitte der Stadt, in der Nacht.")
    assert hits(client, "/search/?q=karnan") == ["Kärnan"]
    assert hits(client, "/search/?q=KÄRN") == ["Kärnan", "Karneval"]
    assert hits(client, "/search/?q=%22in+der+mitte%22") == ["Kärnan"]
    assert hits(client, "/search/?q=mitte+-kern") == ["Karneval"]
    assert "<mark>Kärnan" not in page(client, "/search/?q=mitte")


def test_a_typo_is_asked_about(client: Client) -> None:
    Article.objects.create(slug="a", name="Steel Vengeance")
    found = page(client, "/search/?q=stel+vengence")
    assert "Did you mean" in found
    assert hits(client, "/search/?q=stel+vengence") == ["Steel Vengeance"]
    assert "Did you mean" not in page(client, "/search/?q=steel")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("Vekmoa", "Vekoma"), ("Bolinger", "Bolliger & Mabillard"), ("Vekma", "Vekoma")],
)
def test_letters_that_are_swapped_or_missing_are_a_typo(
    client: Client, typed: str, meant: str
) -> None:
    for slug, name in (("v", "Vekoma"), ("b", "Bolliger & Mabillard"), ("i", "Intamin")):
        Company.objects.create(slug=slug, name=name)
    assert hits(client, f"/search/?q={typed}") == [meant]


def test_a_typo_that_some_text_has_too_is_asked_about(client: Client) -> None:
    Company.objects.create(slug="v", name="Vekoma")
    Article.objects.create(slug="a", name="Makers", body="Some spell it Vekmoa.")
    found = page(client, "/search/?q=vekmoa")
    assert hits(client, "/search/?q=vekmoa") == ["Makers"]
    assert "Vekoma</a>" in found.split("Did you mean")[1]


def test_hits_of_one_name_are_told_apart(client: Client) -> None:
    for slug, year in (("hill", "1999"), ("dale", "2004")):
        park = Park.objects.create(slug=slug, name=f"{slug.capitalize()} Park")
        Ride.objects.create(
            slug=f"batman-{slug}", name="Batman", park=park, opened=year, status="operating"
        )
    found = page(client, "/search/?q=batman")
    assert "Ride: Hill Park, Operating, 1999" in found
    assert "Ride: Dale Park, Operating, 2004" in found


def test_a_former_name_is_told(client: Client, kestrel: Ride) -> None:
    kestrel.name = "Falcon"
    kestrel.save()
    assert "Ride, once called Kestrel" in page(client, "/search/?q=kestrel")


def test_other_names_are_names(client: Client, kestrel: Ride) -> None:
    kestrel.names = [OtherName(name="The Windhover"), OtherName(name="Faucon crécerelle")]
    kestrel.save()
    assert hits(client, "/search/?q=crecerelle") == ["Kestrel"]
    Article.objects.create(slug="a", name="A text", body="Windhover is a word.")
    assert hits(client, "/search/?q=windhover") == ["Kestrel", "A text"]


def test_a_page_that_was_chosen_by_its_name_can_be_taken_back(client: Client) -> None:
    for slug in ("apex", "bolt"):
        maker = Company.objects.create(slug=slug, name=f"{slug} Works")
        Ride.objects.create(slug=slug, name=f"Ride of {slug}", manufacturer=maker)
    found = page(client, "/search/?q=ride&manufacturer=apex+works")
    taken_back = re.search(r'<a href="([^"]+)"[^>]*aria-current="true">apex Works', found)
    assert taken_back is not None
    assert taken_back[1] == "?q=ride"


def test_a_filter_of_two_kinds_finds_both(client: Client, acme: Company) -> None:
    """A company's parent is a company, an area's an area: one filter, by whichever has the name."""
    Company.objects.create(slug="child", name="Child Acme", parent=acme)
    park = Park.objects.create(slug="p", name="Park")
    above = ParkArea.objects.create(slug="above", name="Above", park=park)
    ParkArea.objects.create(slug="below", name="Below", park=park, parent=above)
    assert hits(client, "/search/?parent=acme") == ["Child Acme"]
    assert hits(client, "/search/?parent=above") == ["Below"]
    counted = page(client, "/search/?parent=above&parent=acme")
    assert "Above ×" in counted
    assert "Acme ×" in counted


def test_every_viewpoint_finds_its_own(client: Client, kestrel: Ride) -> None:
    then = reading.last_position()
    Article.objects.create(slug="a", name="Of today", body="kestrel")
    fork("spring")
    with branch_context("spring"):
        Ride.objects.filter(pk=kestrel.pk).update(name="Falcon", body="kestrel once")
        Article.objects.get().delete()
    for _ in range(2):
        assert hits(client, "/search/?q=kestrel") == ["Kestrel", "Of today"]
        assert hits(client, f"/@p{then}/search/?q=kestrel") == ["Kestrel"]
        assert hits(client, "/~spring/search/?q=kestrel") == ["Falcon"]
        assert hits(client, "/~main+spring/search/?q=kestrel") == ["Falcon"]
        assert 'href="/~spring/rides/kestrel/"' in page(client, "/~spring/search/?q=falcon")
        catch_up()


@pytest.mark.usefixtures("wiki")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=ride", ["Ride 0 0", "Ride 0 1", "Ride 1 0", "Ride 1 1"]),
        ("q=kind:parks", ["Park 0", "Park 1"]),
        ("q=ride+status:operating", ["Ride 0 1", "Ride 1 1"]),
        ("country=de", ["Park 0", "Ride 0 0", "Ride 0 1"]),
        ("country=DE&country=SE&kind=park", ["Park 0", "Park 1"]),
        ("maker=acme&status=closed", ["Ride 1 0"]),
        ("q=maker:acme", ["Ride 1 0", "Ride 1 1"]),
        ("maker=nobody", []),
        ("opened_from=1990-02&opened_to=2000-01", ["Ride 0 1", "Ride 1 0"]),
        ("opened_to=1990", ["Ride 0 0", "Ride 0 1"]),
        ("height_over=51", ["Ride 1 0", "Ride 1 1"]),
        ("height_over=6 ft&height_under=60 m", ["Ride 0 1", "Ride 1 0", "Ride 1 1"]),
        ("opened_to=about+1989", ["Ride 0 0", "Ride 0 1"]),
        ("roles=manufacturer", ["Acme"]),
        ("q=germany", ["Park 0"]),
        ("q=kind:teapot", []),
    ],
)
def test_filters_are_addresses(client: Client, query: str, found: list[str]) -> None:
    assert sorted(hits(client, f"/search/?{query}")) == sorted(found)


def test_a_limit_keeps_what_is_exactly_as_large(client: Client, kestrel: Ride) -> None:
    kestrel.speed = "100 km/h"
    kestrel.save()
    for limit in ("100 km/h", "100"):
        assert hits(client, f"/search/?speed_under={limit}") == ["Kestrel"]
        assert hits(client, f"/search/?speed_over={limit}") == ["Kestrel"]


@pytest.mark.usefixtures("wiki")
def test_counts_lead_to_what_they_count(client: Client) -> None:
    first = page(client, "/search/?q=ride")
    assert "4 pages" in first
    counted = re.findall(r'<a href="(\?[^"]+)"[^>]*>([^<]+)</a> <span class="meta">(\d+)<', first)
    assert {label for _, label, _ in counted} >= {
        "Germany",
        "Sweden",
        "Operating",
        "Closed",
        "Park 0",
    }
    for address, _, count in counted:
        assert len(hits(client, f"/search/{address}")) == int(count), address
    chosen = page(client, "/search/?q=ride&status=closed")
    assert re.search(r'href="\?q=ride"[^>]*aria-current="true">Closed ×', chosen)


@pytest.mark.usefixtures("wiki")
def test_filters_stay_while_one_searches_on(client: Client) -> None:
    form = page(client, "/search/?q=ride&status=closed&roles=owner&height_over=200+ft")
    assert '<input type="hidden" name="roles" value="owner">' in form
    assert '<option value="closed" selected>' in form
    assert 'name="height_over" value="200 ft"' in form


def test_hits_come_in_pages(client: Client) -> None:
    for n in range(45):
        Article.objects.create(slug=f"a-{n}", name=f"Common {n:02}")
    seen: list[str] = []
    address = "?q=common"
    while address:
        seen += hits(client, f"/search/{address}")
        following = re.search(r'href="(\?[^"]+)" rel="next"', page(client, f"/search/{address}"))
        address = following[1] if following else ""
    assert seen == [f"Common {n:02}" for n in range(45)]


def test_results_alone_are_no_page(client: Client, kestrel: Ride) -> None:
    part = page(client, "/search/?q=kestrel&part=results")
    assert part.lstrip().startswith('<section id="results"')
    assert "<html" not in part


def test_what_is_missing_can_be_created_by_who_may(client: Client, editor: Client) -> None:
    address = "/search/?q=Nowhere+%26+nothing"
    assert "/rides/new/" not in page(client, address)
    assert 'href="/rides/new/?name=Nowhere%20%26%20nothing"' in page(editor, address)
    only = page(editor, "/search/?q=nowhere&kind=park")
    assert "/parks/new/?name=nowhere" in only
    assert "/rides/new/?name=" not in only
    past = f"/@p{reading.last_position()}"
    assert "/new/?name=" not in page(editor, past + address)


def test_far_behind_the_page_says_so(
    client: Client, kestrel: Ride, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visible, "MOST_BEHIND", 0)
    assert "not searched yet" in page(client, "/search/?q=kestrel")
    catch_up()
    assert "not searched yet" not in page(client, "/search/?q=kestrel")


HOSTILE = [
    '"', '""', "-", "--", "- -a", "!", "a & | !", "<->", "a <-> b", ":*", "a:*", "kind:", ":x",
    "kind:ride:ride", "'", "\\", "\\'", "%", "%s", "%(plain)s", "{}", "{source}", "'; DROP TABLE x",
    "(" * 200, "\u202e", "\ue000", "\ufdfa" * 150, "a" * 5_000, "1e5 0x1f -5 1.5.2 a@b.c http://x/y",
    "ａｂｃ", "🎢", "a\u0301\u0301\u0301", "\u0000", "--- -\"x", "AND OR NOT",
    "country:DEUTSCHLAND",
    "status:x' OR 1=1", "maker:\u0000", "maker:" + "x" * 190,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_no_words_are_an_error(client: Client, kestrel: Ride, text: str) -> None:
    Ride.objects.filter(pk=kestrel.pk).update(body=text.replace("\0", ""))
    for _ in range(2):
        for address in ("/search/", "/search/suggest/"):
            assert client.get(address, {"q": text}).status_code == 200
        catch_up()


@pytest.mark.parametrize(
    "query",
    ["status=pretty", "kind=teapot", "country=DEUTSCHLAND", "opened_from=tomorrow", "height_over=x",
     "height_over=5 bananas", "opened_to=99999", "page=0", "page=26", "page=x", "page=-1",
     "inversions_over=1e9", "page=%C2%B2", "opened_to=%00x", "height_over=" + "9" * 400],
)  # fmt: skip
def test_a_filter_that_makes_no_sense_is_refused_with_a_sentence(
    client: Client, query: str
) -> None:
    answer = client.get(f"/search/?{query}")
    assert answer.status_code == 400
    assert "status-code" in answer.content.decode()


def test_an_excerpt_shows_the_words_where_they_stand() -> None:
    text = (
        "# Title\n\n"
        + "word " * 100
        + "the **Kärnan** [tower](http://x.y/z) stands. "
        + "end " * 90
    )
    shown = excerpt(text, ["karnan", "tower"])
    assert f"the {MARK_START}Kärnan{MARK_END} {MARK_START}tower{MARK_END} stands." in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) < 300
    assert excerpt("Short.", []) == "Short."
    text = (
        "[[ Kaiserblitz ]] is {{rides/x.height}} tall[@report-1998, p. 2].[^1]\n\n"
        "- [x] [[rides/other-one]], [[ride:Kestrel|the bird]]\n\n"
        "| a | b |\n|---|:-:|\n| 1 - 2 | c-d |"
    )
    assert excerpt(text, []) == "Kaiserblitz is … tall. other one, the bird a b 1 - 2 c-d"
    assert excerpt("", ["x"]) == ""
    assert MARK_START not in excerpt(MARK_START + "x", [])
