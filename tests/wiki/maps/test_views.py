"""The map's page: every park with a place, at every viewpoint, by links alone."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from eventstore import reading
from versioning import BatchOperation, branch_context
from versioning.branches.fork import fork
from wiki.maps.listed import PAGE_SIZE
from wiki.models import Park, Ride

pytestmark = pytest.mark.django_db

RUST, SOLTAU, TOKYO = "48.266, 7.722", "53.024, 9.877", "35.634, 139.878"


@pytest.fixture
def parks(kestrel: Ride) -> None:
    """Four with a place, of whom one tells its country; Hill Park has none."""
    for slug, where, told in (
        ("rust", RUST, {"country": "DE", "status": "operating"}),
        ("soltau", SOLTAU, {"sort": "theme"}),
        ("urayasu", TOKYO, {}),
        ("alone-at-sea", "-40, -120", {}),
    ):
        Park.objects.create(slug=slug, name=slug.title(), coordinates=where, **told)


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def picture(page: str) -> str:
    return found(r'(<svg class="map".*?</svg>\s*<section)', page)


def found(pattern: str, page: str) -> str:
    """What a page holds in the place of the pattern's group."""
    match = re.search(pattern, page, re.DOTALL)
    assert match is not None, pattern
    return unescape(match[1])


def links(html: str, kind: str) -> dict[str, str]:
    """Titles and addresses of a picture's marks: parks (`park`) or several of them (`cluster`)."""
    found = re.findall(rf'<a class="map-{kind}"[^>]*? href="([^"]+)"[^>]*><title>([^<]+)', html)
    return {title: unescape(href) for href, title in found}


def countries(page: str) -> dict[str, list[str]]:
    """The list: country by country, the addresses of its parks."""
    part = page.split('id="parks"')[1]
    return {
        name: re.findall(r'<li><a href="(/[^"]*parks/[^"]+)"', rows)
        for name, rows in re.findall(r"<h3>([^<]+)</h3>\s*(<ul.*?</ul>)", part, re.DOTALL)
    }


@pytest.mark.usefixtures("parks")
def test_every_park_is_on_the_map_and_in_the_list_by_country(client: Client) -> None:
    page = shown(client, "/map/")
    assert links(picture(page), "park") == {
        "Urayasu": "/parks/urayasu/", "Alone-At-Sea": "/parks/alone-at-sea/",
    }  # fmt: skip
    assert list(links(picture(page), "cluster")) == ["2 parks"]
    assert countries(page) == {
        "Germany": ["/parks/rust/", "/parks/soltau/"],
        "Japan": ["/parks/urayasu/"],
        "No country": ["/parks/alone-at-sea/"],
    }
    assert "4 of 4 parks in view" in page
    assert "The place of 1 other is not known" in page
    assert "A park without a country is listed under the one that it lies in" in page
    assert 'href="/map/" aria-current="page"' in page


@pytest.mark.usefixtures("parks")
def test_a_cluster_opens_into_its_parks(client: Client) -> None:
    address = links(picture(shown(client, "/map/")), "cluster")["2 parks"]
    opened = shown(client, address)
    assert "2 of 4 parks in view" in opened
    while cluster := links(picture(opened), "cluster"):
        opened = shown(client, cluster["2 parks"])
    assert links(picture(opened), "park").keys() == {"Rust", "Soltau"}


def test_parks_that_no_zoom_parts_are_reached_by_the_list(client: Client, parks: None) -> None:
    Park.objects.create(slug="rust-2", name="Rust 2", coordinates=RUST)
    page = shown(client, f"/map/?at={RUST}&zoom=10")
    assert links(picture(page), "cluster") == {"2 parks": "#parks"}
    assert countries(page) == {"Germany": ["/parks/rust/", "/parks/rust-2/"]}


@pytest.mark.usefixtures("parks")
def test_filters_keep_parks_and_choose_the_window(client: Client) -> None:
    page = shown(client, "/map/?country=DE")
    assert "2 of 2 parks in view" in page
    assert countries(page) == {"Germany": ["/parks/rust/", "/parks/soltau/"]}
    assert "country=DE" in found(r'id="map-in"[^>]*href="([^"]+)"', page)
    assert countries(shown(client, "/map/?status=operating")) == {"Germany": ["/parks/rust/"]}
    assert countries(shown(client, "/map/?sort=theme")) == {"Germany": ["/parks/soltau/"]}
    assert "It is not known where the parks here are" in shown(client, "/map/?country=FR")
    assert "/parks/rust/" in shown(client, "/map/?order=newest")


@pytest.mark.usefixtures("parks")
def test_the_map_is_moved_by_links(client: Client) -> None:
    page = shown(client, f"/map/?at={RUST}&zoom=6")
    steps = {
        name: unescape(href)
        for name, href in re.findall(r'id="map-(\w+)"[^>]*? href="([^"]+)"', page)
    }
    assert list(steps) == ["in", "out", "west", "north", "south", "east", "world"]
    assert "zoom=7" in steps["in"]
    assert countries(shown(client, steps["east"] + "&page=1")) == {"Germany": ["/parks/rust/"]}
    assert "0 of 4 parks in view" in shown(client, shown_step(client, steps["east"], "east"))
    assert "4 of 4 parks in view" in shown(client, steps["world"])
    whole = shown(client, "/map/")
    assert re.search(r'id="map-out"[^>]*aria-disabled="true"', whole)
    deepest = shown(client, "/map/?zoom=10")
    assert re.search(r'id="map-in"[^>]*aria-disabled="true"', deepest)


def shown_step(client: Client, address: str, name: str) -> str:
    page = shown(client, address)
    return found(rf'id="map-{name}"[^>]*? href="([^"]+)"', page)


@pytest.mark.usefixtures("parks")
def test_a_part_is_the_map_alone(client: Client) -> None:
    part = shown(client, "/map/?part=map")
    assert part.strip().startswith('<div id="map"')
    assert "<html" not in part


@pytest.mark.usefixtures("parks")
@pytest.mark.parametrize(
    "query",
    ["at=x", "zoom=99", "at=NaN,NaN", "at=1e400,0", "zoom=1e400", "page=0", "page=9", "page=x",
     "country=QQ", "status=%00", "order=x", "at=%00&zoom=1"],
)  # fmt: skip
def test_what_cannot_be_shown_is_refused_in_a_sentence(client: Client, query: str) -> None:
    answer = client.get(f"/map/?{query}")
    assert answer.status_code == 400
    assert 'class="lead"' in answer.content.decode()


def test_an_empty_wiki_has_a_map(client: Client) -> None:
    page = shown(client, "/map/")
    assert "It is not known where the parks here are" in page
    assert "world-110m.svg#world" in page


@pytest.mark.usefixtures("parks")
def test_the_past_and_branches_have_maps_of_their_own(client: Client) -> None:
    before = reading.last_position()
    fork("spring")
    with branch_context("spring"):
        rust = Park.objects.get(slug="rust")
        rust.coordinates = TOKYO
        rust.save()
    Park.objects.get(slug="soltau").delete()
    main, spring, past = (
        countries(shown(client, f"{prefix}map/")) for prefix in ("/", "/~spring/", f"/@p{before}/")
    )
    assert main["Germany"] == ["/parks/rust/"]
    # It still says that it is in Germany: what a page tells goes before where it lies.
    assert spring["Germany"] == ["/~spring/parks/rust/", "/~spring/parks/soltau/"]
    assert past["Germany"] == [f"/@p{before}/parks/rust/", f"/@p{before}/parks/soltau/"]
    assert "2 parks" in links(picture(shown(client, f"/@p{before}/map/")), "cluster")
    there = shown(client, f"/~spring/map/?at={TOKYO}")
    assert "2 of 4 parks in view" in there
    assert 'href="/~spring/map/?at=' in there
    preview = shown(client, f"/~main+spring/map/?at={TOKYO}")
    assert "2 of 3 parks in view" in preview


def test_an_edit_is_on_the_map_at_once(client: Client, parks: None) -> None:
    assert "4 of 4 parks in view" in shown(client, "/map/")
    park = Park.objects.get(slug="hill-park")
    park.coordinates = RUST
    park.save()
    assert "5 of 5 parks in view" in shown(client, "/map/")
    assert "is not known" not in shown(client, "/map/")


def test_a_name_is_text_whatever_it_holds(client: Client) -> None:
    Park.objects.create(slug="a", name="<b>&\"'</b>", coordinates=RUST)
    page = shown(client, "/map/")
    assert "<b>&" not in page
    assert page.count("&lt;b&gt;&amp;&quot;&#x27;&lt;/b&gt;") == 3


@pytest.mark.usefixtures("parks")
def test_a_page_with_a_place_shows_where_that_is(client: Client) -> None:
    Ride.objects.create(slug="silver-star", name="Silver Star", coordinates=RUST)
    Ride.objects.create(slug="somewhere", name="Somewhere")
    page = shown(client, "/rides/silver-star/")
    assert 'aria-label="Silver Star on the map"' in page
    address = found(r'class="map-locator" href="([^"]+)"', page)
    assert "/parks/rust/" in shown(client, address)
    assert "map-locator" not in shown(client, "/rides/somewhere/")
    # A park has one map alone: that of what lies around it.
    assert "map-locator" not in shown(client, "/parks/rust/")
    assert "map-small" in shown(client, "/parks/rust/")


def test_a_long_list_is_read_page_by_page_and_asks_no_more(
    client: Client, kestrel: Ride, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(7):
        client.get("/map/")
    with BatchOperation("Parks") as batch:
        batch.process_changes(
            Park(slug=f"p{n}", name=f"P {n:03}", coordinates=f"{n % 90 - 45}, {n * 7 % 360 - 180}")
            for n in range(PAGE_SIZE + 50)
        )
    with django_assert_max_num_queries(7):
        first = shown(client, "/map/")
    marks = [*links(picture(first), "park"), *links(picture(first), "cluster")]
    assert len(marks) < 120
    following = found(r'href="([^"]+)" rel="next"', first)
    second = shown(client, following)
    read = [href for page in (first, second) for c in countries(page).values() for href in c]
    assert len(read) == len(set(read)) == PAGE_SIZE + 50
    assert 'rel="next"' not in second


def test_the_outlines_are_sent_once_and_not_with_every_page(client: Client, parks: None) -> None:
    page = shown(client, "/map/")
    assert len(page) < 25_000
    assert "style=" not in page
    assert "world-110m.svg#world" in page
    assert "world-50m.svg#world" in shown(client, "/map/?zoom=3")
