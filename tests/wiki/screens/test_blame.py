"""Who wrote a page: its text as it is read, each passage with its writers; who set each fact."""

import re
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.test import Client

from versioning import acting_as, branch_context
from versioning.branches.fork import fork
from versioning.branches.merge import merge
from versioning.models import Branch
from wiki.models import Ride, Source

pytestmark = pytest.mark.django_db

ROW = re.compile(
    r'<div class="prose"[^>]*>(.*?)</div>\s*<ul class="writers"[^>]*>(.*?)</ul>', re.DOTALL
)
WRITER = re.compile("^.+$", re.MULTILINE)
FACT = re.compile(r'<th scope="row">(.*?)</th> <td>(.*?)</td> <td>(.*?)</td>', re.DOTALL)


def write(body: str, by: str = "", message: str = "", on: str = "main", **facts: object) -> None:
    account = User.objects.get_or_create(username=by)[0].pk if by else None
    with acting_as(account), branch_context(on, message=message):
        ride = Ride.objects.get(slug="kestrel")
        for name, value in {"body": body, **facts}.items():
            setattr(ride, name, value)
        ride.save()


def words(html: str) -> str:
    return " ".join(unescape(re.sub("<[^>]+>", "", html)).split())


def passages(client: Client, address: str = "/rides/kestrel/blame/") -> list[tuple[str, list[str]]]:
    """The HTML of each passage, and what is said of each of its writers, but for the time."""
    found = ROW.findall(client.get(address).text)
    return [(html.strip(), WRITER.findall(undated(writers))) for html, writers in found]


def undated(writers: str) -> str:
    """A line for each writer, without the time."""
    lines = [words(each) for each in re.findall("<li>(.*?)</li>", writers, re.DOTALL)]
    return "\n".join(re.sub(r", \d+ \w+ \d{4}(, [\d:]+)?", "", line) for line in lines)


def test_a_passage_is_told_with_who_when_and_why(client: Client, kestrel: Ride) -> None:
    write("It **flies**.\n\n## How it began\n\nIn a barn.\n", by="Ann", message="The beginning")
    html = '<h2 id="text-how-it-began">How it began</h2>\n<p>In a barn.</p>'
    assert passages(client) == [
        ("<p>It <strong>flies</strong>.</p>", ["by the system"]),
        (html, ["by Ann The beginning"]),
    ]
    page = client.get("/rides/kestrel/blame/").text
    assert re.search(r'by Ann, <a href="/changes/\d+/">\d+ \w+ 20\d\d, \d\d:\d\d</a>', page)


def test_words_of_others_are_marked_in_a_passage(client: Client, kestrel: Ride) -> None:
    write("-\n")
    write("It **flies** over the hills, [[Hill Park]] and `x`.\n", by="Ann")
    write("It **dives** over the hills, [[Hill Park]] and `x`.\n", by="Bob", message="It does")
    write("It **dives** over two hills, [[Hill Park]] and `x`.\n", by="Cid")
    ((html, writers),) = passages(client)
    assert writers == ["by Ann", "1 by Bob It does", "2 by Cid"]
    assert html == (
        '<p>It <strong><span class="words" data-by="1">dives</span></strong> over '
        '<span class="words" data-by="2">two</span> hills, '
        '<a href="/parks/hill-park/">Hill Park</a> and <code>x</code>.</p>'
    )
    assert "the words of all but the first" in client.get("/rides/kestrel/blame/").text


def test_facts_are_told_with_who_gave_them(client: Client, kestrel: Ride) -> None:
    write("It flies.", by="Ann", message="Measured", height="40 m")
    write("It flies.", by="Bob", status="operating")
    found = FACT.findall(client.get("/rides/kestrel/blame/").text)
    told = {label: (words(value), words(who)) for label, value, who in found}
    assert told["Height"][0] == "40 m (131 ft)"
    assert told["Height"][1].startswith("by Ann, ")
    assert told["Height"][1].endswith("Measured")
    assert told["Status"][1].startswith("by Bob, ")
    assert told["Park"] == ("Hill Park", told["Name"][1])


def test_what_a_merge_brought_is_its_authors(client: Client, kestrel: Ride) -> None:
    fork("spring")
    write("It **flies**.\n\nHigh.\n", by="Ann", message="On the branch", on="spring")
    with acting_as(User.objects.create_user("Bob").pk):
        merge(Branch.objects.get(name="spring"))
    assert passages(client)[1] == ("<p>High.</p>", ["by Ann On the branch merged by Bob"])


def test_what_a_merge_would_bring_has_no_change_yet(client: Client, kestrel: Ride) -> None:
    fork("spring")
    write("It **flies**.\n\nHigh.\n", by="Ann", on="spring")
    write("Now:\n\nIt **flies**.\n", by="Bob")
    found = passages(client, "/~main+spring/rides/kestrel/blame/")
    assert [html for html, _ in found] == [
        "<p>Now:</p>", "<p>It <strong>flies</strong>.</p>", "<p>High.</p>",
    ]  # fmt: skip


def test_notes_lead_to_the_page_and_footnotes_have_their_writers(
    client: Client, kestrel: Ride
) -> None:
    Source.objects.create(slug="report", name="Report")
    write("It flies[@report, p. 2].[^a]\n\n[^a]: So they say.\n", by="Ann")
    (text, _), (notes, writers) = passages(client)
    assert 'href="/rides/kestrel/#source-1"' in text
    assert "So they say." in notes
    assert writers == ["by Ann"]


def test_what_no_block_shows_is_there_as_it_was_typed(
    client: Client, kestrel: Ride, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("It flies, see [there].\r\n\r\n[there]: https://example.org/\r\n", by="Ann")
    page = client.get("/rides/kestrel/blame/").text
    assert '<pre class="passage">[there]: https://example.org/' in page
    monkeypatch.setattr("wiki.texts.bounds.LONGEST_HTML", 10)
    page = client.get("/rides/kestrel/blame/").text
    assert '<pre class="passage">It flies, see [there].' in page


def test_a_deleted_page_tells_who_wrote_it_last(client: Client, kestrel: Ride) -> None:
    write("It dives.", by="Ann")
    kestrel.refresh_from_db()
    kestrel.delete()
    assert [writers for _, writers in passages(client)]
