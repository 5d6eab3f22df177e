"""A PostgreSQL that is there and says nothing is not waited for without end."""

import os
import signal
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from psycopg_pool import ConnectionPool

from config.serving import patience
from config.serving.patience import PatientConnection, pool_of_patient

pytestmark = pytest.mark.django_db


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[ConnectionPool[Any]]:
    """Of one lane, on the tests' server."""
    monkeypatch.setattr(patience, "CHECK_SECONDS", 0.3)
    monkeypatch.setattr(patience, "GRACE_SECONDS", 0.2)
    where = {**connection.get_connection_params(), "dbname": "postgres", "autocommit": True}
    made = ConnectionPool(
        kwargs=where, min_size=1, max_size=1, timeout=1, open=True, **pool_of_patient(0.3)
    )
    yield made
    made.close()


@pytest.fixture
def silent(pool: ConnectionPool[Any]) -> Iterator[int]:
    """The process that serves the pool's connection stands still."""
    with pool.connection() as served:
        number = served.info.backend_pid
    os.kill(number, signal.SIGSTOP)
    yield number
    os.kill(number, signal.SIGCONT)


def test_a_statement_that_is_not_answered_is_an_error(pool: ConnectionPool[Any]) -> None:
    with pool.connection() as served:
        number = served.info.backend_pid
        os.kill(number, signal.SIGSTOP)
        begun = time.monotonic()
        try:
            with pytest.raises(psycopg.OperationalError, match="does not answer"):
                served.execute("SELECT 1")
        finally:
            os.kill(number, signal.SIGCONT)
        assert 0.4 < time.monotonic() - begun < 5
        assert served.closed


def test_a_connection_that_shows_no_life_is_replaced(
    pool: ConnectionPool[Any], silent: int
) -> None:
    with pool.connection() as served:
        assert served.info.backend_pid != silent
        assert served.execute("SELECT 1").fetchone() == (1,)


def test_what_is_wrong_with_a_statement_closes_no_connection(pool: ConnectionPool[Any]) -> None:
    with pool.connection() as served:
        with pytest.raises(psycopg.errors.QueryCanceled):
            served.execute("SET statement_timeout = 50; SELECT pg_sleep(20)")
        assert not served.closed


def test_commands_wait_for_as_long_as_it_takes() -> None:
    assert PatientConnection.patience is None
    assert pool_of_patient(0)["connection_class"].patience is None
    assert "connection_class" not in settings.DATABASES["default"]["OPTIONS"]["pool"]
