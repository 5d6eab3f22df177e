"""Something is killed, stopped, or full, while people read and save: short drills.

Long ones by hand: `python -m tests.load.kill`, `pause` and `disk`. What they measured is in
docs/explanation/drills.md.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path

import psutil
import pytest

from tests.load.asking import NO_ANSWER, Answer, Client
from tests.load.disk import harms, small_disk
from tests.load.drills import Drill, Hurt, drill
from tests.load.kill import killing
from tests.load.pause import pausing
from tests.load.wiki import Wiki, wiki_in
from tests.threads import without_a_loop

pytestmark = pytest.mark.slow

WELL_AFTER_SECONDS = 60
"""On a machine that has other things to do; it takes a few where it has not."""


def drilled(wiki: Wiki, hurts: Mapping[str, Hurt]) -> Drill:
    done = without_a_loop(lambda: asyncio.run(drill(wiki, hurts, readers=4)))
    assert not done.lost
    assert done.acknowledged
    assert "All is as it was written" in done.verdict
    for seen in done.observations.values():
        assert seen.well_after < WELL_AFTER_SECONDS, seen
        assert not seen.reads.outcomes[NO_ANSWER], seen
        assert not seen.reads.outcomes["500"], seen
        assert not seen.saves.outcomes["500"], seen
    return done


def test_whatever_is_killed_is_back_and_nothing_is_lost(wiki: Wiki) -> None:
    victims = ("worker", "edits", "follower", "front", "valkey", "postgres")
    done = drilled(wiki, {name: killing(name) for name in victims})
    for name in ("edits", "follower", "valkey"):
        assert done.observations[name].reads.failures == 0, "readers noticed"


def test_what_was_stopped_goes_on_and_nothing_is_lost(wiki: Wiki) -> None:
    done = drilled(
        wiki, {name: pausing(name, 4) for name in ("worker", "valkey", "all of postgres")}
    )
    assert done.observations["valkey"].reads.failures == 0


def test_who_comes_while_the_database_is_stopped_is_told_so(wiki: Wiki) -> None:
    """Much sooner than it goes on."""

    async def ask() -> list[Answer]:
        client = Client(wiki.target)
        await client.get("/rides/")
        async with asyncio.TaskGroup() as group:
            stopped = group.create_task(pausing("all of postgres", 15)(wiki))
            await asyncio.sleep(1)
            answers = [await client.get(path) for path in ("/rides/", "/@p500/rides/", "/metrics")]
            assert not stopped.done()
        return answers

    for answer in without_a_loop(lambda: asyncio.run(ask())):
        assert answer.outcome == "503"
        assert int(answer.headers["Retry-After"]) > 0
        assert answer.seconds < 5


@contextmanager
def nobody_looking_after(wiki: Wiki) -> Iterator[None]:
    """The supervisor stands still: what is down stays so."""
    wiki.main.suspend()
    try:
        yield
    finally:
        wiki.main.resume()


def test_without_a_database_everybody_is_told_soon(wiki: Wiki) -> None:
    with nobody_looking_after(wiki):
        processes = wiki.postgres()
        processes[0].kill()
        psutil.wait_procs(processes, timeout=20)  # those of connections answer until they see it
        for path in ("/rides/", "/@p500/rides/", "/health/ready", "/metrics"):
            taken = [_told_without_a_database(wiki, path) for _ in range(3)]
            assert min(taken) < 3, path  # 1.5 on a machine that has nothing else to do
            assert max(taken) < 5, path
    deadline = time.monotonic() + WELL_AFTER_SECONDS
    while not wiki.is_well():
        assert time.monotonic() < deadline


def _told_without_a_database(wiki: Wiki, path: str) -> float:
    """How many seconds it takes to be told to come again."""
    begun = time.monotonic()
    with closing(HTTPConnection("127.0.0.1", wiki.port, timeout=20)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        assert answer.status == 503, path
        assert path == "/health/ready" or int(answer.headers["Retry-After"]) > 0
    return time.monotonic() - begun


def test_a_full_disk_refuses_saves_and_loses_none(fill: Callable[[Path], None]) -> None:
    try:
        with small_disk() as home:
            fill(home)
            with wiki_in(home) as wiki:
                done = drilled(wiki, harms(4))
    except PermissionError as error:
        pytest.skip(f"no disk may be mounted here: {error}")
    assert set(done.observations["disk full"].saves.outcomes) <= {"302", "503"}
