"""Pages while a migration runs, fails, or is killed: before, after, or "come again"; none is kept.

What `test_traffic` says of Python's API, of the wiki as it is served, with its cache.
"""

import json
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from email.message import Message
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest
import redis
from django.conf import settings

from config.embedded.processes import wait_until
from tests.evolution.project import Server as Databases
from tests.evolution.project import StepFailed
from tests.evolution.site import (
    FIRST,
    NOW,
    ON_BRANCH,
    PAGES,
    READ,
    Site,
    audited,
    fill,
    migrate,
)  # fmt: skip
from tests.served import Server, Unfollowed, base_in, environment

pytestmark = pytest.mark.slow

READERS = 8
PAUSE_SECONDS = 0.25
"""Between two requests of one visitor: a server that is kept busy keeps a migration waiting."""

LONG, SHORT = 6, 3
"""How many seconds a migration goes on, with the tables that it changes locked."""

MIGRATION = """
from django.db import migrations, models


source = models.CharField(max_length=40, default="")


def fail(apps, schema_editor):
    raise ValueError("It fails at its very end.")


class Migration(migrations.Migration):
    dependencies = [("wiki", "{newest}")]
    operations = [
        migrations.AddField("ride", "nickname", models.CharField(max_length=40, null=True)),
        migrations.AddField("rideversion", "nickname", models.CharField(max_length=40, null=True)),
        migrations.AddField("article", "source", source),
        migrations.AddField("articleversion", "source", source),
        migrations.RunSQL("SELECT pg_sleep(SECONDS)", ""),
        LAST
    ]
"""

LOCKED = """
SELECT 1 FROM pg_locks
 WHERE mode = 'AccessExclusiveLock' AND granted AND relation = 'head.wiki_ride'::regclass
"""

TITLE = re.compile(r"<h1[^>]*>\s*(.*?)\s*</h1>", re.DOTALL)


def migration(seconds: int, last: str = "") -> str:
    return MIGRATION.replace("SECONDS", str(seconds)).replace("LAST", last)


class Answer(NamedTuple):
    status: int
    headers: Message
    body: str


class Visitor:
    """Somebody at a server, signed in where there is a session."""

    def __init__(self, url: str, session: str = "") -> None:
        self._url, self._session = url, session

    def get(self, path: str) -> Answer:
        return self._ask(path, None)

    def post(self, path: str, **form: str) -> Answer:
        return self._ask(path, form)

    def _ask(self, path: str, form: dict[str, str] | None) -> Answer:
        token = "x" * 32
        cookies = f"sessionid={self._session}; csrftoken={token}" if self._session else ""
        body = None
        if form is not None:
            body = urllib.parse.urlencode({"csrfmiddlewaretoken": token, **form}).encode()
        request = urllib.request.Request(f"{self._url}/{path}", body, {"Cookie": cookies})  # noqa: S310  # our own server
        try:
            answer = urllib.request.build_opener(Unfollowed).open(request, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return Answer(answer.status, answer.headers, answer.read().decode())


class Served(NamedTuple):
    """The wiki of today, and its server."""

    site: Site
    server: Server
    session: str
    places: dict[str, str]
    """The ride's name at each viewpoint, by the address that is in front of its pages."""

    def visitor(self) -> Visitor:
        return Visitor(self.server.url, self.session)

    def expected(self) -> dict[str, str]:
        """Each address that is read, and the one name of the ride that its page has."""
        return {place + path: name for place, name in self.places.items() for path in READ}


@pytest.fixture(scope="module")
def template(
    server: Databases, worker: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, int, str]]:
    """A database of the wiki, filled; nobody changes it."""
    name = f"{worker}_site"
    server.create(name)
    site = Site(tmp_path_factory.mktemp("site"), server, name)
    site.run(migrate)
    first, session = site.run(fill)
    yield name, first, session
    server.drop(name)


@pytest.fixture
def served(template: tuple[str, int, str], server: Databases, tmp_path: Path) -> Iterator[Served]:
    name, first, session = template
    site = Site(tmp_path / "today", server, f"{name}_copy")
    server.create(site.database, template=name)
    running = Server(tmp_path / "log", environment(site.database))
    places = {"": NOW, f"@p{first}/": FIRST, "~spring/": ON_BRANCH}
    yield Served(site, running, session, places)
    running.stop()
    server.drop(site.database)


class Traffic:
    """Readers and writers beside a migration, until its block ends."""

    def __init__(self, served: Served) -> None:
        self.answers: Counter[int] = Counter()
        self.wrong: list[str] = []
        self.readiness: list[int] = []
        self.written = dict.fromkeys(range(PAGES), 0)
        self._served, self._is_over = served, threading.Event()

    def __enter__(self) -> "Traffic":
        acts: list[Callable[[], None]] = [partial(self._read, n) for n in range(READERS)]
        acts += [*(partial(self._write, n) for n in range(PAGES)), self._watch]
        self._pool = ThreadPoolExecutor(len(acts))
        self._running = [self._pool.submit(act) for act in acts]
        time.sleep(0.5)
        return self

    def __exit__(self, *error: object) -> None:
        time.sleep(0.5)
        self._is_over.set()
        self._pool.shutdown()
        for running in self._running:
            running.result()
        assert not self.wrong
        assert self.answers[200] > READERS

    def _read(self, number: int) -> None:
        visitor = Visitor(self._served.server.url)
        expected = sorted(self._served.expected().items())
        while not self._is_over.is_set():
            for path, name in expected[number % 2 :: 2]:
                time.sleep(PAUSE_SECONDS)
                answer = visitor.get(path)
                if self._is_page(path, answer) and names_in(answer.body) != {name}:
                    self.wrong.append(f"{path}: {names_in(answer.body)}")

    def _write(self, number: int) -> None:
        """Whoever writes reads what was acknowledged."""
        visitor, path = self._served.visitor(), f"articles/page-{number}/"
        while not self._is_over.is_set():
            time.sleep(PAUSE_SECONDS)
            word = self.written[number] + 1
            opened = visitor.get(f"{path}edit/")
            if opened.status != 200:
                self._is_page(path, opened)
                continue
            form = {"name": f"Page {number}", "body": f"Word {word}.\n", "summary": "A word"}
            answer = visitor.post(f"{path}edit/", **form, base=base_in(opened.body))
            if answer.status != 302:
                self._is_page(path, answer)
                continue
            self.written[number] = word
            answer = visitor.get(path)
            if self._is_page(path, answer) and f"Word {word}." not in answer.body:
                self.wrong.append(f"{path} without {word}")

    def _watch(self) -> None:
        while not self._is_over.is_set():
            self.readiness.append(Visitor(self._served.server.url).get("health/ready").status)
            time.sleep(PAUSE_SECONDS)

    def _is_page(self, path: str, answer: Answer) -> bool:
        """Whether what was asked for came; if not, people are told to come again, in our look."""
        self.answers[answer.status] += 1
        if answer.status == 200:
            return True
        is_told = answer.headers["Retry-After"] and answer.headers["Cache-Control"] == "no-store"
        if answer.status != 503 or not is_told or not TITLE.search(answer.body):
            self.wrong.append(f"{path}: {answer.status} {answer.headers} {answer.body[:200]}")
        return False


def is_locked(site: Site) -> bool:
    """Whether a migration has come to change the rides' table."""
    return bool(site.server.run(LOCKED, site.database))


def names_in(page: str) -> set[str]:
    return {name for name in (FIRST, NOW, ON_BRANCH) if name in page}


def assert_right(served: Served, url: str, written: dict[int, int]) -> None:
    """Each page as it should be, by a server; then again, all that the cache keeps made anew."""
    visitor = Visitor(url)

    def read() -> None:
        for path, name in served.expected().items():
            answer = visitor.get(path)
            assert (answer.status, names_in(answer.body)) == (200, {name}), path
        for number, word in written.items():
            assert f"Word {word}." in visitor.get(f"articles/page-{number}/").body

    read()
    kept = forget(served.site.database)
    read()
    anew = forget(served.site.database)
    assert anew
    # What other code than this server's has kept is never read again.
    assert anew.items() <= kept.items()


def forget(database: str) -> dict[str, str]:
    """Whatever Valkey has for pages to be made of, which it then has no more."""
    with redis.Redis.from_url(settings.REDIS_URL, decode_responses=True) as client:
        (place,) = client.scan_iter(f"*:{database}:cache:place")
        # Of a generation before, which readers may have begun at once, nothing is read any more.
        generation = str(client.get(place)).split(":")[-1]
        names = list(client.scan_iter(f"*:{database}:cache:{generation}:v:*"))
        kept = {name: json.loads(str(client.get(name)))["value"] for name in names}
        client.delete(*names)
    return kept


def test_pages_of_a_long_migration_are_those_of_before_or_after(
    served: Served, tmp_path: Path
) -> None:
    later = served.site.later(tmp_path / "later", migration(LONG))
    with Traffic(served) as beside:
        later.run(migrate)
        assert Visitor(served.server.url).get("health/ready").status == 503
    assert beside.readiness[0] == 200
    # Who writes by code of before is told to come again.
    assert beside.answers[503] > 0
    told = environment(served.site.database)
    following = Server(tmp_path / "later.log", told, later.folder)
    try:
        assert Visitor(following.url).get("health/ready").status == 200
        assert_right(served, following.url, beside.written)
    finally:
        following.stop()
    later.run(audited)


def test_pages_of_a_migration_that_fails_are_those_of_before(
    served: Served, tmp_path: Path
) -> None:
    last = "migrations.RunPython(fail),"
    later = served.site.later(tmp_path / "later", migration(SHORT, last))
    with Traffic(served) as beside, pytest.raises(StepFailed, match="at its very end"):
        later.run(migrate)
    assert set(beside.readiness) == {200}
    assert_right(served, served.server.url, beside.written)
    served.site.run(audited)


def test_pages_of_a_migration_that_is_killed_are_those_of_before(
    served: Served, tmp_path: Path
) -> None:
    later = served.site.later(tmp_path / "later", migration(SHORT))
    with Traffic(served) as beside:
        killed = later.start(migrate)
        assert wait_until(partial(is_locked, served.site), 30)
        time.sleep(SHORT / 2)
        killed.process.kill()
        killed.process.join()
        time.sleep(SHORT / 2)
    assert set(beside.readiness) == {200}
    assert_right(served, served.server.url, beside.written)
    served.site.run(audited)
