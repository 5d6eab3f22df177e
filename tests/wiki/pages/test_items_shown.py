"""What items name is a link wherever items are shown, at every viewpoint."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from eventstore import reading
from versioning import branch_context
from versioning.branches.fork import fork
from wiki.models import Article, Element, Ride
from wiki.texts.markdown import render

pytestmark = pytest.mark.django_db


def link(element: Element, prefix: str = "/") -> str:
    return f'<a href="{prefix}elements/{element.slug}/">{element.name}</a>'


@pytest.fixture
def loop() -> Element:
    return Element.objects.create(slug="loop", name="Loop")


@pytest.fixture
def roll() -> Element:
    return Element.objects.create(slug="roll", name="Roll")


@pytest.fixture
def coaster(kestrel: Ride, loop: Element, roll: Element) -> Ride:
    """A ride of two tracks: one tells its elements behind its name, the other nothing else."""
    kestrel.tracks = [
        {"id": "a", "name": "Left", "inversions": 2, "elements": [str(loop.pk), str(roll.pk)]},
        {"id": "b", "elements": [str(roll.pk), str(loop.pk)]},
    ]
    kestrel.save()
    return kestrel


def html(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def words(html: str) -> str:
    """What somebody reads of some HTML."""
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


@pytest.mark.parametrize(
    "address", ["", "history/2/", "diff/?from=1&to=2", "blame/", "timeline/?year=1990"]
)
def test_every_page_links_all_that_items_name(
    client: Client, coaster: Ride, loop: Element, roll: Element, address: str
) -> None:
    told = f"Left (2 inversions; {link(loop)}, {link(roll)}), {link(roll)}, {link(loop)}"
    is_told = told in html(client, f"/rides/kestrel/{address}")
    # A track has no period, so no year says anything of it.
    assert is_told == (not address.startswith("timeline"))


def test_links_stay_in_the_viewpoint(client: Client, coaster: Ride, loop: Element) -> None:
    fork("spring")
    then = f"/@p{reading.last_position()}/"
    loop.name = "Vertical loop"
    loop.save()
    assert 'href="/~spring/elements/loop/">Loop</a>' in html(client, "/~spring/rides/kestrel/")
    assert f'href="{then}elements/loop/">Loop</a>' in html(client, f"{then}rides/kestrel/")
    assert link(loop) in html(client, "/rides/kestrel/")


def test_what_is_gone_is_named_without_a_link(
    client: Client, coaster: Ride, loop: Element, roll: Element
) -> None:
    fork("spring")
    with branch_context("spring"):
        spiral = Element.objects.create(slug="spiral", name="Spiral")
        ride = Ride.objects.get()
        ride.tracks = [{"id": "a", "name": "Left", "elements": [str(roll.pk), str(spiral.pk)]}]
        ride.save()
    coaster.tracks = []
    coaster.save()
    loop.delete()
    then = html(client, "/rides/kestrel/history/2/")
    assert f"Left (2 inversions; Loop (deleted), {link(roll)})" in then
    compared = html(client, "/rides/kestrel/diff/?from=spring&to=main")
    assert f"Left ({link(roll)}, Spiral)" in compared


def test_a_page_follows_what_its_items_name(
    client: Client, coaster: Ride, loop: Element, roll: Element
) -> None:
    article = Article.objects.create(slug="a", name="A", body="{{rides/kestrel.tracks}}")
    for address in ("/rides/kestrel/", article.get_absolute_url()):
        assert "Loop" in html(client, address)
    loop.name = "Vertical loop"
    loop.save()
    for address in ("/rides/kestrel/", article.get_absolute_url()):
        assert "Vertical loop" in html(client, address)


def test_a_conflict_within_an_item_is_asked_in_words(
    moderator: Client, coaster: Ride, loop: Element, roll: Element
) -> None:
    def change(ride: Ride, element: Element, inversions: int) -> None:
        track = {"id": "a", "name": "Left", "inversions": inversions}
        ride.tracks = [{**track, "elements": [str(element.pk)]}]
        ride.save()

    fork("spring")
    with branch_context("spring"):
        change(Ride.objects.get(), loop, 3)
    change(coaster, roll, 4)
    asked = html(moderator, moderator.post("/branches/spring/merge/")["Location"])
    assert "<legend>Tracks, inversions of Kestrel: which is right?</legend>" in asked
    assert "<legend>Tracks, elements of Kestrel: which is right?</legend>" in asked
    assert re.findall(r'<span class="value is-short">(.*?)</span>', asked) == [
        "2 inversions", "4 inversions", "3 inversions",
        f"{link(loop)}, {link(roll)}", link(roll), link(loop),
    ]  # fmt: skip


def test_an_item_in_conflict_is_asked_about_in_words(
    moderator: Client, coaster: Ride, roll: Element
) -> None:
    fork("spring")
    with branch_context("spring"):
        ride = Ride.objects.get()
        ride.tracks = [{"id": "b", "elements": [str(roll.pk)], "height": "203 ft"}]
        ride.save()
    coaster.tracks = [{"id": "a", "name": "Left"}]
    coaster.save()
    asked = html(moderator, moderator.post("/branches/spring/merge/")["Location"])
    assert "One side removed it, the other changed it." in asked
    assert link(roll) in asked
    assert '<span class="given">203 ft</span>' in asked
    assert str(roll.pk) not in asked


def test_long_lists_ask_no_more(
    client: Client, coaster: Ride, loop: Element, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wiki.screens.page.cached", lambda key, make: make().value)
    addresses = ["/rides/kestrel/", "/rides/kestrel/blame/", "/rides/kestrel/diff/?from=1&to=2"]

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            html(client, address)
        return len(asked)

    at_first = {address: queries(address) for address in addresses}
    many = [Element.objects.create(slug=f"e-{n}", name=f"E {n}") for n in range(30)]
    coaster.tracks = [
        {"id": str(n), "name": f"T {n}", "elements": [str(each.pk), str(loop.pk)]}
        for n, each in enumerate(many)
    ]
    coaster.save()
    assert "E 29" in html(client, "/rides/kestrel/")
    assert {address: queries(address) for address in addresses} == at_first


def test_facts_in_texts_link_what_they_name(coaster: Ride, loop: Element, roll: Element) -> None:
    told = render("{{rides/kestrel.tracks}}")
    assert words(told) == "Left (2 inversions; Loop, Roll), Roll, Loop"
    assert told.count('href="/elements/loop/"') == 2
    assert "/rides/kestrel/" not in told
    assert 'href="/parks/hill-park/"' in render("{{rides/kestrel.park}}")
    assert 'href="/rides/kestrel/"' in render("{{rides/kestrel.name}}")
