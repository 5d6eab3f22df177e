"""Comments on branches: events like all others, said once, and gone where they are taken back."""

import pytest

from eventstore.models import Changeset
from projections.audit.auditing import audit
from versioning import acting_as, reading_as
from versioning.branches.comments import NothingSaid, comment, reword, take_back
from versioning.branches.fork import fork
from versioning.entities.kinds import kind_of
from versioning.models import Branch, Comment
from versioning.viewpoints.versions import every_row_in, rows_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def spring() -> Branch:
    return fork("spring")


def test_what_is_said_reworded_and_taken_back_stays_in_the_log(spring: Branch) -> None:
    with acting_as(7):
        said = comment(spring, "Is it ready?")
        reword(said, "Is it ready now?")
        reword(said, "Is it ready now?")
        take_back(said)
        take_back(said)
    assert (said.number, said.author_id, said.text) == (1, 7, "")
    rows = every_row_in(kind_of(Comment)).order_by("version")
    assert [row.text for row in rows] == ["Is it ready?", "Is it ready now?", ""]
    made = Changeset.objects.order_by("-id")[:3]
    assert {(each.branch, each.actor_id) for each in made} == {(spring.number, 7)}
    assert audit().findings == ()


def test_what_one_account_sends_twice_is_said_once(spring: Branch) -> None:
    with acting_as(7):
        first = comment(spring, "Is it ready?")
        assert comment(spring, "Is it ready?") == first
    with acting_as(8):
        assert comment(spring, "Is it ready?") != first
    with acting_as(7):
        assert comment(spring, "Is it ready?").number == 3


@pytest.mark.parametrize("text", ["", "  \n "])
def test_a_comment_without_a_word_is_refused(spring: Branch, text: str) -> None:
    with pytest.raises(NothingSaid):
        comment(spring, text)
    said = comment(spring, "Is it ready?")
    with pytest.raises(NothingSaid):
        reword(said, text)
    assert Comment.objects.get().text == "Is it ready?"


def test_comments_on_a_private_branch_are_there_for_its_members_alone() -> None:
    with acting_as(7):
        comment(fork("spring", is_private=True), "Is it ready?")
    for reader, found in ((7, 1), (8, 0)):
        with reading_as(reader):
            assert Comment.objects.count() == found
            assert rows_in(kind_of(Comment)).count() == found
