"""What may happen while a changeset is open: nothing that is a changeset of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import DataError, transaction
from eventsourcing.persistence import StoredEvent

from eventstore.applications import ApplicationRecorder
from eventstore.log import RecordingIsOpen
from eventstore.models import Changeset, ChangesetKind
from projections.audit.auditing import audit
from projections.rebuild import rebuild
from tests.library.models import Book
from versioning import (
    answer,
    branch_context,
    carry_out,
    every_conflict,
    propose,
    viewpoint,
    withdraw,
)
from versioning.branches.conflicts import EntityConflict
from versioning.branches.fork import fork
from versioning.branches.merge import merge
from versioning.branches.proposals import ProposalIsClosed, merge_changesets
from versioning.branches.revert import revert
from versioning.branches.sync import sync
from versioning.entities.historical import new_id
from versioning.models import Branch, Proposal, ProposalPurpose
from versioning.saving.context import WriteAtViewpoint
from versioning.viewpoints.chain import NoSuchBranch

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Prepared:
    """A branch with something new, one that conflicts, a proposal that waits for the answer."""

    spring: Branch
    summer: Branch
    proposal: Proposal
    conflict: EntityConflict
    edit: int


ACTS: dict[str, Callable[[Prepared], Any]] = {
    "merge": lambda it: merge(it.spring),
    "merge by name": lambda _: Book.version_control.merge("spring"),
    "merge of each": lambda it: merge_changesets(it.spring),
    "sync": lambda it: sync(it.summer),
    "sync by name": lambda _: Book.version_control.sync("summer"),
    "fork": lambda _: fork("autumn"),
    "revert": lambda it: revert([it.edit]),
    "proposal": lambda it: propose(it.spring, ProposalPurpose.MERGE, "Ready"),
    "answer": lambda it: answer(it.proposal, it.conflict, "Ours"),
    "withdrawal": lambda it: withdraw(it.proposal),
    "carrying out": lambda it: carry_out(it.proposal),
    "an application": lambda _: ApplicationRecorder().insert_events(
        [StoredEvent(new_id(), 1, "bell:Rung", b"{}")]
    ),
}


@pytest.fixture
def prepared() -> Prepared:
    book = Book.objects.create(slug="emma", title="Emma")
    fork("spring")
    fork("summer")
    for name in ("spring", "summer"):
        with branch_context(name):
            Book.objects.create(slug=name, title=name)
    with branch_context("summer"):
        Book.objects.filter(slug="emma").update(title="Theirs")
    book.title = "Ours"
    book.save()
    spring, summer = (Branch.objects.get(name=name) for name in ("spring", "summer"))
    proposal = propose(summer, ProposalPurpose.MERGE, "Ready")
    (conflict,) = every_conflict(proposal)
    edit = Changeset.objects.filter(kind=ChangesetKind.EDIT).latest("id").pk
    return Prepared(spring, summer, proposal, conflict, edit)


@pytest.mark.parametrize("has_saved", [False, True])
@pytest.mark.parametrize("branch", ["main", "spring"])
@pytest.mark.parametrize("act", ACTS)
def test_another_changeset_is_refused(
    prepared: Prepared, branch: str, act: str, has_saved: bool
) -> None:
    with branch_context(branch):
        if has_saved:
            Book.objects.create(slug="before", title="Before")
        with pytest.raises(RecordingIsOpen, match="come between"), transaction.atomic():
            ACTS[act](prepared)
        Book.objects.create(slug="after", title="After")
    assert audit().findings == ()
    assert rebuild().mended == 0


@pytest.mark.parametrize("branch", ["main", "spring"])
@pytest.mark.parametrize("act", sorted(ACTS.keys() - {"an application"}))
def test_where_one_only_looks_nothing_is_recorded(
    prepared: Prepared, branch: str, act: str
) -> None:
    before = Changeset.objects.count()
    with viewpoint(branch), pytest.raises(WriteAtViewpoint):
        ACTS[act](prepared)
    assert Changeset.objects.count() == before


@pytest.mark.parametrize("act", ["merge", "sync"])
def test_a_branch_that_is_not_there_is_told_by_its_name(act: str) -> None:
    with pytest.raises(NoSuchBranch, match="no branch called 'nowhere'"):
        getattr(Book.version_control, act)("nowhere")


def test_a_proposal_that_was_carried_out_knows_it(prepared: Prepared) -> None:
    answer(prepared.proposal, prepared.conflict, "Ours")
    carry_out(prepared.proposal)
    with pytest.raises(ProposalIsClosed):
        carry_out(prepared.proposal)


def test_it_may_come_before_and_after(prepared: Prepared) -> None:
    with transaction.atomic():
        merge(prepared.spring)
        with branch_context():
            Book.objects.create(slug="between", title="Between")
        fork("autumn")
    assert audit().findings == ()


@pytest.mark.parametrize("branch", ["main", "spring"])
def test_an_error_of_the_database_is_told_as_it_is(branch: str) -> None:
    fork("spring")
    with pytest.raises(DataError, match="regular expression"), branch_context(branch):
        Book.objects.filter(title__regex="(").exists()
    with branch_context("spring"):
        Book.objects.create(slug="emma", title="Emma")
        with pytest.raises(DataError, match="regular expression"), branch_context("spring"):
            Book.objects.filter(title__regex="(").exists()
        assert Book.objects.count() == 1
    assert not Book.objects.exists()
