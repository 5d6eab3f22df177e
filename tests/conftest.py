"""What every test stands on: real services, up for the whole run.

The tests' PostgreSQL and Valkey live in `.thrillwiki/tests/` and are stopped by the last run out.
"""

import os
import signal
import sys
from collections.abc import Iterator

import psutil
import pytest
import redis
from django.conf import settings
from django.db import connection
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

from wiki.limits.windows import windows

hypothesis_settings.register_profile(
    "default", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
# CI repeats itself: a failure there must be one that anybody can have again.
hypothesis_settings.register_profile(
    "ci", parent=hypothesis_settings.get_profile("default"), derandomize=True, print_blob=True
)
hypothesis_settings.register_profile(
    "thorough", parent=hypothesis_settings.get_profile("default"), max_examples=2_000
)
hypothesis_settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "default")
)


def pytest_configure() -> None:
    settings.EMBEDDED.join()
    # What tests leave in a log is rolled back, and no end of it.
    settings.LOG_HEADS_FILE = None
    settings.ERASURES_FILE = None
    # Each of a thousand browsers would list the static files anew.
    settings.WHITENOISE_AUTOREFRESH = True
    # A shell's background ignores interrupts, and so would the programs that tests end by one.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Slow tests run uncovered: what they do most of all is to repeat themselves.

    Not by pytest-cov's own mark: in a process of xdist it measures twice, and stops once.
    """
    tracing = sys.gettrace()
    if item.get_closest_marker("slow"):
        sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(tracing)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Before the run makes its database, remove what killed runs could not.

    Their databases are named after the process that began them, on this machine: on a server
    that others use as well, nobody can tell whether a run is dead.
    """
    if not settings.EMBEDDED.with_postgres:
        return
    prefix = "test_thrillwiki_"
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
        for (name,) in cursor.fetchall():
            run = name.removeprefix(prefix).split("_")[0]
            if run.isdecimal() and not psutil.pid_exists(int(run)):
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture
def nothing_counted() -> Iterator[redis.Redis]:
    """Redis in which no account and no network has done anything yet."""
    client: redis.Redis = redis.Redis.from_url(settings.REDIS_URL)
    _forget(client)
    yield client
    _forget(client)


def _forget(client: redis.Redis) -> None:
    windows.cache_clear()
    for key in client.scan_iter(f"{settings.REDIS_PREFIX}:limits:*", count=10_000):
        client.delete(key)
