"""A real server in a process of its own, on the database of this test run."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.db import connection

from config.embedded.processes import wait_until
from config.environment import CHECKOUT

START_SECONDS = 60


def environment(database: str | None = None) -> dict[str, str]:
    """What a process needs to work on this run's database, or another, with the tests' settings."""
    return os.environ | {
        "THRILLWIKI_SERVED_DATABASE": database or connection.settings_dict["NAME"],
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }


class Server:
    """granian as in production; `url` answers once it is started.

    What is in `folder`, where it runs, comes before the code of this checkout.
    """

    def __init__(self, log: Path, environment: Mapping[str, str], folder: Path = CHECKOUT) -> None:
        self._log = log
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.e2e.server", str(self._port)],
                env={**environment, "PYTHONPATH": str(CHECKOUT)},
                cwd=folder,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        if not wait_until(lambda: self._has_ended() or _answers(self.url), START_SECONDS):
            pytest.fail(f"The server did not answer:\n{log.read_text()}", pytrace=False)
        if self._has_ended():
            pytest.fail(f"The server ended as it started:\n{log.read_text()}", pytrace=False)

    def stop(self) -> None:
        """End it as Ctrl-C does."""
        self._process.terminate()
        self._process.wait(20)

    def kill(self) -> None:
        """End it and its workers in the middle of whatever they do."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(20)

    def _has_ended(self) -> bool:
        return self._process.poll() is not None


class Unfollowed(urllib.request.HTTPRedirectHandler):
    """The answer to a form is what is acknowledged, not the page that it leads to."""

    def redirect_request(self, *args: object) -> None:
        return None


def free_port() -> int:
    """One that nobody listened at a moment ago."""
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port: int = chosen.getsockname()[1]
        return port


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(f"{url}/health/live", timeout=5).close()  # noqa: S310  # our own server
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def base_in(page: str) -> str:
    """Which version the form on a page began from, as it is sent along."""
    found = re.search(r'name="base" value="([^"]+)"', page)
    assert found is not None, "no form that edits a page"
    return found[1]
