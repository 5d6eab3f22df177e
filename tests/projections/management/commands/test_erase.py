"""`manage.py erase`: what it asks, refuses, notes, finds and repeats."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from eventstore.models import Changeset, Event
from projections.audit.auditing import audit
from projections.erasing import told
from tests.library.models import Book
from versioning import branch_context
from versioning.branches.fork import fork

pytestmark = [pytest.mark.django_db]

WORDS = "lives at 5 Mill Lane"


@pytest.fixture
def book() -> Book:
    book = Book.objects.create(slug="emma", title="Emma", text="A novel.")
    fork("spring")
    with branch_context("spring"):
        there = Book.objects.get()
        for text in (f"Its owner of spring {WORDS}.", "A novel of spring."):
            there.text = text
            there.save()
    with branch_context("main", message=f"Who {WORDS}"):
        book.text = f"Its owner {WORDS}."
        book.save()
    book.text = "A novel."
    book.save()
    return book


@pytest.fixture
def notes(tmp_path: Path, settings: Any) -> Path:
    file = tmp_path / "erasures.jsonl"
    settings.ERASURES_FILE = file
    return file


def run(*arguments: str, **options: object) -> str:
    out = StringIO()
    call_command("erase", *arguments, stdout=out, stderr=out, **options)
    return out.getvalue()


def erase_all(**options: object) -> str:
    number = str(Changeset.objects.get(recorded_message__contains=WORDS).pk)
    asked = ["library.book", "emma", "2", "2@spring", "--changeset", number, "--reason", "By law"]
    return run(*asked, "--yes", **options)


def test_words_are_found_erased_and_gone(book: Book, notes: Path) -> None:
    assert run("--find", WORDS).count("\n") == 4
    assert "Erased, as changeset" in erase_all()
    assert run("--find", WORDS) == "Nowhere in the log.\n"
    assert list(told(WORDS)) == []
    assert audit().findings == ()
    assert WORDS not in notes.read_text()
    assert json.loads(notes.read_text())["spans"] == [[1, 2, 2], [2, 2, 2]]


def test_it_is_repeated_after_a_restore(book: Book, notes: Path) -> None:
    """The log of before, and the notes of after."""
    with transaction.atomic():
        erase_all()
        noted = notes.read_text()
        transaction.set_rollback(True)
    assert list(told(WORDS))
    notes.write_text(noted)
    assert "Erased, as changeset" in run("--again", str(notes))
    assert list(told(WORDS)) == []
    before = Event.objects.count()
    assert run("--again", str(notes)) == "Line 1: erased already.\n"
    assert Event.objects.count() == before


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["library.book"], "Say what to erase"),
        (["library.book", "emma", "2"], "Say why"),
        (["library.boook", "emma", "2", "--reason", "x"], "no kind called 'library.boook'"),
        (["library.book", "ema", "2", "--reason", "x"], "There is no book at 'ema'."),
        (["library.author", "x", "2", "--reason", "x"], "a author has no address"),
        (["library.book", "emma", "2-", "--reason", "x"], "'2-' names no versions"),
        (["library.book", "emma", "2@gone", "--reason", "x"], "no branch called 'gone'"),
        (["library.book", "emma", "9", "--reason", "x", "--yes"], "There is no version 9"),
        (["library.book", "emma", "3", "--reason", "x", "--yes"], "stands there now"),
        (["library.book", "emma", "2", "--field", "words", "--reason", "x"], "no field 'words'"),
        (["library.book", "emma", "2", "--changeset", "99999", "--reason", "x"], "no changeset"),
        (["--again", "/nowhere/at/all"], "cannot be read"),
    ],
)
def test_what_is_wrong_is_said(
    book: Book, notes: Path, arguments: list[str], sentence: str
) -> None:
    before = Event.objects.count()
    with pytest.raises(CommandError, match=sentence):
        run(*arguments)
    assert Event.objects.count() == before
    assert not notes.exists()


def test_it_asks_before_it_erases(book: Book, notes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builtins.input", lambda _: "no")
    with pytest.raises(CommandError, match=r"Nothing was erased\."):
        run("library.book", "emma", "2", "--reason", "x")
    assert list(told(WORDS))
    monkeypatch.setattr("builtins.input", lambda _: "erase")
    assert "Erased" in run("library.book", "emma", "2", "--reason", "x")


@pytest.mark.parametrize("line", ["{", "[]", '{"kind": "library.book"}', '{"kind": "x.y"}'])
def test_a_file_of_something_else_is_refused(book: Book, notes: Path, line: str) -> None:
    notes.write_text(line)
    with pytest.raises(CommandError):
        run("--again", str(notes))
    assert list(told(WORDS))


def test_words_that_json_writes_otherwise_are_found(db: None) -> None:
    words = 'She said "Zürich",\nand left \\ for 雪国'
    Book.objects.create(slug="emma", title="Emma", text=f"1 {words} 2")
    assert len(list(told(words))) == 1
    assert list(told("100%")) == []
