"""A Django project in a folder, on a database of its own; each step runs in a process of its own.

Processes are forked from one that has the engine's models loaded (`engine`), and not yet the
project's: a step changes those, and Django cannot load an app twice.
"""

import multiprocessing
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg

SETTINGS = """
SECRET_KEY = "for tests alone"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.contenttypes", "django.contrib.auth", "django.contrib.postgres",
    "eventstore", "versioning", "projections", {apps}
]
DATABASES = {{"default": {{"ENGINE": "versioning.postgresql", {database}}}}}
REDIS_URL, REDIS_PREFIX = {redis!r}, "evolution"
"""


def set_up_engine() -> None:
    from tests.evolution import engine

    engine.set_up("settings")


_forked = multiprocessing.get_context("forkserver")
_forked.set_forkserver_preload(
    [
        "django.core.management.commands.makemigrations",
        "django.core.management.commands.migrate",
        "django.views.debug",
        "pytest",
        "rich.progress",
        "tests.evolution.engine",
        "tests.evolution.project",
    ]
)


class StepFailed(AssertionError):
    """What a step raised in its process."""


@dataclass(frozen=True)
class Server:
    """Where databases are made: what Django would be told of one."""

    host: str
    port: str
    user: str
    password: str
    redis: str

    def run(self, statement: str, database: str = "postgres") -> list[Any]:
        with psycopg.connect(
            host=self.host, port=self.port or None, user=self.user, password=self.password or None,
            dbname=database, autocommit=True,
        ) as connection:  # fmt: skip
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def create(self, name: str, template: str | None = None) -> None:
        self.drop(name)
        self.run(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else ""))

    def drop(self, name: str) -> None:
        self.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


class Project:
    """A folder with settings and apps, and the database that they name."""

    processes: Any = _forked
    set_up = staticmethod(set_up_engine)

    def __init__(
        self, folder: Path, server: Server, database: str, apps: Sequence[str] = ("shop",)
    ) -> None:
        self.folder, self.server, self.database = folder, server, database
        folder.mkdir(parents=True, exist_ok=True)
        told = {
            "NAME": database, "HOST": server.host, "PORT": server.port,
            "USER": server.user, "PASSWORD": server.password,
        }  # fmt: skip
        (folder / "settings.py").write_text(
            SETTINGS.format(
                apps=", ".join(map(repr, apps)),
                database=", ".join(f"{key!r}: {value!r}" for key, value in told.items()),
                redis=server.redis,
            )
        )
        for app in apps:
            (folder / app / "migrations").mkdir(parents=True, exist_ok=True)
            (folder / app / "__init__.py").touch()
            (folder / app / "migrations" / "__init__.py").touch()

    def models(self, text: str, app: str = "shop") -> None:
        (self.folder / app / "models.py").write_text(text)

    def migration(self, name: str, text: str, app: str = "shop") -> None:
        (self.folder / app / "migrations" / f"{name}.py").write_text(text)

    def migrations(self, app: str = "shop") -> list[str]:
        return sorted(path.stem for path in (self.folder / app / "migrations").glob("0*.py"))

    def run[T](self, step: Callable[..., T], *arguments: Any) -> T:
        """Run a step, a function of a module, with Django set up. Raises StepFailed."""
        return self.start(step, *arguments).result()

    def start[T](self, step: Callable[..., T], *arguments: Any) -> "Running[T]":
        """Begin a step, and go on while it runs."""
        receiver, sender = self.processes.Pipe(duplex=False)
        process = self.processes.Process(
            target=_run, args=(sender, self.folder, self.set_up, step, arguments)
        )
        process.start()
        sender.close()
        return Running(process, receiver)

    def migrate(self, *answers: str, noinput: bool = False) -> str:
        """`makemigrations`, with answers to its questions, and `migrate`; what they print."""
        return self.run(make_and_migrate, answers, noinput)


class Running[T]:
    """A step in its process."""

    def __init__(self, process: Any, receiver: Any) -> None:
        self.process, self._receiver = process, receiver

    def result(self) -> T:
        """Wait for what the step returns. Raises StepFailed."""
        try:
            is_done, result = self._receiver.recv()
        except EOFError:
            is_done, result = False, "The process of the step ended without a word."
        self.process.join()
        if not is_done:
            raise StepFailed(result)
        return result  # type: ignore[no-any-return]  # a pipe knows no types


def event() -> Any:
    """Something that processes can wait for."""
    return _forked.Event()


def _run(
    sender: Any,
    folder: Path,
    set_up: Callable[[], None],
    step: Callable[..., Any],
    arguments: Any,
) -> None:
    sys.path.insert(0, str(folder))
    sys.dont_write_bytecode = True
    try:
        set_up()
        sender.send((True, step(*arguments)))
    except BaseException as error:  # noqa: BLE001  # the other process is told
        sender.send((False, f"{error!r}\n{traceback.format_exc()}"))


def make_and_migrate(answers: Sequence[str], noinput: bool) -> str:
    from io import StringIO

    from django.core.management import call_command

    out = StringIO()
    given: Iterator[str] = iter(answers)
    with patch("builtins.input", lambda *_: next(given)):
        call_command("makemigrations", interactive=not noinput, stdout=out, stderr=out)
        rest = list(given)
        assert not rest, f"nobody asked for {rest}: {out.getvalue()}"
        call_command("migrate", verbosity=1, interactive=False, stdout=out, stderr=out)
    return out.getvalue()
