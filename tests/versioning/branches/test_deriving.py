"""What deriving a merge again says where the log is odd, and where nothing is wrong at all."""

from io import StringIO
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection

from eventstore import reading
from eventstore.models import Changeset, ChangesetKind
from eventstore.types import Position, Version
from projections.audit.auditing import audit
from projections.audit.merges import verify_merges
from tests.library.models import Author, Book
from tests.projections.audit.test_auditing import as_a_superuser_would
from versioning import branch_context
from versioning.branches.conflicts import EntityConflict
from versioning.branches.derivation import Derivation
from versioning.branches.fork import fork
from versioning.branches.merge import merge, plan_merge
from versioning.branches.sync import plan_sync, sync
from versioning.entities.changes import Change, Operation
from versioning.entities.kinds import kind_of
from versioning.merge import MISSING, Conflict, Unsettled
from versioning.models import Branch
from versioning.schema.past import Schemas
from versioning.schema.upcasters import NoSuchUpcaster

pytestmark = pytest.mark.django_db


def spring() -> Branch:
    return Branch.objects.get(name="spring")


@pytest.fixture(autouse=True)
def books() -> None:
    """Two books; on a branch and on main alike one of them has other pages."""
    Book.objects.create(slug="emma", title="Emma", pages=1)
    Book.objects.create(slug="anna", title="Anna", pages=1)
    fork("spring")
    with branch_context("spring"):
        Book.objects.filter(slug="emma").update(title="Emma, again")
        Book.objects.filter(slug="anna").update(pages=7)
    Book.objects.filter(slug="anna").update(pages=7)


def test_what_came_between_the_plan_and_its_record_is_no_fault() -> None:
    # The plan leaves Anna alone: both sides say 7. An edit makes that a conflict, too late to ask.
    planned = plan_merge(spring())
    Book.objects.filter(slug="anna").update(pages=8)
    merge(spring(), planned=planned)
    assert Book.objects.get(slug="anna").pages == 8
    Book.objects.filter(slug="emma").update(pages=2)
    planned_sync = plan_sync(spring())
    with branch_context("spring"):
        Book.objects.create(slug="new", title="New")
    sync(spring(), planned=planned_sync)
    found = verify_merges(reading.last_position())
    assert (found.derived, found.untold, found.findings) == (2, 0, [])


def test_a_change_of_what_both_sides_had_alike_is_found() -> None:
    """No entity of its kind was due to change, so the merge tells nothing of that kind."""
    jane = Author.objects.create(name="Jane")
    sync(spring())
    with branch_context("spring"):
        Author.objects.update(name="Jane Austen")
    Author.objects.update(name="Jane Austen")
    jane.refresh_from_db()
    version, values = Version(jane.version), {"name": "Jane, forged"}
    forged = Change(kind_of(Author), jane.pk, Operation.CHANGE, version, values=values)
    merge(spring(), together_with=[forged])
    (finding,) = verify_merges(reading.last_position()).findings
    assert finding.sentence == "it changed Jane, forged, which no side had changed."


def test_a_merge_that_cannot_be_made_again_is_one_finding_among_others() -> None:
    merge(spring())
    Book.objects.filter(slug="emma").update(pages=2)
    sync(spring())
    with as_a_superuser_would(), connection.cursor() as cursor:
        cursor.execute("UPDATE library_bookversion SET pages = 666 WHERE pages = 2")
        cursor.execute(
            "UPDATE eventstore_changeset SET parents = parents[1:1] WHERE kind = 'merge'"
        )
    report = audit(merges=True)
    (merged,) = Changeset.objects.filter(kind=ChangesetKind.MERGE)
    said = [each.sentence for each in report.findings if each.subject.endswith("a merge:")]
    assert said == [
        "it cannot be made again: DoesNotExist('Changeset matching query does not exist.')"
    ]
    subjects = {each.subject for each in report.findings}
    assert {f"changeset {merged.pk}", f"changeset {merged.pk}, a merge:"} <= subjects
    assert any(subject.startswith("library_bookversion:") for subject in subjects)


def test_a_merge_of_what_nothing_reads_any_more_is_counted_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    merge(spring())

    def unread(*_: object) -> None:
        raise NoSuchUpcaster("library.book", "pages", "in-words")

    monkeypatch.setattr(Derivation, "__init__", unread)
    out = StringIO()
    call_command("audit", merges=True, stdout=out)
    report = audit(merges=True)
    assert report.findings == ()
    assert report.merges is not None
    assert (report.merges.derived, report.merges.untold) == (0, 1)
    assert " 1 cannot be judged: " in out.getvalue()


def test_a_question_has_one_signature_in_whatever_order_fields_come() -> None:
    entity = ("library.book", UUID(int=1))

    def signature(document: dict[str, object]) -> str:
        base = Unsettled((MISSING, document))
        return EntityConflict(
            entity, "", Conflict("", "changed_deleted", base, document, MISSING)
        ).signature

    assert signature({"slug": "emma", "pages": 1}) == signature({"pages": 1, "slug": "emma"})
    assert signature({"slug": "emma", "pages": 1}) != signature({"slug": "emma", "pages": True})


def test_a_schema_that_was_told_late_counts_from_the_beginning() -> None:
    today = kind_of(Book)
    schemas = Schemas()
    with schemas.at(Position(1)).read_as({}, schemas):
        past = kind_of("library.book")
        assert past is not today
        assert past.merge_kinds == today.merge_kinds
        types = {name: f.column_type for name, f in past.fields.items()}
        assert types == {name: f.column_type for name, f in today.fields.items()}
