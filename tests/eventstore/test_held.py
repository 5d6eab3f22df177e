"""Whoever holds the log's lock is ended after so long, and the others go on."""

import math
import time
from collections.abc import Callable, Iterator
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import TestCase, override_settings

from eventstore import log
from eventstore.busy import LogHeldTooLong, holding_for, holding_without_end
from eventstore.models import Changeset
from eventstore.pipeline import pipeline
from tests.library.models import Author, Book
from versioning import BatchOperation, branch_context
from versioning.branches.fork import fork
from versioning.branches.merge import merge
from versioning.models import Branch

pytestmark = pytest.mark.django_db(transaction=True)

LONGEST = 0.4


@pytest.fixture(autouse=True)
def _briefly() -> Iterator[None]:
    with override_settings(LOG_HOLD_TIMEOUT_SECONDS=LONGEST):
        yield


def in_force() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_timeout")
        return str(cursor.fetchone()[0])


def sleep() -> None:
    time.sleep(LONGEST + 0.4)


def create(name: str = "Jane") -> None:
    Author.objects.create(name=name)


def save_and_sleep() -> None:
    with transaction.atomic():
        create()
        sleep()


def save_and_go_on() -> None:
    with transaction.atomic():
        create()
        sleep()
        create("Anne")


def lock_and_read() -> None:
    with transaction.atomic():
        log.lock()
        sleep()
        list(Author.objects.all())


def in_a_context() -> None:
    with branch_context("main"):
        create()
        sleep()


def in_a_savepoint() -> None:
    with transaction.atomic():
        create()
        with transaction.atomic():
            sleep()
            create("Anne")


def after_a_savepoint_that_was_rolled_back() -> None:
    with transaction.atomic():
        with transaction.atomic():
            create()
            transaction.set_rollback(True)
        create("Anne")
        sleep()


def after_a_batch() -> None:
    with transaction.atomic():
        with BatchOperation() as batch:
            batch.process_changes([Author(name="Jane")])
        sleep()


HOLDERS = [
    save_and_sleep,
    save_and_go_on,
    lock_and_read,
    in_a_context,
    in_a_savepoint,
    after_a_savepoint_that_was_rolled_back,
    after_a_batch,
]


@pytest.mark.parametrize("hold", HOLDERS)
def test_a_transaction_that_holds_the_log_is_ended(hold: Callable[[], None]) -> None:
    before = Changeset.objects.count()
    with pytest.raises(LogHeldTooLong) as error:
        hold()
    assert "for more than 0.4 seconds" in str(error.value)
    assert "Nothing of it was kept" in str(error.value)
    # The connection is usable again, and nothing was kept.
    assert Changeset.objects.count() == before
    create("After")
    assert [each.name for each in Author.objects.all()] == ["After"]
    assert in_force() == "0"


def test_all_others_go_on_meanwhile() -> None:
    held = Event()
    errors: list[BaseException] = []

    def hold() -> None:
        try:
            with transaction.atomic():
                create()
                held.set()
                time.sleep(5)
        except LogHeldTooLong as error:
            errors.append(error)
        finally:
            connection.close()

    thread = Thread(target=hold)
    thread.start()
    assert held.wait(20)
    began = time.monotonic()
    create("Anne")
    waited = time.monotonic() - began
    thread.join(20)
    assert 0.05 < waited < LONGEST + 1
    assert len(errors) == 1
    assert [each.name for each in Author.objects.all()] == ["Anne"]


def test_an_instance_forgets_what_was_ended() -> None:
    jane = Author(name="Jane")
    with pytest.raises(LogHeldTooLong), transaction.atomic():  # noqa: PT012  # it ends there
        jane.save()
        sleep()
    jane.save()
    assert Author.objects.get() == jane


def an_endless_context() -> None:
    with branch_context("main", longest_seconds=math.inf):
        create()
        sleep()


def a_longer_context() -> None:
    with branch_context("main", longest_seconds=60):
        create()
        sleep()


def a_pipeline() -> None:
    with transaction.atomic(), pipeline():
        sleep()


def whatever_says_so() -> None:
    with transaction.atomic():
        log.lock()
        with holding_without_end():
            sleep()


@pytest.mark.parametrize(
    "work", [an_endless_context, a_longer_context, a_pipeline, whatever_says_so]
)
def test_what_is_known_to_take_its_time_is_let(work: Callable[[], None]) -> None:
    work()


def test_a_batch_a_merge_and_a_rebuild_are_bound_by_nothing(monkeypatch: Any) -> None:
    """They lift the bound that the transaction has, and what follows them has it again."""
    seen: dict[str, str] = {}
    whole = log.send

    def send(cursor: Any, *arguments: Any) -> None:
        seen["inside"] = in_force()
        whole(cursor, *arguments)

    fork("spring")
    with branch_context("spring"):
        create("Of spring")
    monkeypatch.setattr(log, "send", send)
    for act in (
        lambda: merge(Branch.objects.select_related("parent").get(name="spring")),
        lambda: Author.objects.bulk_create([Author(name="Jane")]),
        lambda: Author.objects.update(name="Anne"),
    ):
        with transaction.atomic():
            log.lock()
            assert in_force() == "400ms"
            act()
            assert (seen["inside"], in_force()) == ("0", "400ms")
    assert in_force() == "0"


def test_nobody_is_bound_who_does_not_hold_it() -> None:
    with transaction.atomic():
        list(Author.objects.all())
        assert in_force() == "0"
    create()
    assert in_force() == "0"


def test_0_is_for_ever() -> None:
    with override_settings(LOG_HOLD_TIMEOUT_SECONDS=0), transaction.atomic():
        create()
        assert in_force() == "0"


class ATestOfSomebody(TestCase):
    """A test is one transaction, and takes as long as it takes."""

    def test_is_not_bound(self) -> None:
        with override_settings(LOG_HOLD_TIMEOUT_SECONDS=LONGEST):
            create()
            assert in_force() == "0"
            with transaction.atomic(), holding_for(1):
                Book.objects.create(slug="emma", title="Emma")
                assert in_force() == "0"
