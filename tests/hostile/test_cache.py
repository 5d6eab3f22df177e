"""What is kept of pages, here and on the way: of nobody else's, and nothing that moved on."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
import redis
from django.conf import settings
from django.db import connection
from django.test import Client

from eventstore import reading
from projections.cache import cached as caching
from projections.cache.store import store
from tests.hostile.driving import allowed, nothing_stored, text_of
from tests.hostile.inputs import entry
from tests.projections.cache.test_cached import GARBAGE
from tests.wiki.editing.test_views import open_form
from versioning import branch_context
from versioning.branches.fork import fork
from wiki.models import Article, Park, Ride

pytestmark = pytest.mark.django_db

KEYS = f"{settings.REDIS_PREFIX}:cache:*"


@pytest.fixture(autouse=True)
def kept() -> Iterator[redis.Redis]:
    """Redis without anything of before."""
    client: redis.Redis = redis.Redis.from_url(settings.REDIS_URL)

    def forget() -> None:
        for key in client.scan_iter(KEYS):
            client.delete(key)
        store.cache_clear()

    forget()
    yield client
    forget()


@entry(65)
def test_what_is_kept_of_a_branch_is_of_that_branch(
    client: Client, editor: Client, kestrel: Ride
) -> None:
    """There are no private branches: but no branch's page is ever another's."""
    fork("spring")
    with branch_context("spring"):
        Ride.objects.update(name="Only on spring")
    for _ in range(3):
        assert "Only on spring" in editor.get("/~spring/rides/kestrel/").text
        assert "Only on spring" in editor.get("/~spring/rides/?part=results").text
    for address in ("/rides/kestrel/", "/rides/?part=results", "/rides/", "/parks/hill-park/"):
        assert "Only on spring" not in allowed(65, client.get(address))
    allowed(65, client.get("/~nosuch/rides/kestrel/"))


@entry(67)
@pytest.mark.parametrize(
    "address",
    ["/@p{}/rides/kestrel/", "/rides/kestrel/history/1/", "/rides/kestrel/diff/?from=1&to=2",
     "/@p{}/rides/?format=csv", "/changes/feed/", "/@p{}/rides/"],
)  # fmt: skip
def test_nothing_is_for_ever(client: Client, kestrel: Ride, address: str) -> None:
    kestrel.body = "It dives."
    kestrel.save()
    answer = client.get(address.format(reading.last_position()))
    allowed(67, answer)
    control = answer.headers.get("Cache-Control", "")
    assert "immutable" not in control
    assert "max-age" not in control


@entry(68)
@pytest.mark.parametrize("address", ["/rides/?part=results", "/search/?q=x&part=results"])
def test_an_address_has_one_body(client: Client, kestrel: Ride, address: str) -> None:
    """Only the page of an error differs: htmx swaps it in, and nobody keeps it."""
    plain = client.get(address)
    assert "<html" not in allowed(68, plain)
    for headers in (
        {"HX-Request": "true"}, {"HX-Request": "true", "HX-Target": "body"},
        {"HX-Request": "true", "HX-Request-Type": "partial"}, {"HX-Boosted": "true"},
    ):  # fmt: skip
        assert client.get(address, headers=headers).text == plain.text
        whole = address.replace("part=results", "").rstrip("?&")
        assert client.get(whole, headers=headers).text == client.get(whole).text


@entry(70)
@pytest.mark.parametrize(
    "address",
    ["/account/x.css", "/account/sessions/x.css", "/account/sessions%2fx.css", "/account/%0ax.js",
     "/rides/kestrel/edit/;.js", "/rides/kestrel/edit/x.css", "/moderation/x.png",
     "/account/sessions;x.css", "/static/../account/", "/account/.css"],
)  # fmt: skip
def test_nothing_of_an_account_looks_like_a_file(
    editor: Client, kestrel: Ride, address: str
) -> None:
    answer = editor.get(address)
    text = allowed(70, answer)
    assert "one-of-editors" not in text
    assert "private" in answer["Cache-Control"]


@entry(70)
@pytest.mark.parametrize("address", ["/account/?x.css", "/account%2f", "/account/#x.css"])
def test_an_account_s_own_address_stays_private(editor: Client, address: str) -> None:
    answer = editor.get(address)
    assert answer.status_code == 200
    assert "private" in answer["Cache-Control"]


@entry(71)
def test_what_a_cookie_made_is_for_nobody_else(editor: Client, kestrel: Ride) -> None:
    visitor = Client()
    for client, address in (
        (visitor, "/account/login/"), (visitor, "/rides/kestrel/"), (editor, "/rides/kestrel/"),
        (editor, "/rides/kestrel/edit/"), (editor, "/"), (visitor, "/account/signup/"),
    ):  # fmt: skip
        answer = client.get(address)
        allowed(71, answer)
        varies = answer.headers.get("Vary", "")
        control = answer.headers.get("Cache-Control", "")
        if answer.cookies or client is editor:
            assert "private" in control or "no-store" in control or "Cookie" in varies, address
        assert varies != "*"
    answer = Client().get("/rides/kestrel/")
    assert not answer.cookies


def edit(editor: Client, **values: str) -> None:
    form = open_form(editor, "/rides/kestrel/edit/") | values
    assert editor.post("/rides/kestrel/edit/", form).status_code == 302


@entry(73)
def test_an_edit_is_seen_although_redis_was_away(
    editor: Client,
    client: Client,
    kestrel: Ride,
    kept: redis.Redis,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "Kestrel" in client.get("/rides/kestrel/").text
    with monkeypatch.context() as away:
        away.setattr(settings, "REDIS_URL", "redis://127.0.0.1:1/0")
        store.cache_clear()
        edit(editor, name="Falcon")
        for reader in (editor, client):
            assert "Falcon" in allowed(73, reader.get("/rides/kestrel/"))
    store.cache_clear()
    for _ in range(2):
        assert "Falcon" in client.get("/rides/kestrel/").text


@entry(74)
def test_an_old_redis_serves_nothing_old(
    editor: Client, client: Client, kestrel: Ride, kept: redis.Redis
) -> None:
    addresses = ["/rides/kestrel/", "/rides/", "/parks/hill-park/", "/rides/kestrel/links/"]
    for address in addresses:
        client.get(address)
    snapshot = {key: bytes(kept.dump(key) or b"") for key in kept.scan_iter(KEYS)}
    assert len(snapshot) > 2
    for n in range(6):
        edit(editor, name=f"Falcon {n}")
    for key in kept.scan_iter(KEYS):
        kept.delete(key)
    for key, content in snapshot.items():
        kept.restore(key, 0, content, replace=True)
    for address in addresses:
        assert "Falcon 5" in allowed(74, client.get(address)) or "links" in address
        assert ">Kestrel</" not in client.get(address).text


@entry(76)
@pytest.mark.parametrize("name", [*GARBAGE, "a pickle"])
def test_whatever_stands_in_redis_is_a_miss(
    client: Client, kestrel: Ride, kept: redis.Redis, name: str
) -> None:
    pickled = b"cos\nsystem\n(S'false'\ntR."
    first = client.get("/rides/kestrel/").text
    keys = list(kept.scan_iter(KEYS))
    assert keys
    for key in keys:
        if name in GARBAGE:
            GARBAGE[name](kept, key)
        else:
            kept.set(key, pickled)
    assert allowed(76, client.get("/rides/kestrel/")) == first
    kestrel.name = "Falcon"
    kestrel.save()
    assert "Falcon" in client.get("/rides/kestrel/").text


@entry(77)
@pytest.mark.django_db(transaction=True)
def test_a_crowd_has_a_page_made_a_few_times(
    client: Client, kestrel: Ride, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who waits for a page that is being made waits, or makes it: as often as threads at most."""
    made: list[int] = []
    catch = caching.Made.__init__

    def counted(self: caching.Made, *args: object, **named: object) -> None:
        made.append(1)
        catch(self, *args, **named)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(caching.Made, "__init__", counted)
    barrier = threading.Barrier(8)
    statuses: list[int] = []

    def read() -> None:
        barrier.wait(20)
        statuses.extend(Client().get("/statistics/").status_code for _ in range(5))
        connection.close()

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 40
    assert len(made) <= 8


CONDITIONS = [
    {"If-None-Match": "*"}, {"If-None-Match": '"x'}, {"If-None-Match": 'W/"x", "y"'},
    {"If-Modified-Since": format_datetime(datetime(2099, 1, 1, tzinfo=UTC), usegmt=True)},
    {"If-Modified-Since": "yesterday"}, {"Range": "bytes=0-"}, {"Range": "bytes=5-1"},
    {"If-Range": '"x"', "Range": "bytes=0-9"}, {"If-Match": "*"},
    {"If-Unmodified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"},
]  # fmt: skip


@entry(79)
@pytest.mark.parametrize("headers", CONDITIONS)
def test_a_condition_opens_nothing(
    editor: Client, client: Client, kestrel: Ride, headers: dict[str, str]
) -> None:
    for address in ("/moderation/", "/account/", "/admin/"):
        assert client.get(address, headers=headers).status_code == 302
    assert editor.get("/moderation/", headers=headers).status_code == 403
    allowed(79, client.get("/~nosuch/rides/kestrel/", headers=headers))
    answer = client.get("/rides/kestrel/", headers=headers)
    if answer.status_code != 304:
        assert "Kestrel" in allowed(79, answer)
    theirs = editor.get("/account/").headers.get("ETag", '"none"')
    assert client.get("/account/", headers={"If-None-Match": theirs}).status_code == 302


@entry(80)
@pytest.mark.parametrize(
    ("query", "is_a_list"),
    [("a=1;part=results", True), ("utm_source=7", True), ("order=name&order=name", True),
     ("ORDER=name", True), ("&&&=&", True), ("part=results;x", True), ("order=name;", False)],
)  # fmt: skip
def test_strays_in_a_query_mean_nothing(
    client: Client, kestrel: Ride, query: str, is_a_list: bool
) -> None:
    answer = client.get(f"/rides/?{query}", follow=True)
    text = allowed(80, answer)
    assert "<html" in text
    assert ("/rides/kestrel/" in text) == is_a_list


@entry(80)
def test_unknown_parameters_make_no_entries(
    client: Client, kestrel: Ride, kept: redis.Redis
) -> None:
    client.get("/rides/")
    client.get("/rides/kestrel/")
    before = len(list(kept.scan_iter(KEYS)))
    for n in range(12):
        client.get(f"/rides/?utm_source={n}&x{n}=1")
        client.get(f"/rides/kestrel/?utm_source={n}")
    assert len(list(kept.scan_iter(KEYS))) == before


@entry(65)
def test_a_file_of_one_viewpoint_is_of_no_other(client: Client, kestrel: Ride) -> None:
    fork("spring")
    with branch_context("spring"):
        Park.objects.create(slug="dale", name="Only on spring")
        Article.objects.create(slug="lifts", name="Only on spring")
    for _ in range(2):
        assert "Only on spring" in text_of(client.get("/~spring/parks/?format=csv"))
        assert "Only on spring" not in text_of(client.get("/parks/?format=csv"))
    with nothing_stored():
        client.get("/~spring/parks/?format=csv")
