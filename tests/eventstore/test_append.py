"""Appending: a batch of any size is one changeset, whole or not at all."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from uuid import UUID, uuid4

import pytest
from django.db import connection

from eventstore import log, reading
from eventstore.integrity import verify_log
from eventstore.types import Position, Version
from tests.library.models import Book
from versioning import BatchOperation, viewpoint
from versioning.events import EntityCreated

pytestmark = pytest.mark.django_db

MEGABYTE = 1_000_000


def created(entity_id: UUID, text: str, version: int = 1) -> EntityCreated:
    return EntityCreated(
        stream_id=entity_id,
        version=Version(version),
        kind="library.book",
        entity_id=entity_id,
        document={"text": text},
    )


def header() -> log.Header:
    return log.Header(branch=1, actor_id=None, message="Many")


@contextmanager
def within(seconds: int) -> Iterator[None]:
    """A limit that a hang would pass, never a measurement."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TimeoutError(f"It took more than {seconds} seconds.")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_what_is_appended_is_read_again(count: int) -> None:
    events = [created(uuid4(), f"Text {number}: é 🎢 \\ \" '") for number in range(count)]
    sealed = log.append(events, header())
    found = list(reading.forward(Position(sealed.first_position - 1)))
    assert [recorded.event for recorded in found] == events
    assert found[-1].position == sealed.last_position


def test_one_stale_stream_among_many_keeps_everything_out() -> None:
    known = uuid4()
    log.append([created(known, "a")], header())
    before = reading.last_position()
    with pytest.raises(log.StaleStreams) as stale:
        log.append([created(uuid4(), "b"), created(known, "c"), created(uuid4(), "d")], header())
    assert stale.value.streams == {known}
    assert reading.last_position() == before


@pytest.mark.slow
def test_an_edit_scans_no_table_however_small_it_was_when_it_was_planned() -> None:
    """A plan is kept while the log grows, until somebody counts it again."""
    book = Book.objects.create(title="Kestrel")
    tables = ("eventstore_event", "eventstore_changeset", "library_book", "library_bookversion")
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(tables)}")  # plans are made anew, for next to nothing
    before = _scans(tables)
    for pages in range(8):
        book.pages = pages
        book.save()
    assert _scans(tables) == before


def _scans(tables: tuple[str, ...]) -> dict[str, int]:
    """How often each table was read from end to end in this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, seq_scan FROM pg_stat_xact_user_tables WHERE relname = ANY(%s)",
            [list(tables)],
        )
        found = dict(cursor.fetchall())
    assert found.keys() == set(tables)
    return found


def test_fifty_megabytes_are_one_append() -> None:
    text = "A coaster, its lift hill and its drop. " * 2_600
    events = [created(uuid4(), f"{number} {text}") for number in range(500)]
    assert sum(len(event.document["text"]) for event in events) > 50 * MEGABYTE
    with within(seconds=60):
        sealed = log.append(events, header())
    assert sealed.last_position - sealed.first_position == len(events) - 1
    assert list(verify_log(sealed.last_position)) == []


@pytest.mark.slow
def test_a_batch_of_fifty_megabytes_is_one_changeset() -> None:
    text = "A coaster, its lift hill and its drop. " * 2_600
    books = [
        Book(slug=f"b{number}", title=f"B{number}", text=f"{number} {text}")
        for number in range(500)
    ]
    with within(seconds=120), BatchOperation("All at once") as batch:
        batch.process_changes(books)
    assert batch.sealed is not None
    assert batch.sealed.last_position - batch.sealed.first_position == len(books) - 1
    with viewpoint(at=batch.sealed.last_position):
        assert Book.objects.get(slug="b499").text == books[499].text
