"""Reverts of several changesets: each place is asked about once, and answers lead to an end."""

from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from eventstore.models import Changeset
from projections.audit.auditing import audit
from tests.library.models import Book
from versioning import UnresolvedConflicts, answer_of
from versioning.branches.revert import CannotRevert, revert
from versioning.entities.kinds import kind_of
from versioning.saving.edits import record_restoration

pytestmark = pytest.mark.django_db

MOST_ROUNDS = 20


def newest() -> int:
    return Changeset.objects.latest("id").pk


def titled(*titles: str) -> tuple[Book, list[int]]:
    """A book that had these titles, one after the other, and the changesets that gave them."""
    book = Book.objects.create(slug="emma", title=titles[0])
    given = [newest()]
    for title in titles[1:]:
        book.title = title
        book.save()
        given.append(newest())
    return book, given


@pytest.mark.parametrize(("side", "title"), [("ours", "e"), ("theirs", "b")])
def test_two_edits_of_one_value_under_a_third_are_one_question(side: str, title: str) -> None:
    book, given = titled("a", "b", "c", "d", "e")
    with pytest.raises(UnresolvedConflicts) as met:
        revert(given[2:4])
    (asked,) = met.value.conflicts
    assert (asked.conflict.path, asked.conflict.ours, asked.conflict.theirs) == ("title", "e", "b")
    answers = {asked.key: asked.resolution(answer_of(getattr(asked.conflict, side)))}
    if side == "ours":
        with pytest.raises(CannotRevert, match="nothing to undo"):
            revert(given[2:4], resolutions=answers)
    else:
        revert(given[2:4], resolutions=answers)
    book.refresh_from_db()
    assert book.title == title


STEPS = st.lists(
    st.sampled_from(["title", "pages", "text", "both", "delete", "restore"]), min_size=2, max_size=7
)


def take(step: str, number: int, book_id: UUID) -> None:
    """Something that can happen to the book; what makes no sense of it does not happen."""
    book = Book.objects.filter(pk=book_id).first()
    if step == "restore" and book is None:
        record_restoration(kind_of(Book), book_id)
    elif book is not None and step == "delete":
        book.delete()
    elif book is not None and step != "restore":
        book.title = f"Title {number}" if step in ("title", "both") else book.title
        book.pages = number if step in ("pages", "both") else book.pages
        book.text = f"{book.text}Line {number}.\n" if step == "text" else book.text
        book.save()


@settings(max_examples=40, deadline=None)
@given(steps=STEPS, data=st.data())
def test_whatever_is_reverted_answers_lead_to_an_end(steps: list[str], data: st.DataObject) -> None:
    with transaction.atomic():
        book = Book.objects.create(slug="emma", title="Emma")
        before = newest()
        for number, step in enumerate(steps):
            take(step, number, book.pk)
        made = list(Changeset.objects.filter(id__gt=before).values_list("id", flat=True))
        some = data.draw(st.lists(st.sampled_from(made), unique=True)) if made else []
        answers: dict[str, Any] = {}
        for _ in range(MOST_ROUNDS):
            try:
                revert(some, resolutions=answers)
            except UnresolvedConflicts as met:
                keys = [asked.key for asked in met.conflicts]
                assert len(set(keys)) == len(keys)
                for asked in met.conflicts:
                    side = data.draw(st.sampled_from([asked.conflict.ours, asked.conflict.theirs]))
                    answers[asked.key] = asked.resolution(answer_of(side))
                continue
            except CannotRevert:
                pass
            break
        else:
            pytest.fail("answers led to no end")
        assert audit().findings == ()
        transaction.set_rollback(True)
