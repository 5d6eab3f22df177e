"""Branches of branches, as deep as they go: each reads its own edits, and its ancestors' before."""

from itertools import pairwise
from uuid import UUID

import pytest

from eventstore import reading
from tests.library.models import Book
from versioning import branch_context, viewpoint
from versioning.branches.fork import fork
from versioning.viewpoints.chain import NestedTooDeep
from versioning.viewpoints.sql_views import LONGEST_CHAIN

pytestmark = pytest.mark.django_db


def titles(branch: str, at: int | None = None) -> list[str]:
    with viewpoint(branch, at=at) if at else viewpoint(branch):
        return [book.title for book in Book.objects.order_by("slug")]


def test_every_branch_of_the_deepest_chain_reads_its_ancestors_edits() -> None:
    """Branch n changes book n alone; its children are forked from it afterwards."""
    depth = LONGEST_CHAIN - 1
    books = Book.objects.bulk_create([Book(slug=f"{n:02}", title="main") for n in range(depth)])
    lines = ["main", *(f"b{n}" for n in range(depth))]
    before: list[int] = []
    for n, (parent, name) in enumerate(pairwise(lines)):
        fork(name, parent=parent)
        before.append(reading.last_position())
        retitle(name, books[n].pk, name)
    for n, name in enumerate(lines[1:]):
        own = [f"b{m}" for m in range(n + 1)]
        assert titles(name) == own + ["main"] * (depth - len(own))
        # What its ancestors do after the fork is not read.
        assert titles(name, before[n]) == own[:-1] + ["main"] * (depth - n)
    retitle("b3", books[0].pk, "later")
    assert titles("b3")[0] == "later"
    assert titles(lines[-1])[0] == titles("b4")[0] == "b0"
    with viewpoint(lines[-1]):
        assert Book.objects.filter(title="main").count() == 0
        assert Book.objects.get(title="b7") == books[7]


def test_a_branch_that_no_viewpoint_could_show_is_refused() -> None:
    parent = "main"
    for n in range(LONGEST_CHAIN - 1):
        fork(f"b{n}", parent=parent)
        parent = f"b{n}"
    end = reading.last_position()
    with pytest.raises(NestedTooDeep, match=f"would have more than {LONGEST_CHAIN - 1} ancestors"):
        fork("one-more", parent=parent)
    assert reading.last_position() == end


def retitle(branch: str, book: UUID, title: str) -> None:
    with branch_context(branch):
        found = Book.objects.get(pk=book)
        found.title = title
        found.save()
