"""Laws of the whole engine, over any sequence of edits, branches, syncs, merges and reverts.

A model in plain dictionaries runs beside the real thing. It knows edits,
creations, deletions and forks; after what merges it takes over what the wiki
says, for merging has laws and tests of its own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from eventstore import reading
from eventstore.models import Changeset
from eventstore.types import Position
from projections.audit.auditing import audit
from projections.following.followed import catch_up
from tests.library.models import Author, Book
from versioning import branch_context, viewpoint
from versioning.branches.conflicts import UnresolvedConflicts
from versioning.branches.fork import fork
from versioning.branches.merge import NothingToMerge, merge
from versioning.branches.revert import CannotRevert, revert
from versioning.branches.sync import NothingToSync, sync
from versioning.models import Branch

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

State = dict[UUID, tuple[Any, ...]]
BRANCHES = ("main", "spring", "summer")
REFUSALS = (NothingToMerge, NothingToSync, UnresolvedConflicts, CannotRevert)

steps = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "create",
                "edit",
                "edit",
                "edit",
                "credit",
                "delete",
                "fork",
                "sync",
                "merge",
                "revert",
            ]
        ),
        st.integers(0, 2),
        st.integers(0, 5),
        st.integers(0, 4),
    ),
    max_size=25,
)


class Wiki:
    """The real thing and its model, driven together."""

    def __init__(self) -> None:
        self.ids: list[UUID] = []
        self.model: dict[str, State] = {"main": {}}
        self.seen: list[tuple[str, Position, State]] = []
        self.authors = [Author.objects.create(name=f"Author {n}") for n in range(3)]
        self.began_at = reading.last_position()

    def read(self, branch: str, at: Position | None = None) -> State:
        with viewpoint(branch, at=at):
            return {
                book.pk: (book.title, book.pages, book.text, [a.pk for a in book.authors.all()])
                for book in Book.objects.prefetch_related("authors")
            }

    def create(self, branch: str, which: int, value: int) -> None:
        with branch_context(branch):
            book = Book.objects.create(slug=f"book-{len(self.ids)}", title=f"Title {value}")
        self.ids.append(book.pk)
        self.model[branch][book.pk] = (book.title, None, "", [])

    def edit(self, branch: str, which: int, value: int) -> None:
        if (found := self._pick(branch, which)) is None:
            return
        title, pages, text, authors = self.model[branch][found]
        if value % 2:
            pages = value
        else:
            text = f"First passage {value}.\n\n" + text[:200]
        with branch_context(branch):
            book = Book.objects.get(pk=found)
            book.pages, book.text = pages, text
            book.save()
        self.model[branch][found] = (title, pages, text, authors)

    def credit(self, branch: str, which: int, value: int) -> None:
        if (found := self._pick(branch, which)) is None:
            return
        wanted = [author.pk for author in self.authors[value % 3 :]]
        with branch_context(branch):
            Book.objects.get(pk=found).authors.set(wanted)
        title, pages, text, _ = self.model[branch][found]
        self.model[branch][found] = (title, pages, text, wanted)

    def delete(self, branch: str, which: int, value: int) -> None:
        if (found := self._pick(branch, which)) is not None:
            with branch_context(branch):
                Book.objects.get(pk=found).delete()
            del self.model[branch][found]

    def fork(self, branch: str, which: int, value: int) -> None:
        name = next((each for each in BRANCHES if each not in self.model), None)
        if name:
            fork(name, parent=branch)
            self.model[name] = dict(self.model[branch])

    def sync(self, branch: str, which: int, value: int) -> None:
        if branch != "main":
            sync(Branch.objects.get(name=branch))
            self.model[branch] = self.read(branch)

    def merge(self, branch: str, which: int, value: int) -> None:
        if branch != "main":
            found = Branch.objects.select_related("parent").get(name=branch)
            merge(found)
            assert found.parent is not None
            self.model[found.parent.name] = self.read(found.parent.name)

    def revert(self, branch: str, which: int, value: int) -> None:
        number = Branch.objects.get(name=branch).number
        changesets = list(
            Changeset.objects.filter(branch=number, last_position__gt=self.began_at).order_by(
                "-id"
            )[:6]
        )
        if changesets:
            revert([changesets[which % len(changesets)].pk])
            self.model[branch] = self.read(branch)

    def check(self) -> None:
        """What each branch shows is what the model says; remember it with its position."""
        catch_up()
        for branch, state in self.model.items():
            assert self.read(branch) == state
            self.seen.append((branch, reading.last_position(), state.copy()))

    def _pick(self, branch: str, which: int) -> UUID | None:
        there = [each for each in self.ids if each in self.model[branch]]
        return there[which % len(there)] if there else None


@contextmanager
def a_wiki_of_its_own() -> Iterator[Wiki]:
    with transaction.atomic():
        yield Wiki()
        transaction.set_rollback(True)


@settings(max_examples=40)
@given(steps)
def test_replay_equals_live_and_the_past_never_changes(
    plan: list[tuple[str, int, int, int]],
) -> None:
    with a_wiki_of_its_own() as wiki:
        for name, branch_number, which, value in plan:
            branch = list(wiki.model)[branch_number % len(wiki.model)]
            before = reading.last_position()
            try:
                with transaction.atomic():
                    getattr(wiki, name)(branch, which, value)
            except REFUSALS:
                assert reading.last_position() == before, "a failed command leaves no trace"
            wiki.check()
        for branch, position, state in wiki.seen:
            assert wiki.read(branch, position) == state
        assert audit().findings == ()
