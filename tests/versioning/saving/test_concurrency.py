"""Many writers at once: no edit lost, no deadlock, positions in the order of commits."""

import threading

import pytest
from django.db import connection

from eventstore import reading
from eventstore.log import StaleStreams
from eventstore.models import Event
from projections.audit.auditing import audit
from tests.library.models import Book
from tests.threads import at_once
from versioning import branch_context
from versioning.branches.fork import fork
from versioning.entities.conflicts import EditConflict

# Committed for all threads to see; the flush afterwards is our own.
pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

WRITERS = 16


def test_writers_on_the_same_entities_lose_nothing() -> None:
    books = [Book.objects.create(slug=f"b{n}", title=f"B{n}", extra={}) for n in range(3)]

    def work(number: int) -> None:
        for turn in range(4):
            book = Book.objects.get(pk=books[(number + turn) % 3].pk)
            book.extra[f"{number}-{turn}"] = turn
            book.save()

    at_once(WRITERS, work)
    kept = {key for book in Book.objects.all() for key in book.extra}
    assert kept == {f"{number}-{turn}" for number in range(WRITERS) for turn in range(4)}
    assert audit().findings == ()


def test_of_two_edits_of_one_field_one_is_asked() -> None:
    book = Book.objects.create(slug="b", title="B", pages=0)
    refused: list[int] = []

    def work(number: int) -> None:
        mine = Book.objects.get(pk=book.pk)
        began_at = mine.pages
        mine.pages = number + 1
        try:
            mine.save()
        except (EditConflict, StaleStreams):
            refused.append(number)
        else:
            assert began_at is not None

    at_once(WRITERS, work)
    book.refresh_from_db()
    assert book.version - 1 + len(refused) == WRITERS
    assert book.pages is not None
    assert book.pages - 1 not in refused


def test_a_follower_never_sees_a_position_filled_in_later() -> None:
    fork("spring")
    seen: list[int] = []
    done = threading.Event()

    def follow() -> None:
        while not done.is_set():
            after = seen[-1] if seen else 0
            seen.extend(
                Event.objects.filter(position__gt=after)
                .order_by("position")
                .values_list("position", flat=True)
            )
        connection.close()

    follower = threading.Thread(target=follow)
    follower.start()

    def work(number: int) -> None:
        for turn in range(3):
            with branch_context("spring" if number % 2 else "main"):
                Book.objects.create(slug=f"b{number}-{turn}", title="B")

    at_once(WRITERS, work)
    done.set()
    follower.join()
    last = seen[-1]
    everything = Event.objects.filter(position__lte=last).values_list("position", flat=True)
    assert seen == sorted(everything)
    assert reading.last_position() >= last
    assert audit().findings == ()
