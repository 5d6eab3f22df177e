"""The wiki with all its processes: what one client, or one death, does to the others."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pytest
from pytest_django import DjangoDbBlocker

from config.embedded.processes import wait_until
from config.environment import CHECKOUT
from tests.load.asking import Target
from tests.load.slow_clients import measure
from tests.served import environment, free_port
from tests.threads import without_a_loop

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

START_SECONDS = 60


class ServedWiki:
    """`manage.py run` without its preparations, on this run's database."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.supervised", str(self.port)],
            cwd=CHECKOUT,
            env=environment() | {"THRILLWIKI_SERVING_FOLDER": str(folder), "WORKERS": "2"},
            start_new_session=True,
        )
        assert wait_until(lambda: self.status("/health/live") == 200, START_SECONDS)
        assert wait_until(lambda: self.status("/rides/") == 200, START_SECONDS)

    def status(self, path: str) -> int:
        try:
            with urllib.request.urlopen(self.url + path, timeout=20) as answer:  # noqa: S310  # ours
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def processes(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads((self.folder / "processes.json").read_text())
        return told["processes"]  # type: ignore[no-any-return]  # JSON knows no types

    def was_started_again(self, name: str, starts: int) -> bool:
        return int(self.processes()[name]["starts"]) > starts

    def children(self, *words: str) -> list[psutil.Process]:
        """The processes whose command has these words."""
        return [
            each
            for each in psutil.Process(self.process.pid).children(recursive=True)
            if set(words) <= set(each.cmdline())
        ]

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)


@contextmanager
def serving(blocker: DjangoDbBlocker) -> Iterator[ServedWiki]:
    """A wiki with all its processes, and its front, on the tests' database."""
    with (
        blocker.unblock(),
        tempfile.TemporaryDirectory(dir="/tmp") as folder,  # a short path
    ):
        served = ServedWiki(Path(folder))
        yield served
        served.stop()


@pytest.fixture(scope="module")
def wiki(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[ServedWiki]:
    with serving(django_db_blocker) as served:
        yield served


def test_slow_clients_keep_nobody_waiting(wiki: ServedWiki) -> None:
    target = Target("127.0.0.1", wiki.port)
    before, meanwhile = without_a_loop(lambda: asyncio.run(measure(target, 150, seconds=4)))
    assert before.failures == meanwhile.failures == 0
    assert meanwhile.p50 < 4 * before.p50 + 0.2
    assert wiki.status("/health/live") == 200


def test_whoever_dies_is_replaced_and_it_is_told(wiki: ServedWiki) -> None:
    assert wiki.status("/health/processes") == 200
    started = {name: each["starts"] for name, each in wiki.processes().items()}
    assert set(started) == {"pages", "heavy", "edits", "accounts", "health", "front"}
    for words, name in ((("serve", "pages"), "pages"), (("run", "--config"), "front")):
        (main, *_) = wiki.children(*words)
        main.kill()
        assert wait_until(partial(wiki.was_started_again, name, started[name]), 20)
        assert wait_until(lambda: wiki.status("/rides/") == 200, START_SECONDS)
        assert "with status -9" in wiki.processes()[name]["last_end"]
    assert wiki.status("/health/processes") == 200


def test_a_worker_that_dies_leaves_the_others_answering(wiki: ServedWiki) -> None:
    (main, *workers) = sorted(wiki.children("serve", "pages"), key=lambda each: each.pid)
    assert len(workers) == 2
    workers[0].kill()
    assert wiki.status("/rides/") == 200
    assert wait_until(lambda: len(main.children()) == 2, START_SECONDS)


def test_pages_wait_for_processes_that_start_again(wiki: ServedWiki) -> None:
    starts = wiki.processes()["pages"]["starts"]
    for each in wiki.children("serve", "pages"):
        each.kill()
    assert wiki.status("/health/live") == 200
    assert wiki.status("/rides/") == 200
    assert wiki.was_started_again("pages", starts)


def test_a_killed_supervisor_leaves_nothing_behind(wiki: ServedWiki) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:  # as above
        killed = ServedWiki(Path(folder))
        left = psutil.Process(killed.process.pid).children(recursive=True)
        os.kill(killed.process.pid, signal.SIGKILL)
        killed.process.wait()
        _, alive = psutil.wait_procs(left, timeout=15)
        assert not alive
