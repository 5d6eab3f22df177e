"""Whoever waits for the log waits so long, and is told why nothing was saved."""

from collections.abc import Callable
from threading import Event, Thread

import pytest
from django.db import connection, transaction
from django.test import override_settings

from eventstore import log
from eventstore.busy import LogIsBusy
from tests.library.models import Book
from versioning import branch_context

pytestmark = pytest.mark.django_db(transaction=True)


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def save() -> None:
    Book.objects.create(slug="emma", title="Emma")


def save_in_a_context() -> None:
    with branch_context("main"):
        save()


def take_the_lock() -> None:
    with transaction.atomic():
        log.lock()


@pytest.mark.parametrize("act", [save, save_in_a_context, take_the_lock])
def test_a_writer_waits_so_long_and_then_is_told(act: Callable[[], None]) -> None:
    held, over = Event(), Event()
    errors: list[BaseException] = []

    def hold() -> None:
        with transaction.atomic():
            log.lock()
            held.set()
            over.wait(20)
        connection.close()

    def wait() -> None:
        # Its connection may be one that was opened before, under the time of then.
        run("SET lock_timeout = '300ms'")
        try:
            act()
        except LogIsBusy as error:
            errors.append(error)
        finally:
            run("RESET lock_timeout")
            connection.close()

    with override_settings(LOG_LOCK_TIMEOUT_SECONDS=0.3):
        threads = [Thread(target=hold), Thread(target=wait)]
        threads[0].start()
        assert held.wait(20)
        threads[1].start()
        threads[1].join(20)
        over.set()
        threads[0].join(20)
    (error,) = errors
    assert "more than 0.3 seconds" in str(error)
    assert "Try again in a moment" in str(error)
    assert not Book.objects.exists()
    act()


def test_connections_are_told_how_long_to_wait() -> None:
    with override_settings(LOG_LOCK_TIMEOUT_SECONDS=2.5):
        assert "lock_timeout=2500" in connection.get_connection_params()["options"]
    assert "lock_timeout=10000" in connection.get_connection_params()["options"]
