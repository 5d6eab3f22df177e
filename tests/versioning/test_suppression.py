"""Versions that are hidden: absent wherever they would be read, true in the log, shown again."""

from itertools import pairwise
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from eventstore.models import Changeset, ChangesetKind
from eventstore.reading import last_position
from eventstore.types import Position
from projections.audit.auditing import audit
from projections.rebuild import rebuild
from tests.library.models import Author, Book
from versioning import UnresolvedConflicts, branch_context, viewpoint
from versioning.branches.compare import compare
from versioning.branches.fork import fork
from versioning.branches.merge import merge, plan_merge
from versioning.branches.revert import CannotRevert, plan_revert
from versioning.branches.sync import sync
from versioning.models import Branch, SuppressedVersions
from versioning.suppression import CannotSuppress, joined, without
from versioning.viewpoints.chain import at_main, resolve

pytestmark = pytest.mark.django_db

SECRET = "lives at 5 Mill Lane"


@pytest.fixture
def moments() -> dict[int, Position]:
    """A book of five versions; where the log stood after each. The third tells what it should not,
    and so does the fourth."""
    moments = {}
    book = Book(slug="emma", title="Emma", text="A novel.")
    texts = ["A novel.", "A novel of 1815.", f"A novel. Its owner {SECRET}."]
    for number, text in enumerate([*texts, f"{texts[2]} Truly.", "A novel of 1815, by Austen."], 1):
        book.text = text
        book.save()
        moments[number] = last_position()
    return moments


def emma() -> Book:
    return Book.objects.get(slug="emma")


def hide() -> None:
    emma().history.suppress(3, 4, message="A private address")


def shown_at(position: Position) -> list[str]:
    with viewpoint("main", at=position):
        return list(Book.objects.values_list("text", flat=True))


def test_a_hidden_version_is_absent_in_the_past(moments: dict[int, Position]) -> None:
    hide()
    assert shown_at(moments[2]) == ["A novel of 1815."]
    assert shown_at(moments[3]) == shown_at(moments[4]) == []
    assert shown_at(moments[5]) == ["A novel of 1815, by Austen."]
    assert emma().text == "A novel of 1815, by Austen."


def test_histories_pass_it_over(moments: dict[int, Position]) -> None:
    hide()
    history = emma().history
    assert [row.version for row in history.all()] == [5, 2, 1]
    assert history.find(3) is None
    assert history.between(moments[1], moments[5]).count() == 2
    assert history.at(moments[4]).version == 2
    assert [row.version for row in Book.history.all()] == [5, 2, 1]
    told = repr([(each.value, each.version.text) for each in history.blame("text")])
    assert SECRET not in told
    assert SECRET not in repr(history.diff(2, 5).changes)


def test_comparisons_pass_it_over(moments: dict[int, Position]) -> None:
    hide()
    for before, after in ((2, 3), (3, 5), (4, 2), (1, 5)):
        found = compare(at_main(moments[before]), at_main(moments[after]))
        assert SECRET not in repr([each.documents for each in found])


def test_the_log_has_it_still_and_the_audit_holds(moments: dict[int, Position]) -> None:
    hide()
    history = emma().history
    assert SECRET in history.replayed(3)["text"]
    assert audit().findings == ()
    assert rebuild().mended == 0
    assert shown_at(moments[3]) == []


def test_it_is_recorded_by_whom_and_why(moments: dict[int, Position]) -> None:
    sealed = emma().history.suppress(3, 4, message="A private address")
    changeset = Changeset.objects.get(pk=sealed.changeset)
    assert changeset.kind == ChangesetKind.SUPPRESSION
    assert changeset.message == "A private address"


def test_it_is_shown_again(moments: dict[int, Position]) -> None:
    hide()
    emma().history.unsuppress(4)
    assert shown_at(moments[3]) == []
    assert SECRET in shown_at(moments[4])[0]
    emma().history.unsuppress(3)
    assert SECRET in shown_at(moments[3])[0]
    assert not SuppressedVersions.objects.exists()
    assert audit().findings == ()


def test_what_stands_there_now_is_not_hidden(moments: dict[int, Position]) -> None:
    with pytest.raises(CannotSuppress, match="Version 5 is what stands there now"):
        emma().history.suppress(4, 5)
    with pytest.raises(CannotSuppress, match="no version 9"):
        emma().history.suppress(9)
    with pytest.raises(CannotSuppress, match="no versions 4 to 3"):
        emma().history.suppress(4, 3)
    hide()
    with pytest.raises(CannotSuppress, match="hidden already"):
        hide()
    with pytest.raises(CannotSuppress, match="Version 2 is not hidden"):
        emma().history.unsuppress(2)
    assert SuppressedVersions.objects.count() == 1


def test_a_deleted_page_is_hidden_whole(moments: dict[int, Position]) -> None:
    book = emma()
    history = book.history
    book.delete()
    history.suppress(1, 6)
    for position in moments.values():
        assert shown_at(position) == []
    assert list(history.all()) == []
    history.unsuppress(1, 2)
    assert shown_at(moments[2]) == ["A novel of 1815."]
    assert audit().findings == ()


def test_a_branch_that_inherits_it_has_no_such_entity(moments: dict[int, Position]) -> None:
    fork("side", at=moments[3])
    hide()
    with viewpoint("side"):
        assert list(Book.objects.all()) == []
    with branch_context("side"):
        Author.objects.create(name="Jane")
    sync(Branch.objects.get(name="side"))
    with viewpoint("side"):
        assert emma().text == "A novel of 1815, by Austen."
    merge(Branch.objects.get(name="side"))
    assert emma().text == "A novel of 1815, by Austen."
    assert audit(merges=True).findings == ()


def test_a_branch_that_began_with_it_is_merged_by_a_question(moments: dict[int, Position]) -> None:
    """What both sides began from is not told; nothing is lost, nobody is shown it."""
    fork("side", at=moments[3])
    with branch_context("side"):
        there = emma()
        there.text, there.pages = "A novel of 1815 in three volumes.", 474
        there.save()
    hide()
    side = Branch.objects.get(name="side")
    conflicts = plan_merge(side).plan.conflicts
    assert conflicts
    assert SECRET not in repr(conflicts)
    with pytest.raises(UnresolvedConflicts):
        merge(side)
    answers = {each.key: each.resolution(each.conflict.theirs) for each in conflicts}
    merge(side, resolutions=answers)
    assert audit(merges=True).findings == ()


def test_what_a_branch_had_of_its_own_is_hidden_there(moments: dict[int, Position]) -> None:
    fork("side")
    with branch_context("side"):
        there = emma()
        there.text = SECRET
        there.save()
    secret_at = last_position()
    with branch_context("side"):
        there = emma()
        there.text = "Clean."
        there.save()
    with viewpoint("side"):
        history = emma().history
    history.suppress(6)
    with viewpoint("side", at=secret_at):
        assert list(Book.objects.all()) == []
    with viewpoint("side"):
        assert emma().text == "Clean."
    merge(Branch.objects.get(name="side"))
    assert emma().text == "Clean."
    found = compare(resolve("side", secret_at), at_main(moments[5]))
    assert SECRET not in repr([each.documents for each in found])
    assert audit(merges=True).findings == ()


def test_an_edit_that_follows_a_hidden_version_is_not_reverted(
    moments: dict[int, Position],
) -> None:
    """It would put back what is hidden, or take it for nothing and delete the book."""
    hide()
    newest = emma().history.all()[0].changeset
    with pytest.raises(CannotRevert, match="is hidden"):
        plan_revert([newest])
    assert emma().text == "A novel of 1815, by Austen."


def test_an_audit_finds_a_table_that_hides_otherwise(moments: dict[int, Position]) -> None:
    hide()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL projections.writing = '1'")
        cursor.execute("DELETE FROM versioning_suppressedversions")
        cursor.execute("SET LOCAL projections.writing = ''")
    (finding,) = audit().findings
    assert "hides other versions than the log says" in str(finding)
    assert rebuild().mended == 1
    assert audit().findings == ()
    assert shown_at(moments[3]) == []


def test_only_the_projector_writes_the_table(moments: dict[int, Position]) -> None:
    hide()
    with pytest.raises(DatabaseError, match="follow the log"), transaction.atomic():
        connection.cursor().execute("DELETE FROM versioning_suppressedversions")
    assert SuppressedVersions.objects.count() == 1


def test_references_to_and_from_a_hidden_version_are_absent(moments: dict[int, Position]) -> None:
    author = Author.objects.create(name="Jane")
    book = emma()
    book.authors.set([author])
    at = last_position()
    book.authors.clear()
    book.refresh_from_db()
    book.history.suppress(6)
    with viewpoint("main", at=at):
        assert list(Author.objects.get().books.all()) == []


spans = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 6)).map(lambda t: (t[0], t[0] + t[1]))
)


def covered(some: Any) -> set[int]:
    return {at for first, end in some for at in range(first, end)}


@given(spans)
def test_joined_spans_cover_the_same_and_do_not_meet(some: list[tuple[int, int]]) -> None:
    whole = joined(some)
    assert covered(whole) == covered(some)
    assert all(end < first for (_, end), (first, _) in pairwise(whole))


@given(spans, st.tuples(st.integers(0, 30), st.integers(1, 9)))
def test_what_is_taken_out_of_spans_is_all_that_goes(
    some: list[tuple[int, int]], taken: tuple[int, int]
) -> None:
    cut = (taken[0], taken[0] + taken[1])
    whole = joined(some)
    assert covered(without(whole, cut)) == covered(whole) - covered([cut])
