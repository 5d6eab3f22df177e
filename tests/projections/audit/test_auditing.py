"""The audit is clean after anything the wiki does, and names whatever was tampered with."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from eventstore import reading
from eventstore.integrity import LISTED
from projections.audit.auditing import audit
from projections.audit.guards import LOG_TABLES
from projections.audit.tables import verify_tables
from projections.inline.functions import function_name, guarded_tables
from projections.models import AuditRun
from projections.rebuild import rebuild
from tests.library.models import Author, Book, Shelf
from versioning import branch_context, viewpoint
from versioning.branches.fork import fork
from versioning.branches.merge import merge
from versioning.branches.sync import sync
from versioning.entities.kinds import HEADS, kind_of, kinds
from versioning.models import Branch
from versioning.saving.writing import SNAPSHOT_EVERY
from versioning.viewpoints.versions import rows_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def library() -> None:
    jane = Author.objects.create(name="Jane")
    emma = Book.objects.create(slug="emma", title="Emma", text="A text. " * 60)
    emma.authors.set([jane])
    fork("spring")
    with branch_context("spring"):
        mine = Book.objects.get()
        mine.pages = 400
        mine.save()
        Book.objects.create(slug="new", title="New")
    emma.text += "And its end."
    emma.save()
    sync(Branch.objects.get(name="spring"))
    with branch_context("spring"):
        Book.objects.get(slug="emma").authors.add(Author.objects.create(name="Ann"))
    merge(Branch.objects.get(name="spring"))
    Book.objects.get(slug="new").delete()
    shelf = Shelf.objects.create(label="0")
    for number in range(SNAPSHOT_EVERY):
        shelf.label = str(number + 1)
        shelf.save()


@contextmanager
def as_a_superuser_would() -> Iterator[None]:
    """Behind every guard: the owner may switch triggers off, and no trigger fires."""
    tables = [*LOG_TABLES, *(table for kind in kinds() for table in guarded_tables(kind))]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        for table in tables:
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal",
                [table],
            )
            for (trigger,) in cursor.fetchall():
                cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}")


def test_replay_equals_live(library: None) -> None:
    report = audit()
    assert report.findings == ()
    assert (report.replayed.entities, report.replayed.versions) == (7, 50)


@pytest.mark.parametrize("undone", [2, 4, 10_000])
def test_a_branch_may_start_from_any_version(monkeypatch: pytest.MonkeyPatch, undone: int) -> None:
    monkeypatch.setattr("projections.replay.UNDONE", undone)
    emma = Book.objects.create(slug="emma", title="Emma", text="A text. " * 60)
    moments = [reading.last_position()]
    for number in range(6):
        emma.pages, emma.text = number, f"{emma.text} {number}."
        emma.save()
        moments.append(reading.last_position())
    emma.delete()
    for number, moment in enumerate(moments):
        fork(f"branch-{number}", at=moment)
        with branch_context(f"branch-{number}"):
            Book.objects.update(title=f"Emma, {number}")
    assert audit().findings == ()
    assert rebuild().mended == 0
    for number in range(len(moments)):
        with viewpoint(f"branch-{number}"):
            there = Book.objects.get()
        assert (there.title, there.text.count(".")) == (f"Emma, {number}", 60 + number)


@pytest.mark.parametrize(
    ("tampering", "named"),
    [
        ("UPDATE library_book SET title = 'Evil'", "library_book:"),
        ("DELETE FROM library_shelf", "library_shelf:"),
        ("DELETE FROM library_book_authors", "library_book_authors:"),
        ("UPDATE library_bookversion SET pages = 7 WHERE version = 1", "library_bookversion:"),
        ("UPDATE library_bookversion SET valid_to = valid_to - 1", "library_bookversion:"),
        ("DELETE FROM library_bookversion WHERE version = 2", "library_bookversion:"),
        ("DELETE FROM library_book_authorsversion", "library_book_authorsversion:"),
        ("UPDATE library_author SET name = 'Evil'", "library_author:"),
        ("UPDATE library_authorversion SET deleted = true", "library_authorversion:"),
        ("UPDATE library_shelf SET label = 'Evil'", "library_shelf:"),
        ("UPDATE library_shelfversion SET label = 'Evil'", "library_shelfversion:"),
        ("UPDATE versioning_branch SET name = 'evil' WHERE number = 2", "versioning_branch:"),
        ("UPDATE versioning_branchversion SET base_position = 1", "versioning_branchversion:"),
        ("UPDATE eventstore_event SET salt = ''", "event"),
        (
            (
                "UPDATE eventstore_event SET state = replace(encode(state, 'escape'), 'Emma',"
                " 'Evil')::bytea"
            ),
            "event",
        ),
        ("UPDATE eventstore_event SET topic = 'entity.deleted'", "event"),
        ("DELETE FROM eventstore_event WHERE originator_version = 7", "changeset"),
        ("DELETE FROM eventstore_changeset WHERE id = 3", "changeset 4"),
        (
            (
                "DELETE FROM eventstore_changeset WHERE id = (SELECT max(id) FROM"
                " eventstore_changeset)"
            ),
            "event",
        ),
        ("UPDATE eventstore_changeset SET message = 'x' WHERE id = 2", "changeset 2"),
        ("UPDATE eventstore_changeset SET actor_id = 9 WHERE id = 2", "changeset 2"),
        ("UPDATE eventstore_changeset SET hash = '' WHERE id = 3", "changeset 3"),
        (
            (
                "UPDATE eventstore_changeset SET recorded_at = recorded_at - interval '1 day' WHERE"
                " id = 3"
            ),
            "changeset 3",
        ),
        (
            "UPDATE eventstore_snapshot SET state = '{\"document\": {}}'",
            "snapshot of library.shelf",
        ),
        ("UPDATE eventstore_snapshot SET version = 7", "snapshot of"),
    ],
)
def test_what_was_tampered_with_is_named(library: None, tampering: str, named: str) -> None:
    with as_a_superuser_would(), connection.cursor() as cursor:
        cursor.execute(tampering)
    assert any(finding.subject.startswith(named) for finding in audit().findings)


@pytest.mark.parametrize(
    ("tampering", "named"),
    [
        (
            "ALTER TABLE eventstore_event DISABLE TRIGGER refuse_change",
            "trigger refuse_change on eventstore_event",
        ),
        (
            "ALTER TABLE library_book ENABLE TRIGGER refuse_strangers",
            "trigger refuse_strangers on library_book",
        ),
        (
            "DROP TRIGGER refuse_strangers ON library_bookversion",
            "trigger refuse_strangers on library_bookversion",
        ),
        (
            (
                "CREATE OR REPLACE TRIGGER refuse_change BEFORE TRUNCATE ON eventstore_event FOR"
                " EACH STATEMENT EXECUTE FUNCTION eventstore_refuse()"
            ),
            "trigger refuse_change on eventstore_event",
        ),
        (
            (
                "CREATE TRIGGER evil AFTER INSERT ON eventstore_event FOR EACH STATEMENT EXECUTE"
                " FUNCTION eventstore_refuse()"
            ),
            "trigger evil on eventstore_event",
        ),
        (
            "CREATE RULE evil AS ON INSERT TO eventstore_changeset DO ALSO NOTHING",
            "rule evil on public.eventstore_changeset",
        ),
        (
            (
                "CREATE OR REPLACE FUNCTION eventstore_refuse() RETURNS trigger LANGUAGE plpgsql AS"
                " 'BEGIN RETURN NULL; END'"
            ),
            "function eventstore_refuse",
        ),
        (
            (
                "CREATE OR REPLACE FUNCTION eventstore_refuse_strangers() RETURNS trigger LANGUAGE"
                " plpgsql AS 'BEGIN RETURN NULL; END'"
            ),
            "function eventstore_refuse_strangers",
        ),
        (
            (
                "CREATE OR REPLACE FUNCTION eventstore_content_hash(salt bytea, stream uuid,"
                " version"
                " bigint, topic text, state bytea) RETURNS bytea LANGUAGE sql STABLE RETURN"
                " sha256(salt)"
            ),
            "function eventstore_content_hash",
        ),
        ("ALTER FUNCTION eventstore_append SET search_path = evil", "function eventstore_append"),
        ("ALTER FUNCTION eventstore_seal SECURITY DEFINER", "function eventstore_seal"),
        ("DROP FUNCTION eventstore_snapshot", "function eventstore_snapshot"),
        (
            (
                "CREATE OR REPLACE FUNCTION projection.refuse_strangers() RETURNS trigger LANGUAGE"
                " plpgsql AS 'BEGIN RETURN NULL; END'"
            ),
            "function projection.refuse_strangers",
        ),
        (
            (
                f"CREATE OR REPLACE FUNCTION {function_name(kind_of(Book))}(first bigint,"
                " changes jsonb, relink boolean) RETURNS void LANGUAGE sql AS ''"
            ),
            "function " + function_name(kind_of(Book)).replace('"', ""),
        ),
        (
            (
                "CREATE OR REPLACE VIEW past.library_shelf AS SELECT entity_id AS id, version,"
                " branch_number AS on_branch, inside_id, label FROM public.library_shelfversion"
            ),
            "view past.library_shelf",
        ),
        ("DROP VIEW viewpoint.library_book_authors", "view viewpoint.library_book_authors"),
    ],
)
def test_a_guard_that_was_tampered_with_is_named(tampering: str, named: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(tampering)
    subjects = [finding.subject for finding in audit().findings]
    assert subjects[0] == named
    assert len(subjects) == 1 or named == "function eventstore_content_hash"


def unique_constraint(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE contype = 'u' AND conrelid = %s::regclass",
            [table],
        )
        return str(cursor.fetchone()[0])


@contextmanager
def positions_kept() -> Iterator[None]:
    """What a sequence gave is no part of a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM eventstore_position")
        (before,) = cursor.fetchone()
        yield
        cursor.execute("SELECT setval('eventstore_position', %s)", [before])


@pytest.mark.parametrize(
    ("tampering", "named"),
    [
        ("ALTER TABLE {book} ALTER title DROP NOT NULL", "column title of library_book"),
        ("ALTER TABLE {log} ALTER topic TYPE varchar(90)", "column topic of eventstore_event"),
        ("ALTER TABLE {book} DROP CONSTRAINT {unique_book}", "constraint of library_book"),
        ("ALTER TABLE {log} DROP CONSTRAINT {unique_event}", "constraint of eventstore_event"),
        ("ALTER TABLE {book}_authors DISABLE TRIGGER ALL", "constraint of library_book_authors"),
        ("DROP INDEX {index}", "index of library_bookversion"),
        ("SELECT setval('eventstore_position', 1)", "sequence eventstore_position"),
        ("SELECT setval('eventstore_position', 9000000000000000000)", "sequence eventstore_positi"),
        ("ALTER SEQUENCE eventstore_position INCREMENT 2", "sequence eventstore_position"),
        ("GRANT DELETE ON {log} TO PUBLIC", "table eventstore_event"),
    ],
)
def test_what_keeps_rows_right_is_compared_too(library: None, tampering: str, named: str) -> None:
    assert list(verify_tables()) == []
    with positions_kept(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "SELECT min(indexname) FROM pg_indexes WHERE tablename = 'library_bookversion'"
        )
        (index,) = cursor.fetchone()
        book, log = f"{HEADS}.library_book", "eventstore_event"
        unique_book, unique_event = unique_constraint(book), unique_constraint(log)
        cursor.execute(
            tampering.format(
                book=book, log=log, index=index, unique_book=unique_book, unique_event=unique_event
            )
        )
        findings = list(verify_tables())
        with pytest.raises(CommandError, match=named):
            call_command("audit")
    table = named.split()[-1]
    assert findings[0].subject.startswith(named)
    assert all(table in finding.subject for finding in findings), findings


def test_every_fault_is_told_the_first_of_a_kind_by_name(library: None) -> None:
    with as_a_superuser_would(), connection.cursor() as cursor:
        cursor.execute("UPDATE library_shelfversion SET label = 'Evil'")
        cursor.execute("UPDATE eventstore_changeset SET message = 'Evil' WHERE id IN (2, 4)")
    rows = rows_in(kind_of(Shelf)).count()
    report = audit()
    named = [found for found in report.findings if "shelfversion" in found.subject]
    assert (len(named), named[-1].more) == (LISTED, rows - LISTED)
    assert [found.subject for found in report.findings[:2]] == ["changeset 2", "changeset 4"]
    # A changed message is not what was sealed, and not what was signed; a head is not its version.
    assert report.faults == 2 + 2 + rows + 1
    with pytest.raises(CommandError) as refused:
        call_command("audit")
    first, *lines = str(refused.value).splitlines()
    assert first == f"{report.faults} things are not as written:"
    assert len(lines) == len(report.findings)
    assert lines[3 + LISTED].endswith(f"(And {rows - LISTED} more like it.)")
    assert AuditRun.objects.latest().finding.endswith(f"({report.faults} faults in all.)")


def test_a_rebuild_mends_whatever_was_tampered_with(library: None) -> None:
    assert rebuild().mended == 0
    with as_a_superuser_would(), connection.cursor() as cursor:
        cursor.execute("UPDATE library_book SET title = 'Evil'")
        cursor.execute("UPDATE library_bookversion SET pages = 7 WHERE version = 1")
        cursor.execute("DELETE FROM library_book_authors")
        cursor.execute("DELETE FROM library_book_authorsversion")
    assert audit().findings
    assert rebuild().mended == 10
    assert audit().findings == ()


def test_a_branch_is_audited_with_what_it_reads(library: None) -> None:
    Book.objects.filter(slug="emma").update(pages=1)
    assert audit(branch="spring").findings == ()
    with as_a_superuser_would(), connection.cursor() as cursor:
        # Main as it is now: nothing that the branch reads.
        cursor.execute("UPDATE library_book SET title = 'Evil'")
        cursor.execute("UPDATE library_bookversion SET title = 'Evil' WHERE pages = 1")
    assert audit(branch="spring").findings == ()
    assert audit(branch="main").findings
    assert audit().findings
    with as_a_superuser_would(), connection.cursor() as cursor:
        cursor.execute("UPDATE library_bookversion SET title = 'Evil' WHERE branch_number = 2")
    assert audit(branch="spring").findings


def test_a_branch_is_audited_as_it_was(library: None) -> None:
    then = reading.last_position()
    with branch_context("spring"):
        Book.objects.get(slug="emma").delete()
    with as_a_superuser_would(), connection.cursor() as cursor:
        cursor.execute("UPDATE library_bookversion SET title = 'Evil' WHERE deleted")
    assert audit(then, branch="spring").findings == ()
    assert audit(branch="spring").findings


def test_a_branch_that_is_not_there_is_refused_with_a_sentence() -> None:
    with pytest.raises(CommandError, match="no branch called 'winter'"):
        call_command("audit", branch="winter")


@pytest.mark.django_db(transaction=True)
def test_a_table_that_is_another_is_told_with_a_sentence(library: None) -> None:
    rename = "ALTER TABLE library_shelfversion RENAME COLUMN {} TO {}"
    with connection.cursor() as cursor:
        cursor.execute(rename.format("label", "words"))
        try:
            with pytest.raises(
                CommandError, match=r"not as the migrations made it: .*label"
            ) as told:
                call_command("audit")
            assert "\ncolumn label of library_shelfversion is missing" in str(told.value)
        finally:
            cursor.execute(rename.format("words", "label"))
    assert audit().findings == ()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_several_processes_replay_what_one_does(library: None) -> None:
    alone, together = audit(processes=1), audit(processes=2)
    assert together.findings == alone.findings == ()
    assert together.replayed == alone.replayed
    with as_a_superuser_would(), connection.cursor() as cursor:
        cursor.execute("UPDATE library_bookversion SET pages = 7 WHERE version = 1")
    assert audit(processes=2).findings
    assert rebuild(processes=2).mended == 3
    assert audit().findings == ()
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE starts_with(nspname, 'replayed_')")
        assert cursor.fetchall() == []
