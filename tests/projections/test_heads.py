"""Ends of the log that are noted outside of it: what was cut off and written anew is found."""

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings

from eventstore.heads import head_at, read_heads
from eventstore.models import Changeset
from eventstore.standing import HIGHEST
from projections.audit.auditing import audit
from projections.rebuild import rebuild
from tests.library.models import Book
from tests.projections.audit.test_auditing import as_a_superuser_would, positions_kept

pytestmark = pytest.mark.django_db

MOVE = "SELECT setval('eventstore_position', last_value + %s) FROM eventstore_position"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where an audit noted that the log ends with the fourth book."""
    for number in range(4):
        Book.objects.create(slug=f"book-{number}", title=f"Book {number}")
    call_command("audit", note=tmp_path / "heads.txt", verbosity=0)
    return tmp_path / "heads.txt"


def cut_off_the_newest(count: int = 1) -> None:
    """As somebody would who may do anything in the database, and covers what was done."""
    with as_a_superuser_would(), connection.cursor() as cursor:
        newest = Changeset.objects.order_by("-id")[count - 1]
        first = newest.first_position
        cursor.execute("DELETE FROM eventstore_changeset WHERE id >= %s", [newest.pk])
        cursor.execute("DELETE FROM eventstore_event WHERE notification_id >= %s", [first])
    rebuild()
    assert audit(schema=True).findings == ()


def test_nothing_is_said_of_a_log_that_only_grew(file: Path) -> None:
    Book.objects.create(slug="later", title="Later")
    call_command("audit", since=file, note=file, verbosity=0)
    assert [head.changeset for head in read_heads(file)][-1] == Changeset.objects.latest("id").pk
    assert len(read_heads(file)) == 2
    assert file.stat().st_mode & 0o777 == 0o600


def test_what_was_not_audited_is_not_noted(file: Path) -> None:
    (noted,) = read_heads(file)
    Book.objects.create(slug="later", title="Later")
    call_command("audit", at=f"p{noted.position}", note=file, verbosity=0)
    assert [head.changeset for head in read_heads(file)] == [noted.changeset] * 2


def test_an_end_that_was_cut_off_is_found(file: Path) -> None:
    noted = head_at(HIGHEST)
    assert noted is not None
    cut_off_the_newest()
    with pytest.raises(CommandError, match=f"changeset {noted.changeset} is gone or another"):
        call_command("audit", since=file)


def test_an_end_that_was_written_anew_is_found(file: Path) -> None:
    noted = head_at(HIGHEST)
    assert noted is not None
    with positions_kept(), connection.cursor() as cursor:
        cut_off_the_newest(2)
        cursor.execute("SELECT setval('eventstore_position', %s)", [noted.position - 2])
        for number in range(3):
            Book.objects.create(slug=f"forged-{number}", title="Forged")
        assert audit(schema=True).findings == ()
        with pytest.raises(CommandError, match=f"changeset {noted.changeset} is gone or another"):
            call_command("audit", since=file)


def test_a_sequence_that_was_moved_back_is_found(file: Path) -> None:
    with positions_kept(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval('eventstore_position', last_value + 50) FROM eventstore_position"
        )
        call_command("audit", note=file, verbosity=0)
        cursor.execute(
            "SELECT setval('eventstore_position', last_value - 50) FROM eventstore_position"
        )
        with pytest.raises(CommandError, match=r"sequence eventstore_position stood at .* once"):
            call_command("audit", since=file)


@pytest.mark.parametrize("forgery", ["cut", "changed", "other key", "binary"])
def test_a_file_that_nobody_of_ours_wrote_is_refused(file: Path, forgery: str) -> None:
    line = file.read_text().rstrip()
    forged = {
        "cut": line[:-5],
        "changed": line.replace('"changeset": ', '"changeset": 1'),
        "other key": line,
        "binary": "\ufffd\n",
    }[forgery]
    file.write_text(forged + "\n")
    key = "another" if forgery == "other key" else settings.SECRET_KEY
    refused = pytest.raises(CommandError, match=r"Line 1 of .* was not written by this wiki")
    with override_settings(SECRET_KEY=key), refused:
        call_command("audit", since=file)


def test_a_key_of_before_is_known_still(file: Path) -> None:
    with override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        call_command("audit", since=file, verbosity=0)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no file"):
        call_command("audit", since=tmp_path / "heads.txt")


def test_each_clean_audit_of_the_whole_notes_the_end_by_itself(tmp_path: Path) -> None:
    file = tmp_path / "heads.txt"
    with override_settings(LOG_HEADS_FILE=os.fspath(file)):
        Book.objects.create(slug="emma", title="Emma")
        call_command("audit", at=f"p{1}", verbosity=0)
        assert not file.exists()
        call_command("audit", verbosity=0)
        cut_off_the_newest()
        with pytest.raises(CommandError, match="is gone or another"):
            call_command("audit")
        assert len(read_heads(file)) == 1, "what is not well is not noted"
