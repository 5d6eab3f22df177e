"""Texts and names that would run, ask elsewhere, or take long: on every page that shows them."""

import json
import re
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator

import pytest
from django.test import Client

from eventstore import reading
from eventstore.models import Changeset
from projections.following.followed import catch_up
from tests.hostile.driving import allowed, text_of
from tests.hostile.inputs import entries, entry
from tests.hostile.markup import Surface, surface
from tests.hostile.texts import ELSEWHERE, NAMES, TEXTS
from tests.wiki.editing.test_views import open_form
from versioning.branches.fork import fork
from wiki.models import Article, Ride
from wiki.texts.markdown import LONGEST

pytestmark = pytest.mark.django_db

PLAIN = "Harmless words"

SHOWN = [
    "/articles/lifts/", "/articles/lifts/history/2/", "/articles/lifts/history/3/",
    "/articles/lifts/diff/?from=1&to=main", "/articles/lifts/blame/", "/articles/lifts/edit/",
    "/search/?q=zebra", "/changes/{}/", "/@c{}/articles/lifts/", "/~spring/articles/lifts/",
    "/compare/?from=@p{}&to=main",
]  # fmt: skip

FEED = {"feed", "id", "title", "updated", "link", "author", "name", "entry", "published", "summary",
        "subtitle", "uri"}  # fmt: skip
"""The elements of an Atom feed."""


@pytest.fixture
def lifts() -> Article:
    return Article.objects.create(slug="lifts", name="Lifts", body="zebra")


def save(editor: Client, body: str) -> None:
    """Type a text into the form, and see it kept as it was typed."""
    form = open_form(editor, "/articles/lifts/edit/")
    answer = editor.post("/articles/lifts/edit/", form | {"body": body})
    assert answer.status_code == 302
    stored = Article.objects.get().body
    assert stored.replace("\r\n", "\n") == body.replace("\r\n", "\n")


def pages(editor: Client, body: str) -> Iterator[tuple[str, str]]:
    """Every page that shows the text of the article, by its address."""
    catch_up()
    newest = Changeset.objects.latest("id")
    for address in SHOWN:
        at = newest.first_position - 1 if "@p" in address else newest.pk
        answer = editor.get(address.format(at), follow=True)
        assert answer.status_code == 200, address
        yield address, text_of(answer)
    form = open_form(editor, "/articles/lifts/edit/") | {"body": body, "action": "preview"}
    yield "preview", editor.post("/articles/lifts/edit/?part=preview", form).text


def plain_pages(editor: Client) -> dict[str, Surface]:
    for words in ("gnu", "okapi", f"{PLAIN} zebra"):  # some versions, as later pages have
        save(editor, words)
    return {address: surface(page) for address, page in pages(editor, PLAIN)}


@entry(146, 148, 149, 151, 152, 154, 155, 157, 158, 160)
@pytest.mark.parametrize("number", TEXTS)
def test_a_text_does_nothing_on_any_page(editor: Client, lifts: Article, number: int) -> None:
    """Nothing that runs, no attribute of ours, no form; links lead by web and mail alone."""
    fork("spring")
    plain = plain_pages(editor)
    body = "zebra\n\n" + "\n\n".join(TEXTS[number])
    save(editor, body)
    for address, page in pages(editor, body):
        found = surface(page)
        assert found.beyond(plain[address]) == [], address
        assert found.schemes <= {"", "http", "https", "mailto"}, address
        assert not [each for each in found.fetched if ELSEWHERE in each], address
    for feed in ("/articles/lifts/history/feed/", "/changes/feed/"):
        read = ET.fromstring(editor.get(feed).content)  # noqa: S314  # our own
        tags = {each.tag.partition("}")[2] for each in read.iter()}
        assert tags <= FEED


@entry(157)
def test_anchors_are_a_text_s_own_and_stand_once(editor: Client, lifts: Article) -> None:
    save(editor, "\n\n".join(TEXTS[157]))
    page = editor.get("/articles/lifts/").text
    ids = surface(page).ids
    assert len(ids) == len(set(ids))
    assert {"text-content", "text-proto", "text-twice", "text-twice-2"} <= set(ids)
    assert ids.count("results") + ids.count("content") <= 1


@entry(154, 155)
@pytest.mark.parametrize("form", [{}, {"action": "preview"}])
def test_a_text_stands_where_htmx_and_alpine_look_for_nothing(
    editor: Client, lifts: Article, form: dict[str, str]
) -> None:
    """Even if an attribute of theirs came through one day."""
    sent = open_form(editor, "/articles/lifts/edit/") | {"body": PLAIN} | form
    page = editor.post("/articles/lifts/edit/", sent, follow=True).text
    around = page[: page.index(f"<p>{PLAIN}")].rpartition("<article")[2]
    assert {"hx-ignore", "x-ignore"} <= set(around.rstrip().rstrip(">").split())


@entry(160)
def test_a_browser_is_told_to_ask_nobody_else(client: Client, lifts: Article) -> None:
    policy = client.get("/articles/lifts/")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "img-src" not in policy


def blocks(page: str) -> list[object]:
    """The data for machines in a page, read."""
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return [json.loads(each) for each in found]


@entry(161)
@pytest.mark.parametrize("name", NAMES)
def test_a_name_ends_nothing(editor: Client, kestrel: Ride, name: str) -> None:
    addresses = [
        "/rides/kestrel/", "/rides/", "/search/?q=zebra", "/changes/", "/", "/rides/kestrel/links/",
        "/rides/kestrel/timeline/", "/rides/kestrel/history/1/", "/parks/hill-park/",
        "/rides/options/?of=x&x=zebra", "/search/suggest/?q=zebra", "/rides/kestrel/delete/",
    ]  # fmt: skip
    plain = {}
    kestrel.name = "gnu"  # so that the bar of time has some ticks, as it has later
    kestrel.save()
    for called in (PLAIN, name):
        kestrel.name = f"zebra {called}"
        kestrel.save()
        catch_up()
        for address in addresses:
            page = text_of(editor.get(address, follow=True))
            found = surface(page)
            if called == PLAIN:
                plain[address] = found
            assert found.beyond(plain[address]) == [], address
            assert found.elements["script"] == plain[address].elements["script"], address
            assert len(blocks(page)) == page.count("application/ld+json")
    allowed(161, editor.get("/rides/kestrel/"))
    told = json.dumps(blocks(editor.get("/rides/kestrel/").text), ensure_ascii=False)
    assert json.dumps(kestrel.name, ensure_ascii=False)[1:-1] in told
    for address in ("/changes/feed/", "/rides/kestrel/history/feed/", "/sitemap-rides.xml"):
        ET.fromstring(editor.get(address).content)  # noqa: S314  # what we made ourselves


@entry(161)
def test_a_name_with_a_line_end_that_nobody_sees_is_refused(editor: Client, kestrel: Ride) -> None:
    """U+2028 ends a line in scripts: a name has no such letter (422)."""
    form = open_form(editor, "/rides/kestrel/edit/") | {"name": "A\u2028B"}
    assert editor.post("/rides/kestrel/edit/", form).status_code == 422


@entry(163)
@pytest.mark.parametrize("prefix", ["", "/~spring", "/@p{}"])
@pytest.mark.parametrize(
    "query",
    ["zebra", "<img src=x onerror=window.pwned=1>", "<mark>", "StartSel", '"><script>', "\x02"],
)
def test_what_is_found_is_text(editor: Client, lifts: Article, query: str, prefix: str) -> None:
    save(editor, "<img src=x onerror=window.pwned=1> zebra <mark>StartSel</mark> {{{zebra")
    fork("spring")
    catch_up()
    address = f"{prefix.format(reading.last_position())}/search/"
    plain = surface(editor.get(address, {"q": "lifts"}).text)
    page = allowed(163, editor.get(address, {"q": query}))
    assert surface(page).beyond(plain) == []
    assert "<img src=x" not in page


@entry(164)
def test_a_text_defines_for_itself_alone(editor: Client, lifts: Article) -> None:
    """A page has one text; a version beside another, and a preview, are rendered each alone."""
    save(editor, "[logo]: /rides/a/\n\n[logo] a[^1]\n\n[^1]: One.")
    save(editor, "[logo] b[^1]\n\n[^1]: Two.")
    page = allowed(164, editor.get("/articles/lifts/"))
    assert "[logo]" in page
    assert 'href="/rides/a/"' not in page
    for html in (page, editor.get("/articles/lifts/diff/?from=2&to=3").text):
        ids = surface(html).ids
        assert len(ids) == len(set(ids))


HEAVY = [166, 167, 169, 170, 172, 173, 175, 176]
"""Entries whose text is generated."""

SECONDS = 20
"""Of this thread. On a quiet machine each takes less than one; what it guards from took minutes."""


def heavy_texts() -> Iterator[tuple[int, int, str]]:
    for number in HEAVY:
        made = entries()[number].generated
        for index, text in enumerate(made if isinstance(made, tuple) else (made,)):
            yield number, index, text


@entry(*HEAVY)
@pytest.mark.parametrize(
    ("number", "text"),
    [pytest.param(number, text, id=f"{number}-{index}") for number, index, text in heavy_texts()],
)
def test_no_text_takes_long(editor: Client, lifts: Article, number: int, text: str) -> None:
    """Saved and shown within the time, as it was typed where laying it out would take more."""
    form = open_form(editor, "/articles/lifts/edit/")
    for sent in ({"body": text, "action": "preview"}, {"body": text}):
        begun = time.thread_time()
        answer = editor.post("/articles/lifts/edit/", form | sent)
        taken = time.thread_time() - begun
        said = allowed(number, answer)
        assert taken < SECONDS
    if len(text) > LONGEST:
        assert answer.status_code == 422
        assert f"{LONGEST:,}".replace(",", "") in said.replace(",", "")
        text = text[:LONGEST]
        assert editor.post("/articles/lifts/edit/", form | {"body": text}).status_code == 302
    assert Article.objects.get().body.strip() == text.strip()
    for address in ("/articles/lifts/", "/articles/lifts/diff/?from=1&to=2", "/changes/feed/"):
        begun = time.thread_time()
        page = text_of(editor.get(address))
        assert time.thread_time() - begun < SECONDS, address
        assert len(page) < 5_000_000, address
