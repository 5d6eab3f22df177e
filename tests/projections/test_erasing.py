"""What is erased is nowhere; everything else is as it was, and every proof holds."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from eventstore.models import Changeset, Event, Snapshot
from projections.audit.auditing import audit
from projections.erasing import erase, told
from projections.following.followed import catch_up
from projections.rebuild import rebuild
from tests.library.models import Author, Book
from versioning import UnresolvedConflicts, branch_context, viewpoint
from versioning.branches.fork import fork
from versioning.branches.merge import merge
from versioning.branches.sync import NothingToSync, sync
from versioning.entities.kinds import kind_of
from versioning.erasure import CannotErase, Erasure, Span
from versioning.models import Branch
from versioning.saving.edits import record_restoration
from versioning.viewpoints.versions import every_row_in, to_version

pytestmark = pytest.mark.django_db

SECRET = "lives at 5 Mill Lane"
LONG = "A novel about a young woman who arranges marriages. " * 8


@pytest.fixture
def book() -> Book:
    """Of the fifth version; the third and the fourth tell what they should not."""
    book = Book(slug="emma", title="Emma", text=LONG, pages=300)
    for text, title in (
        (LONG, "Emma"),
        (f"{LONG} More.", "Emma"),
        (f"{LONG} More. Its owner {SECRET}.", f"Emma {SECRET}"),
        (f"So: {LONG} More. Its owner {SECRET}. Truly.", f"Emma {SECRET}"),
        (f"So: {LONG} More.", "Emma"),
        (f"So: {LONG} And more.", "Emma"),
    ):
        book.text, book.title, book.pages = text, title, (book.pages or 0) + 1
        book.save()
    return book


def versions_of(book: Book, first: int, last: int, *others: Span, fields: Any = ()) -> Erasure:
    """Versions of main, and of other branches."""
    spans = (Span(1, first, last), *others)
    return Erasure(kind_of(Book), book.pk, spans, frozenset(fields))


def versions() -> dict[tuple[int, int], tuple[bool, dict[str, Any]]]:
    rows = every_row_in(kind_of(Book)).order_by("valid_from")
    found = (to_version(kind_of(Book), row) for row in rows)
    return {(v.branch, v.version): (v.is_deleted, v.document) for v in found}


def everything() -> str:
    """All that PostgreSQL holds of the log and of what follows it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT string_agg(convert_from(state, 'UTF8'), ' ') FROM eventstore_event)"
            " || (SELECT string_agg(message || details, ' ') FROM eventstore_changeset)"
            " || (SELECT coalesce(string_agg(state::text, ' '), '') FROM eventstore_snapshot)"
            " || (SELECT string_agg(v::text, ' ') FROM library_bookversion AS v)"
            " || (SELECT string_agg(h::text, ' ') FROM head.library_book AS h)"
            " || (SELECT coalesce(string_agg(s::text, ' '), '') FROM projections_searchentry AS s)"
        )
        (held,) = cursor.fetchone()
    return str(held)


def test_what_is_erased_is_nowhere(book: Book) -> None:
    catch_up()
    before = versions()
    assert everything().count(SECRET) > 3
    erase(versions_of(book, 3, 4), message="By law")
    assert SECRET not in everything()
    after = versions()
    assert {key: after[key] for key in after if key[1] not in (3, 4)} == {
        key: before[key] for key in before if key[1] not in (3, 4)
    }
    assert [after[1, number][1]["pages"] for number in range(1, 7)] == list(range(301, 307))
    assert audit(merges=True).findings == ()
    assert rebuild().mended == 0
    assert versions() == after


def test_history_and_the_past_go_on(book: Book) -> None:
    erase(versions_of(book, 3, 4), message="By law")
    history = book.history
    assert [row.version for row in history.all()] == [6, 5, 2, 1]
    assert history.replayed(5)["text"] == f"So: {LONG} More."
    assert SECRET not in repr(history.replayed(3))
    book.text += " Still more."
    book.save()
    assert history.replayed(7)["text"] == f"So: {LONG} And more. Still more."
    assert audit().findings == ()


def test_what_a_branch_began_from_it_stays_as_it_was(book: Book) -> None:
    at = next(row.valid_from for row in book.history.all() if row.version == 4)
    fork("side", at=at)
    with branch_context("side"):
        there = Book.objects.get()
        there.title, there.text = "Emma of the side", there.text.replace(SECRET, "is unknown")
        there.save()
    with branch_context("side"):
        there.price = "7.50"
        there.save()
    before = versions()
    erase(versions_of(book, 3, 4), message="By law")
    assert SECRET not in everything()
    after = versions()
    side = Branch.objects.get(name="side").number
    assert {key: after[key] for key in after if key[0] == side} == {
        key: before[key] for key in before if key[0] == side
    }
    assert len([key for key in after if key[0] == side]) == 2
    assert audit(merges=True).findings == ()
    with viewpoint("side"):
        assert "is unknown" in Book.objects.get().text


def test_what_a_branch_says_still_is_named(book: Book) -> None:
    at = next(row.valid_from for row in book.history.all() if row.version == 4)
    fork("side", at=at)
    with branch_context("side"):
        there = Book.objects.get()
        there.price = "7.50"
        there.save()
    before = everything()
    with pytest.raises(CannotErase, match="Version 5 on branch 2 says the same in title"):
        erase(versions_of(book, 3, 4), message="By law")
    of_side = Span(Branch.objects.get(name="side").number, 5, 5)
    with pytest.raises(CannotErase, match="Version 5 on branch 2 is what stands there now"):
        erase(versions_of(book, 3, 4, of_side), message="By law")
    assert everything() == before
    with branch_context("side"):
        there.title, there.text = "Emma", f"So: {LONG} More."
        there.save()
    expected = versions()
    erase(versions_of(book, 3, 4, of_side), message="By law")
    assert SECRET not in everything()
    assert versions()[2, 6] == expected[2, 6]
    assert audit(merges=True).findings == ()
    assert rebuild().mended == 0


def test_a_merge_that_was_made_of_it_is_not_judged(book: Book) -> None:
    fork("side")
    with branch_context("side"):
        there = Book.objects.get()
        there.text = f"{there.text} {SECRET}"
        there.save()
    book.title = "Emma II"
    book.save()
    merge(Branch.objects.get(name="side"))
    book.refresh_from_db()
    book.text = LONG
    book.save()
    with branch_context("side"):
        there = Book.objects.get()
        there.text = LONG
        there.save()
    side = Span(Branch.objects.get(name="side").number, 7, 7)
    with pytest.raises(CannotErase, match="says the same in text"):
        erase(Erasure(kind_of(Book), book.pk, (side,)), message="By law")
    erase(versions_of(book, 3, 4, Span(1, 8, 8), side), message="By law")
    assert SECRET not in everything()
    report = audit(merges=True)
    assert report.findings == ()
    assert report.merges is not None
    assert (report.merges.derived, report.merges.untold) == (0, 1)
    assert rebuild().mended == 0


def test_fields_that_are_named_go_alone(book: Book) -> None:
    erase(versions_of(book, 3, 4, fields={"title"}), message="By law")
    after = versions()
    assert after[1, 3][1]["title"] == "Emma"
    assert SECRET in after[1, 3][1]["text"]
    assert audit().findings == ()


def test_a_deleted_entity_is_erased_whole(book: Book) -> None:
    history, key = book.history, book.pk
    book.delete()
    erase(Erasure(kind_of(Book), key, (Span(1, 1, 7),)), message="By law")
    assert "marriages" not in everything()
    assert list(history.all()) == []
    assert audit().findings == ()
    assert rebuild().mended == 0


def test_summaries_go_too(book: Book) -> None:
    with branch_context("main", message=f"She {SECRET}"):
        Author.objects.create(name="Jane")
    told_by = Changeset.objects.get(recorded_message__contains=SECRET)
    erase(versions_of(book, 3, 4), changesets=[told_by], message="By law")
    assert SECRET not in everything()
    assert Changeset.objects.get(pk=told_by.pk).message == ""
    assert audit().findings == ()


def test_it_is_told_where_words_stand(book: Book) -> None:
    with branch_context("main", message=f"She {SECRET}"):
        Author.objects.create(name="Jane")
    number = Changeset.objects.latest("id").pk
    assert list(told(SECRET)) == [
        f"library.book {book.pk}, version 3 on branch 1",
        f"library.book {book.pk}, version 4 on branch 1",
        f"changeset {number}, in what it says of itself",
    ]
    assert list(told('not "there"')) == []


def test_snapshots_of_it_go(book: Book) -> None:
    with branch_context("main"):
        pass
    for number in range(30):
        book.text = f"{LONG} {SECRET} {number}"
        book.save()
    book.text = LONG
    book.save()
    newest = book.history.all()[0].version
    assert Snapshot.objects.filter(stream_id=book.pk).exists()
    assert SECRET in everything()
    erase(versions_of(book, 3, newest - 1), message="By law")
    assert SECRET not in everything()
    assert audit().findings == ()


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        (5, 6, "Version 6 on branch 1 is what stands there now"),
        (7, 9, "no version 7 to 9"),
        (4, 3, "no version 4 to 3"),
        (3, 3, "Version 4 on branch 1 says the same in title"),
    ],
)
def test_what_cannot_be_erased_is_refused(book: Book, first: int, last: int, sentence: str) -> None:
    before = everything()
    with pytest.raises(CannotErase, match=sentence):
        erase(versions_of(book, first, last), message="By law")
    assert everything() == before


ERASING = "SET LOCAL eventstore.erasing = '1'"


@pytest.mark.parametrize(
    ("deed", "finding"),
    [
        ("UPDATE eventstore_event SET state = '{}', salt = '' WHERE notification_id = %s", "hash"),
        ("UPDATE eventstore_event SET state = '{\"a\": 1}' WHERE notification_id = %s", "hash"),
        ("UPDATE eventstore_changeset SET message = '', salt = '' WHERE first_position = %s",
         "says something else"),
    ],
)  # fmt: skip
def test_an_audit_finds_what_no_erasure_names(book: Book, deed: str, finding: str) -> None:
    at = book.history.all()[0].valid_from
    with connection.cursor() as cursor:
        cursor.execute(ERASING)
        cursor.execute(deed, [at])
    assert finding in repr(audit().findings)


def test_an_audit_finds_what_was_put_in_the_place_of_what_was_erased(book: Book) -> None:
    erase(versions_of(book, 3, 4), message="By law")
    at = every_row_in(kind_of(Book)).get(version=3).valid_from
    state = bytes(Event.objects.get(position=at).state).replace(b"304", b"999")
    with connection.cursor() as cursor:
        cursor.execute(ERASING)
        cursor.execute(
            "UPDATE eventstore_event SET state = %s WHERE notification_id = %s",
            [state.replace(b"303", b"999"), at],
        )
    assert f"event at position {at}" in repr(audit().findings)


def test_the_door_opens_for_what_is_named_alone(book: Book) -> None:
    at = book.history.all()[0].valid_from
    with pytest.raises(DatabaseError, match="names what is to be erased"), transaction.atomic():
        connection.cursor().execute("SELECT eventstore_erase(%s, %s, %s)", [at, [at], [b"{}"]])
    for deed in ("UPDATE eventstore_event SET state = ''", "DELETE FROM eventstore_event"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            connection.cursor().execute(deed)


edits = st.lists(
    st.tuples(
        st.sampled_from(["main", "side"]),
        st.sampled_from(["text", "text", "text and pages", "delete", "sync"]),
        st.integers(0, 5),
    ),
    min_size=4,
    max_size=14,
)


@contextmanager
def rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def marked(number: int) -> str:
    """A word that no other text has, nor any part of."""
    return f" {chr(ord('a') + number) * 12} "


MARK = re.compile(r"(?:([a-z])\1{11})")


def marks(documents: dict[tuple[int, int], Any], keys: Iterable[tuple[int, int]]) -> set[str]:
    return {letter for key in keys for letter in MARK.findall(documents[key][1]["text"])}


counted: Counter[str] = Counter()


@settings(max_examples=25)
@given(edits, st.integers(0, 13), st.integers(0, 4))
def erase_of_any_history(some: list[tuple[str, str, int]], first: int, more: int) -> None:
    """Any history on two branches: what can be erased changes no other version, and no proof."""
    with rolled_back():
        book = Book.objects.create(slug="emma", title="Emma", text=LONG + marked(0))
        fork("side")
        for number, (where, what, value) in enumerate(some, 1):
            if what == "sync":
                with suppress(NothingToSync, UnresolvedConflicts):
                    sync(Branch.objects.get(name="side"))
            else:
                with branch_context(where):
                    at = 50 * value
                    _edit(book, what, LONG[:at] + marked(number) + LONG[at:])
        before = versions()
        every = sorted(before)
        branch, begun = every[first % len(every)]
        last = max(n for b, n in every if b == branch and n <= begun + more)
        spans = (Span(branch, begun, last),)
        erasure = Erasure(kind_of(Book), book.pk, spans, frozenset({"text"}))
        try:
            erase(erasure, message="By law")
        except CannotErase:
            counted["refused"] += 1
            assert versions() == before
        else:
            counted["erased"] += 1
            after = versions()
            assert after.keys() == before.keys()
            kept = {key for key in before if not erasure.has(*key)}
            assert {key: after[key] for key in kept} == {key: before[key] for key in kept}
            gone = marks(before, before.keys() - kept) - marks(before, kept)
            assert gone & set(MARK.findall(everything())) == set()
        assert audit(merges=True).findings == ()
        assert rebuild().mended == 0


@pytest.mark.slow
def test_whatever_is_erased_all_else_stays() -> None:
    counted.clear()
    erase_of_any_history()
    assert counted["erased"] > 0
    assert counted["refused"] > 0


def _edit(book: Book, what: str, text: str) -> None:
    here = Book.objects.filter(pk=book.pk).first()
    if here is None:
        record_restoration(kind_of(Book), book.pk)
    elif what == "delete":
        here.delete()
    else:
        here.text, here.pages = text, len(text) if "pages" in what else here.pages
        here.save()
