"""Blame names who wrote each passage, also where all of them came by one merge."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from eventstore.models import Changeset
from tests.library.models import Book
from versioning import blame as blaming
from versioning import branch_context
from versioning.branches.fork import fork
from versioning.branches.merge import merge
from versioning.history import History

pytestmark = pytest.mark.django_db


def write(branch: str, text: str) -> None:
    with branch_context(branch, message=text):
        Book.objects.update_or_create(slug="emma", defaults={"title": "Emma", "text": text})


def blamed() -> list[tuple[str, str, str]]:
    """Each passage of the text, with what its changeset and the merge it came by say."""
    history: History = Book.objects.get().history
    return [
        (each.value, each.changeset.message, each.merged_by.message if each.merged_by else "")
        for each in history.blame("text")
    ]


@pytest.fixture
def merged() -> Changeset:
    """Three versions of a text that main has by one merge."""
    spring = fork("spring")
    for text in ("One\nTwo\n", "One\n2\n", "One\n2\nThree\n"):
        write("spring", text)
    return Changeset.objects.get(pk=merge(spring, message="Merge").changeset)


@pytest.mark.usefixtures("merged")
def test_each_passage_of_a_merged_text_is_its_authors() -> None:
    assert blamed() == [
        ("One\n", "One\nTwo\n", "Merge"),
        ("2\n", "One\n2\n", "Merge"),
        ("Three\n", "One\n2\nThree\n", "Merge"),
    ]


@pytest.mark.usefixtures("merged")
def test_what_was_written_after_a_merge_is_not_the_branch_s() -> None:
    write("main", "One\n2\nAnd\nThree\n")
    assert blamed() == [
        ("One\n", "One\nTwo\n", "Merge"),
        ("2\n", "One\n2\n", "Merge"),
        ("And\n", "One\n2\nAnd\nThree\n", ""),
        ("Three\n", "One\n2\nThree\n", "Merge"),
    ]


@pytest.mark.usefixtures("merged")
def test_of_a_long_history_what_is_older_is_told_as_that_old(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(blaming, "TRACED_VERSIONS", 2)
    assert [by for _, by, _ in blamed()] == ["One\n2\n", "One\n2\nThree\n"]


def test_a_merge_is_asked_about_once_however_many_passages_came_by_it() -> None:
    """The lines of the branch and those of main alternate: each is a passage by itself."""

    def queries(slug: str, pairs: int) -> int:
        begun = "".join(f"{number}\n" for number in range(pairs))
        with branch_context("main"):
            book = Book.objects.create(slug=slug, title=slug, text=begun)
        branch = fork(f"of-{slug}")
        with branch_context(branch.name):
            mine = Book.objects.get(slug=slug)
            mine.text = "".join(f"{number}\nadded {number}\n" for number in range(pairs))
            mine.save()
        merge(branch)
        with CaptureQueriesContext(connection) as asked:
            passages = book.history.blame("text")
        assert len(passages) == 2 * pairs
        assert {each.merged_by is not None for each in passages} == {True, False}
        return len(asked)

    assert queries("short", 2) == queries("long", 20)
