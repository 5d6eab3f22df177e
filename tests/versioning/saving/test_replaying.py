"""A document from the log alone is that of the version's row, and costs few events to read."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from eventstore import reading
from eventstore.types import Version
from tests.library.models import Book
from versioning import branch_context, viewpoint
from versioning.branches.fork import fork
from versioning.entities.kinds import kind_of
from versioning.saving.replaying import document_at
from versioning.saving.writing import SNAPSHOT_EVERY
from versioning.viewpoints.versions import rows_in, to_version

pytestmark = pytest.mark.django_db

TEXT = "\n\n".join(f"Passage {n} of a long text that is worth a delta." for n in range(20))

edits = st.lists(
    st.tuples(
        st.sampled_from(["main", "spring", "summer"]),
        st.integers(0, 19),
        st.text(max_size=30, alphabet=st.characters(codec="utf-8", exclude_characters="\0")),
    ),
    max_size=2 * SNAPSHOT_EVERY,
)


@contextmanager
def rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.slow
@settings(max_examples=15)
@given(st.integers(0, 2 * SNAPSHOT_EVERY), edits)
def test_a_version_is_replayed_as_its_row_has_it(
    edited: int, further: list[tuple[str, int, str]]
) -> None:
    with rolled_back():
        book = Book.objects.create(slug="emma", title="Emma", text=TEXT)
        for number in range(edited):
            book.text = book.text.replace(f"Passage {number % 20} ", f"Passage {number % 20}. ")
            book.pages = number
            book.save()
        fork("spring")
        fork("summer", parent="spring")
        for branch, place, words in further:
            with branch_context(branch):
                there = Book.objects.get()
                there.text = there.text.replace(f"Passage {place}", f"Passage {place}{words}")
                there.save()
        kind = kind_of(Book)
        for row in rows_in(kind):
            version = to_version(kind, row)
            replayed = document_at(version.branch, version.entity_id, version.version)
            assert replayed == version.document


def test_a_replayed_version_reads_few_events(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    plain = reading.stream

    def counting(*args: Any, **kwargs: Any) -> Any:
        events = plain(*args, **kwargs)
        read.append(len(events))
        return events

    book = Book.objects.create(slug="emma", title="Emma")
    for number in range(3 * SNAPSHOT_EVERY):
        book.pages = number
        book.save()
    monkeypatch.setattr("versioning.saving.replaying.reading.stream", counting)
    for version in range(SNAPSHOT_EVERY, book.version + 1):
        assert book.history.replayed(version)["pages"] == version - 2
    assert max(read) <= SNAPSHOT_EVERY


def test_a_viewpoint_replays_what_it_shows() -> None:
    book = Book.objects.create(slug="emma", title="Emma")
    fork("spring")
    then = reading.last_position()
    with branch_context("spring"):
        Book.objects.update(title="Of spring")
    Book.objects.update(title="Of main")
    with viewpoint("spring"):
        assert Book.objects.get().history.replayed(2)["title"] == "Of spring"
        assert Book.objects.get().history.replayed(1)["title"] == "Emma"
    assert Book.objects.get().history.replayed(2)["title"] == "Of main"
    with viewpoint("spring", at=then), pytest.raises(ObjectDoesNotExist):
        Book.objects.get().history.replayed(2)
    assert document_at(1, book.pk, Version(9)) is None
