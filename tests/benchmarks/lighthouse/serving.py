"""A wiki with the sample and all its processes, in the home of the benchmarks."""

import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.test import Client

from config.embedded.processes import wait_until
from config.environment import CHECKOUT
from tests.served import free_port

START_SECONDS = 300.0
"""With the sample to be loaded, at first."""

END_SECONDS = 30.0


@dataclass(frozen=True)
class ServedSample:
    """Where it is served, and the cookie of an editor."""

    url: str
    cookie: str


@contextmanager
def served_sample() -> Iterator[ServedSample]:
    """The sample, served as `make run` does, to nobody else."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    variables = {name: value for name, value in os.environ.items() if "SETTINGS" not in name}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "run"],
        cwd=CHECKOUT,
        env=variables | {"PORT": str(port)},
        stdout=subprocess.DEVNULL,
    )
    try:
        assert wait_until(lambda: _answers(url), START_SECONDS)
        yield ServedSample(url, _signed_in())
    finally:
        process.terminate()
        process.wait(END_SECONDS)


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=30).close()  # noqa: S310  # our own server
    except OSError:
        return False
    return True


def _signed_in() -> str:
    """The cookie of somebody who may edit."""
    account, _ = User.objects.get_or_create(username="lighthouse")
    account.groups.add(Group.objects.get(name="editors"))
    client = Client()
    client.force_login(account)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
