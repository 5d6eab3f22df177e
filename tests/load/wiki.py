"""A whole wiki in a home of its own: `manage.py run`, with a PostgreSQL and a Valkey to be hurt."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import psutil
import psycopg

from config.embedded.paths import ServicePaths
from config.embedded.postgres import DATABASE, USER
from config.embedded.processes import processes_named_with, wait_until
from config.environment import CHECKOUT
from tests.load.accounts import Account
from tests.load.asking import Target
from tests.served import free_port

START_SECONDS = 120
"""Of a machine that has other things to do: the database is made, and filled with the sample."""


class Wiki:
    """Started, ready to read, and known by its processes."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = free_port()
        self.target = Target("127.0.0.1", self.port)
        self._log = (home / "run.log").open("ab")
        self._process = subprocess.Popen(
            [sys.executable, "manage.py", "run"],
            cwd=CHECKOUT,
            env=self._environment | {"PORT": str(self.port)},
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )
        self.main = psutil.Process(self._process.pid)
        """The one that looks after the others."""
        if not wait_until(lambda: self.status("/health/ready") == 200, START_SECONDS):
            self.stop()
            raise TimeoutError(f"The wiki did not start:\n{(home / 'run.log').read_text()}")

    @cached_property
    def paths(self) -> ServicePaths:
        return ServicePaths(self.home)

    @property
    def _environment(self) -> dict[str, str]:
        """Nothing of the tests' is known to it, but where it lives."""
        own = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("THRILLWIKI_")
            and name not in {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"}
        }
        return own | {"THRILLWIKI_HOME": str(self.home)}

    def status(self, path: str, form: bytes | None = None) -> int:
        """What it answers; 0 where it does not."""
        url = f"http://127.0.0.1:{self.port}{path}"
        try:
            with urlopen(url, form, timeout=10) as answer:  # our own server
                return int(answer.status)
        except HTTPError as error:
            return error.code
        except OSError:
            return 0

    def is_well(self) -> bool:
        """Whether every process is up, and every lane answers."""
        read = ("/health/ready", "/health/processes", "/rides/")
        return (
            all(self.status(path) == 200 for path in read)
            and self.status("/changes/feed/") in {200, 429}  # the lane that is rationed
            and all(
                self.status(path, b"no token") == 403
                for path in ("/articles/new/", "/account/login/")
            )
        )

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """`manage.py`, or a module with `-m`, in this wiki."""
        return subprocess.run(
            [sys.executable, *words],
            cwd=CHECKOUT, env=self._environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def accounts(self, count: int) -> list[Account]:
        made = self.command("-m", "tests.load.accounts", str(count))
        assert made.returncode == 0, made.stderr
        return [Account(*line.split()) for line in made.stdout.splitlines()]

    def children(self, *words: str) -> list[psutil.Process]:
        """The processes whose command has these words, those that started others first."""
        return sorted(
            (
                each
                for each in self.main.children(recursive=True)
                if set(words) <= set(each.cmdline())
            ),
            key=lambda each: each.create_time(),
        )

    def postgres(self) -> list[psutil.Process]:
        """PostgreSQL's processes, the one that started the others first."""
        (main,) = processes_named_with("postgres", self.paths.postgres_data)
        return [main, *main.children()]

    def valkey(self) -> list[psutil.Process]:
        return list(processes_named_with("valkey-server", self.paths.valkey_socket))

    def recorded(self) -> set[str]:
        """Summaries of all changesets in the log."""
        with psycopg.connect(
            host=str(self.paths.sockets), user=USER, dbname=DATABASE
        ) as connection:
            found = connection.execute("SELECT message FROM eventstore_changeset")
            return {message for (message,) in found}

    def audit(self) -> str:
        """What the audit says; it fails where something is not as it was written."""
        audited = self.command("manage.py", "audit")
        assert audited.returncode == 0, audited.stdout + audited.stderr
        return audited.stdout

    def stop(self) -> None:
        """In order, as Ctrl-C does."""
        self._process.terminate()
        self._process.wait(60)
        self._log.close()


@contextmanager
def wiki_in(home: Path) -> Iterator[Wiki]:
    """A wiki that is stopped at the end, whatever happened to it."""
    wiki = Wiki(home)
    try:
        yield wiki
    finally:
        wiki.stop()
