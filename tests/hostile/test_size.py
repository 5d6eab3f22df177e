"""Much of everything: texts, conflicts, queries, lists, and clients that take their time."""

import asyncio
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.test import Client

from eventstore import reading
from projections.following.followed import catch_up
from tests.config.test_served_wiki import ServedWiki
from tests.hostile.driving import allowed, nothing_stored, text_of, told
from tests.hostile.inputs import entries, entry
from tests.hostile.wire import send
from tests.load.asking import Target
from tests.load.slow_clients import measure
from tests.threads import without_a_loop
from tests.wiki.branches.test_views import answer_form
from tests.wiki.editing.test_views import open_form
from versioning import BatchOperation, branch_context
from versioning.branches.fork import fork
from versioning.models import Proposal
from wiki.models import Article, Ride
from wiki.texts.markdown import LONGEST

pytestmark = pytest.mark.django_db


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Of the processor, in this thread."""
    begun = time.thread_time()
    yield
    taken = time.thread_time() - begun
    assert taken < seconds, f"{taken:.1f} s"


SECONDS = 6.0
TEXTS = entries()[253].generated


@entry(253)
@pytest.mark.parametrize(
    ("before", "after"),
    [(TEXTS[0][:LONGEST], TEXTS[1][:LONGEST]), (TEXTS[2][:LONGEST], TEXTS[2][::-1][:LONGEST]),
     ("x" * LONGEST, "y" * LONGEST), ("a\n" * (LONGEST // 2), "b\n" * (LONGEST // 2)),
     ("x y " * (LONGEST // 4), "y x " * (LONGEST // 4))],
    ids=["lines", "words", "one word", "short lines", "two words"],
)  # fmt: skip
def test_texts_with_nothing_in_common_are_compared(client: Client, before: str, after: str) -> None:
    lifts = Article.objects.create(slug="lifts", name="Lifts", body=before)
    lifts.body = after
    lifts.save()
    for address in ("diff/?from=1&to=2", "blame/", "history/2/"):
        with within(SECONDS):
            answer = client.get(f"/articles/lifts/{address}")
        allowed(253, answer)


@entry(254)
def test_a_merge_in_which_every_line_is_asked_about(moderator: Client) -> None:
    lines = entries()[254].generated[:100_000].splitlines(keepends=True)
    lifts = Article.objects.create(slug="lifts", name="Lifts", body="".join(lines))
    fork("spring")
    with branch_context("spring"):
        Article.objects.update(body="".join(lines).replace("ours", "theirs"))
    lifts.body = "".join(lines).replace("ours", "mine")
    lifts.save()
    with within(SECONDS):
        moderator.post("/branches/spring/merge/", {"action": "propose"})
    address = f"/proposals/{Proposal.objects.get().number}/"
    with within(2 * SECONDS):  # planned, and laid out
        page = allowed(254, moderator.get(f"{address}conflicts/"))
    assert len(page) < 3_000_000
    with within(2 * SECONDS):
        moderator.post(f"{address}conflicts/", answer_form(page, text="theirs"))
    with within(SECONDS):
        assert moderator.post(address, {"action": "carry-out"}).status_code == 302
    assert "theirs" in Article.objects.get().body


QUERIES = [
    *entries()[256].generated, "a & | ! <-> *", "the of and", "\\", '"unbalanced', "-" * 500,
    " ".join(f"w{n}" for n in range(1_000)), "kind:" * 200, "a:b:c", "'" * 300, "<->" * 100,
]  # fmt: skip


@entry(256, 257)
@pytest.mark.parametrize("prefix", ["/", "/~spring/", "/@p{}/"])
def test_every_query_is_answered(client: Client, kestrel: Ride, prefix: str) -> None:
    fork("spring")
    catch_up()
    at = prefix.format(reading.last_position())
    patterns = [*entries()[257].generated, "(a+)+$", "*" * 1_000, "%" * 200, "_" * 200]
    for query in (*QUERIES, *patterns):
        with within(SECONDS):
            allowed(256, client.get(f"{at}search/", {"q": query}))
            allowed(257, client.get(f"{at}search/suggest/", {"q": query}))


@entry(257)
def test_signs_of_patterns_are_letters(client: Client, kestrel: Ride) -> None:
    Ride.objects.create(slug="percent", name="100% steel_")
    for pattern, found in (
        ("%", 0),
        ("_", 0),
        ("100%", 1),
        ("k_strel", 0),
        ("kestre%", 0),
        (".*", 0),
    ):
        page = client.get("/rides/options/", {"of": "x", "x": pattern}).text
        assert page.count("<option") == found, pattern
    with within(SECONDS):
        for name in ("park", "manufacturer", "designers", "country"):
            for pattern in (*entries()[257].generated, "(a+)+$", "%" * 500):
                assert client.get("/rides/", {name: pattern}).status_code in {200, 400}


@entry(259)
def test_a_branch_that_touched_much_is_shown_in_parts(moderator: Client) -> None:
    """Of 1,500 pages here; the bounds of the pages do not know how many there are more."""
    fork("spring")
    with BatchOperation("Much", branch="spring") as batch:
        batch.process_changes(Article(slug=f"a-{n}", name=f"A {n}") for n in range(1_500))
    for address in (
        "/branches/spring/", "/branches/spring/merge/", "/compare/?from=main&to=spring",
        "/~spring/changes/", "/~spring/changes/feed/", "/~main+spring/articles/",
    ):  # fmt: skip
        with within(3 * SECONDS):
            page = allowed(259, moderator.get(address))
        assert len(page) < 1_000_000, address


@entry(260)
@pytest.mark.parametrize("count", [5_000, 10_000])
def test_a_list_of_items_has_its_limit(editor: Client, kestrel: Ride, count: int) -> None:
    form = open_form(editor, "/rides/kestrel/edit/") | {"names-count": str(count)}
    form |= {f"names-{n}-name": f"N {n}" for n in range(900)}
    with within(2 * SECONDS), nothing_stored():
        answer = editor.post("/rides/kestrel/edit/", form)
    allowed(260, answer)
    form = open_form(editor, "/rides/kestrel/edit/")
    for value in ("\n".join(f"c-{n}" for n in range(count)), "x" * 10_000, "acme\n" * count):
        with within(2 * SECONDS):
            answer = editor.post("/rides/kestrel/edit/", form | {"designers": value})
        allowed(260, answer)


@entry(265)
def test_a_whole_list_is_streamed(client: Client) -> None:
    with BatchOperation("Much") as batch:
        batch.process_changes(Article(slug=f"a-{n}", name=f"A {n}") for n in range(1_200))
    answer: Any = client.get("/articles/?format=csv")
    assert answer.streaming
    first = next(iter(answer.streaming_content))
    assert first.count(b"\n") < 1_000
    Article.objects.create(slug="later", name="Later")
    rest = b"".join(answer.streaming_content)
    assert (first + rest).count(b"\r\na-") <= 1_200
    assert len(text_of(client.get("/articles/?format=json"))) > 100_000


@entry(266)
def test_what_follows_the_log_catches_up_in_order(client: Client) -> None:
    with BatchOperation("Much") as batch:
        batch.process_changes(Article(slug=f"a-{n}", name=f"Zebra {n}") for n in range(2_000))
    assert "not searched yet" in allowed(266, client.get("/search/", {"q": "zebra"}))
    with within(20):
        catch_up()
    assert "2,000" in client.get("/").text
    assert re.search(
        r"Zebra \d+", client.get("/search/", {"q": "zebra"}).text.replace("<mark>", "")
    )


HEADS = {
    "ten thousand headers": [f"X-{n}: 1" for n in range(10_000)],
    "one of a megabyte": ["X-A: " + "a" * 1_000_000],
    "one many times": ["Accept: text/html"] * 500 * 20,
    "cookies": ["Cookie: " + "; ".join(f"c{n}={'x' * 3_000}" for n in range(200))],
}


@entry(262)
@pytest.mark.parametrize("name", HEADS)
def test_a_head_without_end_is_refused(wiki: ServedWiki, name: str) -> None:
    begun = time.monotonic()
    status, answer = send(wiki.port, "GET", "/rides/", *HEADS[name])
    assert status in {*entries()[262].expect.status, 0}  # 0: the connection was closed
    assert time.monotonic() - begun < 20
    assert b"aaaaaaaa" not in answer


@entry(262)
def test_a_request_line_without_end_is_refused(wiki: ServedWiki) -> None:
    status, answer = send(wiki.port, "GET", "/" + "a" * 70_000)
    assert status in {*entries()[262].expect.status, 0, 404}
    assert b"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" * 100 not in answer
    assert wiki.status("/health/live") == 200


@entry(263)
def test_slow_clients_hold_nobody_up(wiki: ServedWiki) -> None:
    """Every sort of slow client at once; `tests/load/slow_clients.py` does it with thousands."""
    target = Target("127.0.0.1", wiki.port)
    before, meanwhile = without_a_loop(lambda: asyncio.run(measure(target, 60, seconds=1.5)))
    assert before.failures == meanwhile.failures == 0
    assert meanwhile.p50 < 4 * before.p50 + 0.3


@entry(97, 260)
def test_a_form_of_too_many_bytes_is_told_how_many_there_may_be(
    editor: Client, kestrel: Ride
) -> None:
    form = open_form(editor, "/rides/kestrel/edit/") | {"body": "x" * 2_600_000}
    with nothing_stored():
        answer = editor.post("/rides/kestrel/edit/", form)
    assert answer.status_code == 413
    assert "2.5 MB" in told(answer)
