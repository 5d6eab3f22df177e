"""The cache never says anything but what the database says, whatever becomes of Redis."""

from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
import redis
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from config.embedded.paths import ServicePaths
from config.embedded.postgres import trusted_owners
from config.embedded.valkey import EmbeddedValkey
from eventstore import reading
from projections.cache import store as stores
from projections.cache import topics
from projections.cache.cached import Made, cached
from projections.cache.store import Store, store
from tests.library.models import Author, Book
from versioning import branch_context, viewpoint
from versioning.branches.conflicts import UnresolvedConflicts
from versioning.branches.fork import fork
from versioning.branches.sync import NothingToSync, sync
from versioning.entities.kinds import kind_of
from versioning.models import Branch
from wiki.models import Park, Ride

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[redis.Redis]:
    """Redis without anything of this test run's."""
    client: redis.Redis = redis.Redis.from_url(settings.REDIS_URL)
    _forget(client)
    yield client
    _forget(client)


def _forget(client: redis.Redis) -> None:
    for key in client.scan_iter(f"{settings.REDIS_PREFIX}:cache:*"):
        client.delete(key)
    store.cache_clear()


def _text(value: object) -> str:
    assert isinstance(value, bytes)
    return value.decode()


def titles() -> str:
    return ", ".join(Book.objects.order_by("title").values_list("title", flat=True))


@pytest.fixture
def made() -> list[str]:
    return []


@pytest.fixture
def read(made: list[str]) -> Callable[[], str]:
    """The titles of all books, through the cache; `made` tells how often they were asked for."""

    def make() -> Made:
        made.append(titles())
        return Made(made[-1], [topics.every(kind_of(Book))])

    return lambda: cached(("titles",), make)


def test_a_value_is_made_once_until_one_of_its_topics_moves(
    read: Callable[[], str], made: list[str]
) -> None:
    emma = Book.objects.create(slug="emma", title="Emma")
    assert [read(), read(), read()] == ["Emma"] * 3
    Author.objects.create(name="Jane")
    read()
    assert len(made) == 1
    emma.title = "Emma II"
    emma.save()
    assert [read(), read()] == ["Emma II"] * 2
    assert len(made) == 2


def test_each_viewpoint_has_values_of_its_own(read: Callable[[], str], made: list[str]) -> None:
    Book.objects.create(slug="emma", title="Emma")
    spring = fork("spring")
    at = spring.base_position
    assert at is not None
    with branch_context("spring"):
        book = Book.objects.get()
        book.title = "Spring"
        book.save()
    assert read() == "Emma"
    with viewpoint("spring"):
        assert read() == "Spring"
    Book.objects.create(slug="b", title="B")
    assert read() == "B, Emma"
    with viewpoint("spring"):
        assert read() == "Spring"
    with viewpoint(at=at):
        assert [read(), read()] == ["Emma", "Emma"]
    sync(Branch.objects.get(name="spring"))
    with viewpoint("spring"):
        assert read() == "B, Spring"
    made.clear()
    Book.objects.create(slug="c", title="C")
    with viewpoint(at=at):
        read()
    with viewpoint("spring"):
        read()
    assert made == []


def test_what_redis_lost_or_got_back_old_is_not_served(
    read: Callable[[], str], nothing_kept: redis.Redis
) -> None:
    emma = Book.objects.create(slug="emma", title="Emma")
    read()
    keys = list(nothing_kept.scan_iter(f"{settings.REDIS_PREFIX}:cache:*"))
    backup = {key: bytes(nothing_kept.dump(key) or b"") for key in keys}
    emma.title = "Emma II"
    emma.save()
    assert read() == "Emma II"
    for key, content in backup.items():
        nothing_kept.restore(key, 0, content, replace=True)
    assert read() == "Emma II"
    for key in nothing_kept.scan_iter(f"{settings.REDIS_PREFIX}:cache:*:t:*"):
        nothing_kept.delete(key)
    emma.title = "Emma III"
    emma.save()
    assert read() == "Emma III"
    nothing_kept.delete(f"{settings.REDIS_PREFIX}:cache:place")
    emma.title = "Emma IV"
    emma.save()
    assert read() == "Emma IV"


GARBAGE: dict[str, Callable[[redis.Redis, bytes], object]] = {
    "bytes": lambda client, key: client.set(key, b"\xff\xfe\x00"),
    "nothing": lambda client, key: client.set(key, b""),
    "words": lambda client, key: client.set(key, "what is this"),
    "half": lambda client, key: client.set(key, (client.get(key) or b"")[:-5]),
    "numbers": lambda client, key: client.set(key, "9" * 400),
    "colons": lambda client, key: client.set(key, "1:2:3:4"),
    "JSON": lambda client, key: client.set(key, '{"at": "x", "topics": 3}'),
    "a list": lambda client, key: client.rpush(key, "a") if client.delete(key) else None,
    "a hash": lambda client, key: client.hset(key, "a", "b") if client.delete(key) else None,
    "a stream": lambda client, key: client.xadd(key, {"a": "b"}) if client.delete(key) else None,
}


@pytest.mark.parametrize("name", GARBAGE)
def test_whatever_redis_holds_is_at_most_a_miss(
    read: Callable[[], str], made: list[str], nothing_kept: redis.Redis, name: str
) -> None:
    emma = Book.objects.create(slug="emma", title="Emma")
    read()
    keys = list(nothing_kept.scan_iter(f"{settings.REDIS_PREFIX}:cache:*"))
    assert len(keys) == 3
    for number, key in enumerate(keys):
        GARBAGE[name](nothing_kept, key)
        assert read() == emma.title
        emma.title = f"Emma {number}"
        emma.save()
        assert read() == emma.title
    made.clear()
    assert [read(), read(), read()] == [emma.title] * 3
    assert len(made) <= 1, "what is kept is found again"


def test_a_place_of_another_log_begins_anew(
    read: Callable[[], str], nothing_kept: redis.Redis
) -> None:
    Book.objects.create(slug="emma", title="Emma")
    read()
    place = f"{settings.REDIS_PREFIX}:cache:place"
    position, _, generation = _text(nothing_kept.get(place)).split(":")
    nothing_kept.set(place, f"{position}:{'0' * 64}:{generation}")
    assert read() == "Emma"
    assert _text(nothing_kept.get(place)).split(":")[2] != generation


class TheCacheAgreesWithTheDatabase(TestCase):
    @given(st.lists(st.tuples(st.sampled_from(["main", "spring", "sync"]), st.integers(0, 3))))
    def test_after_any_edits(self, steps: list[tuple[str, int]]) -> None:
        Book.objects.create(slug="emma", title="Emma")
        fork("spring")

        def make() -> Made:
            return Made(titles(), [topics.every(kind_of(Book))])

        for number, (where, what) in enumerate(steps):
            if where == "sync":
                with suppress(NothingToSync, UnresolvedConflicts):
                    sync(Branch.objects.get(name="spring"))
            else:
                with branch_context(where):
                    books = list(Book.objects.order_by("id"))
                    if what == 0 or not books:
                        Book.objects.create(slug=f"b-{number}", title=f"B {number}")
                    elif what == 1:
                        books[0].delete()
                    else:
                        books[-1].title = f"T {number}"
                        books[-1].save()
            for branch in ("main", "spring"):
                with viewpoint(branch):
                    assert cached(("all",), make) == titles()


def test_a_page_follows_what_it_names_and_what_names_it(client: Client) -> None:
    park = Park.objects.create(slug="hill", name="Hill Park")
    ride = Ride.objects.create(slug="kestrel", name="Kestrel", park=park)
    client.get("/rides/kestrel/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/rides/kestrel/")
    # The log's end twice, the page's row, and three for its bar of time.
    assert len(asked) == 6, [query["sql"] for query in asked]
    park.name = "Dale Park"
    park.save()
    assert "Dale Park" in client.get("/rides/kestrel/").content.decode()
    assert "Kestrel" in client.get("/parks/hill/").content.decode()
    ride.name = "Falcon"
    ride.save()
    assert "Falcon" in client.get("/parks/hill/").content.decode()
    ride.park = None
    ride.save()
    assert "Falcon" not in client.get("/parks/hill/").content.decode()


@pytest.mark.slow
def test_pages_stay_right_while_redis_stops_hangs_and_comes_back(
    client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = tmp_path_factory.mktemp("v")
    paths = ServicePaths(home)
    paths.prepare(trusted_owners())
    valkey = EmbeddedValkey(paths)
    valkey.start()
    monkeypatch.setattr(stores, "PAUSE_SECONDS", 0.0)
    own = Store(valkey.url, "test")
    monkeypatch.setattr("projections.cache.cached.store", lambda: own)
    ride = Ride.objects.create(slug="kestrel", name="Kestrel 0", body="0")

    def reads(number: int) -> None:
        ride.body = f"Version {number}."
        ride.save()
        for _ in range(2):
            assert f"Version {number}." in client.get("/rides/kestrel/").content.decode()

    try:
        reads(1)
        redis.Redis.from_url(valkey.url).client_pause(1_000)
        reads(2)
        valkey.stop()
        reads(3)
        valkey.start()
        reads(4)
        redis.Redis.from_url(valkey.url).flushall()
        reads(5)
    finally:
        valkey.stop()


@pytest.mark.django_db
def test_what_an_entity_named_before_it_is_taken_up_again_has_moved() -> None:
    """Before the first edit after a release is the parent's version, not the branch's last."""
    austen, burney, crane = (Author.objects.create(name=name) for name in "ABC")
    emma = Book.objects.create(slug="emma", title="Emma", editor=austen)
    fork("spring")
    spring = Branch.objects.get(name="spring")
    with branch_context("spring"):
        there = Book.objects.get()
        there.pages = 3
        there.save()
    emma.editor, emma.pages = burney, 3
    emma.save()
    sync(spring)
    before = reading.last_position()
    with branch_context("spring"):
        there = Book.objects.get()
        assert there.editor_id == burney.pk
        there.editor = crane
        there.save()
    moved = topics.moved_between(before, reading.last_position())
    named = {f"{spring.number}:{topics.referring_to(each.pk)}" for each in (burney, crane)}
    assert named <= moved
