"""The drill: a wiki is dumped, restored beside itself, and is the same."""

import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from config.embedded.postgres import programs
from config.environment import CHECKOUT
from tests.served import Server, environment
from wiki.models import Ride

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

RESTORED = "_restored"


@pytest.fixture
def restored(tmp_path: Path) -> Iterator[str]:
    """The sample wiki, dumped and restored; the other database's name."""
    call_command("load_sample", verbosity=0)
    settings = connection.settings_dict
    name = f"{settings['NAME']}{RESTORED}"
    dump = tmp_path / "wiki.dump"
    run("pg_dump", "--format=custom", f"--file={dump}", settings["NAME"])
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}"')
    run("pg_restore", "--exit-on-error", f"--dbname={name}", str(dump))
    yield name
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def run(program: str, *words: str) -> None:
    """A program of PostgreSQL's, on the tests' server."""
    told = connection.settings_dict
    where = [f"--host={told['HOST']}", f"--username={told['USER']}"]
    if told["PORT"]:
        where.append(f"--port={told['PORT']}")
    subprocess.run([programs() / program, *where, *words], check=True, capture_output=True)


def page(server: Server, path: str) -> str:
    with urllib.request.urlopen(server.url + path, timeout=30) as answer:  # noqa: S310  # our own
        return str(answer.read().decode()).replace(server.url, "")


def test_what_was_dumped_is_restored_as_it_was(restored: str, tmp_path: Path) -> None:
    audited = subprocess.run(
        [sys.executable, "manage.py", "audit"],
        cwd=CHECKOUT, env=environment(restored), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert audited.returncode == 0, audited.stdout + audited.stderr
    assert "All is as it was written" in audited.stdout
    ride = Ride.objects.exclude(opened=None).first()
    assert ride is not None
    paths = ["/", "/rides/", f"/rides/{ride.slug}/", f"/rides/{ride.slug}/history/", "/changes/"]
    servers = [Server(tmp_path / name, environment(name)) for name in (database(), restored)]
    try:
        for path in paths:
            before, after = (page(server, path) for server in servers)
            assert before == after, path
    finally:
        for server in servers:
            server.stop()


def database() -> str:
    name: str = connection.settings_dict["NAME"]
    return name
