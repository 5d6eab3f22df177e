"""Proposals: a merge or a sync that waits, with its conflicts and their answers.

An answer counts for the sides that it was given to: when one of them moves
on, the conflict is open again, and the answer is offered but not taken.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max

from eventstore import log
from eventstore.errors import Refusal
from eventstore.types import Version
from versioning.branches.changes import change_of, record_about
from versioning.branches.conflicts import EntityConflict, Resolutions, UnresolvedConflicts
from versioning.branches.each import merge_each, plan_step
from versioning.branches.merge import MergePlan, NothingToMerge, merge, plan_merge
from versioning.branches.plans import Plan
from versioning.branches.sync import SyncPlan, plan_sync, sync
from versioning.entities.changes import Change, Operation
from versioning.entities.historical import new_id
from versioning.entities.kinds import kind_of
from versioning.models import Branch, Proposal, ProposalPurpose, ProposalState
from versioning.saving import writing
from versioning.saving.context import require_own_changeset
from versioning.saving.edits import ATTEMPTS


class ProposalIsClosed(Refusal):
    """A proposal that was carried out or withdrawn takes no more answers."""

    code = "proposal-is-closed"
    status = 409
    hint = "Open another."


class AnsweredMeanwhile(Refusal):
    """Somebody else answered the same conflict first."""

    code = "answered-meanwhile"
    status = 409
    hint = "Look at it again."


class NoSuchConflict(Refusal, LookupError):
    """The conflict is not open any more: it was answered, or its sides moved on."""

    code = "no-such-conflict"
    status = 409
    hint = "Look at the conflicts that are open."


def open_proposals(branch: Branch) -> list[Proposal]:
    """The branch's proposals that wait, oldest first."""
    waiting = Proposal.objects.filter(branch=branch, state=ProposalState.OPEN)
    return list(waiting.select_related("branch", "branch__parent").order_by("number"))


def propose(
    branch: Branch, purpose: ProposalPurpose, message: str = "", *, each: bool = False
) -> Proposal:
    """Ask for a merge or a sync; one that waits for the same already is that one.

    Raises NotABranch, NothingToSync.
    """
    require_own_changeset()
    conflicts = _plan(branch, purpose, each=each).conflicts
    with transaction.atomic():
        log.lock()
        for waiting in open_proposals(branch):
            if waiting.purpose == purpose and waiting.each == each:
                return waiting
        number = (Proposal.every.aggregate(last=Max("number"))["last"] or 0) + 1
        kind = kind_of(Proposal)
        document = kind.full(
            {
                "number": number,
                "purpose": purpose.value,
                "branch": str(branch.pk),
                "message": message,
                "each": each,
                "state": ProposalState.OPEN.value,
                "opened_by_id": writing.actor.get(),
                "conflicts": [conflict.as_dict() for conflict in conflicts],
            }
        )
        change = Change(kind, new_id(), Operation.CREATE, Version(0), values=document)
        _record([change], branch, f"Propose to {purpose} {branch.name}")
        return Proposal.objects.select_related("branch", "branch__parent").get(number=number)


@dataclass(frozen=True)
class MergedEach:
    """What a merge changeset by changeset came to; the proposal waits for answers, if any."""

    sealed: tuple[log.Sealed, ...]
    remaining: int
    proposal: Proposal | None = None


def merge_changesets(
    branch: Branch,
    *,
    message: str = "",
    around: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> MergedEach:
    """Merge a branch changeset by changeset; where one asks something, open a proposal.

    Raises NothingToMerge, NotABranch, BranchIsClosed, StaleStreams.
    """
    replayed = merge_each(branch, around=around)
    if replayed.conflicts:
        proposal = propose(branch, ProposalPurpose.MERGE, message, each=True)
        return MergedEach(replayed.sealed, replayed.remaining, proposal)
    if not replayed.sealed:
        raise NothingToMerge(f"The parent has everything that {branch.name} has.")
    return MergedEach(replayed.sealed, 0)


def planned_for(proposal: Proposal) -> MergePlan | SyncPlan:
    """What carrying it out would do now, before any answer. Raises NotABranch, NothingToSync."""
    return _planned(proposal.branch, ProposalPurpose(proposal.purpose), each=proposal.each)


def plan_of(proposal: Proposal) -> Plan:
    """What carrying it out would do now, with every answer that still fits.

    Raises NotABranch, NothingToSync.
    """
    return _plan_of(proposal).resolved(proposal.resolutions)


def all_conflicts(proposal: Proposal) -> list[EntityConflict]:
    """Every conflict, the answered ones too."""
    return _plan_of(proposal).conflicts


def every_conflict(proposal: Proposal) -> list[EntityConflict]:
    """Every conflict, and those of the result that the answers lead to. Plans once."""
    plan = _plan_of(proposal)
    own = plan.conflicts
    known = {conflict.key for conflict in own}
    resulting = plan.resolved(proposal.resolutions).conflicts
    return [*own, *(conflict for conflict in resulting if conflict.key not in known)]


def earlier_answers(proposal: Proposal) -> Resolutions:
    """What was answered to the same conflicts in the branch's other proposals."""
    answers: dict[str, Any] = {}
    others = Proposal.objects.filter(branch=proposal.branch).exclude(pk=proposal.pk)
    for resolutions in others.order_by("number").values_list("resolutions", flat=True):
        answers.update(resolutions)
    return answers


def answer(proposal: Proposal, conflict: EntityConflict, value: Any) -> None:
    """Keep an answer to one conflict. Two people's answers to two conflicts both stay.

    Raises ProposalIsClosed, AnsweredMeanwhile, BadAnswer.
    """
    key, known = conflict.key, proposal.resolutions.get(conflict.key)
    resolution = conflict.resolution(value, writing.actor.get())
    message = f"Answer {conflict.conflict.path or 'the whole'} of {conflict.title}"
    for _ in range(ATTEMPTS):
        _require_open(proposal)
        if proposal.resolutions.get(key) != known:
            raise AnsweredMeanwhile("Somebody answered this conflict meanwhile.")
        resolutions = {**proposal.resolutions, key: resolution}
        try:
            _record([change_of(proposal, resolutions=resolutions)], proposal.branch, message)
        except log.StaleStreams:
            proposal.refresh_from_db()
            continue
        proposal.refresh_from_db()
        return
    raise log.StaleStreams([proposal.pk])


def reopen_conflict(proposal: Proposal, key: str) -> None:
    """Take an answer back. Raises ProposalIsClosed, NoSuchConflict."""
    _require_open(proposal)
    if key not in proposal.resolutions:
        raise NoSuchConflict("This conflict has no answer to take back.")
    kept = {name: given for name, given in proposal.resolutions.items() if name != key}
    _record([change_of(proposal, resolutions=kept)], proposal.branch, "Take an answer back")
    proposal.refresh_from_db()


def withdraw(proposal: Proposal) -> None:
    """Close a proposal without doing what it asks for. Raises ProposalIsClosed."""
    _require_open(proposal)
    change = change_of(proposal, state=ProposalState.WITHDRAWN.value)
    _record([change], proposal.branch, f"Withdraw proposal {proposal.number}")
    proposal.refresh_from_db()


def carry_out(
    proposal: Proposal,
    message: str = "",
    *,
    planned: MergePlan | SyncPlan | None = None,
    around: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> log.Sealed:
    """Merge or sync with the answers given, and close the proposal, as one changeset.

    As `planned`, if given; see `planned_for`.

    Changeset by changeset, if that is how it was proposed: then what was merged before a conflict
    stays, and the proposal waits for the next answer. `around` is entered for each changeset.
    Raises ProposalIsClosed, UnresolvedConflicts, and what `merge` and `sync` raise.
    """
    require_own_changeset()
    _require_open(proposal)
    if proposal.each:
        sealed = _carry_out_each(proposal, around)
    else:
        with around():
            sealed = _carry_out_at_once(proposal, message, planned)
    proposal.refresh_from_db()
    return sealed


def _carry_out_each(
    proposal: Proposal, around: Callable[[], AbstractContextManager[None]]
) -> log.Sealed:
    replayed = merge_each(
        proposal.branch,
        resolutions=proposal.resolutions,
        closing=lambda: [change_of(proposal, state=ProposalState.DONE.value)],
        around=around,
    )
    if replayed.conflicts:
        raise UnresolvedConflicts(replayed.conflicts)
    if not replayed.sealed:
        raise NothingToMerge(f"The parent has everything that {proposal.branch.name} has.")
    return replayed.sealed[-1]


def _carry_out_at_once(
    proposal: Proposal, message: str, planned: MergePlan | SyncPlan | None
) -> log.Sealed:
    act: Any = merge if proposal.purpose == ProposalPurpose.MERGE else sync
    # What was written among the members of a private branch is not told to all who read the result.
    own_words = "" if proposal.branch.is_private else proposal.message
    sealed: log.Sealed = act(
        proposal.branch,
        message=message or own_words,
        resolutions=proposal.resolutions,
        together_with=[change_of(proposal, state=ProposalState.DONE.value)],
        planned=planned,
    )
    return sealed


def _plan_of(proposal: Proposal) -> Plan:
    return planned_for(proposal).plan


def _plan(branch: Branch, purpose: ProposalPurpose, *, each: bool) -> Plan:
    return _planned(branch, purpose, each=each).plan


def _planned(branch: Branch, purpose: ProposalPurpose, *, each: bool) -> MergePlan | SyncPlan:
    if purpose is ProposalPurpose.SYNC:
        return plan_sync(branch)
    return plan_step(branch) if each else plan_merge(branch)


def _require_open(proposal: Proposal) -> None:
    if proposal.state != ProposalState.OPEN:
        raise ProposalIsClosed(
            f"Proposal {proposal.number} is closed ({proposal.get_state_display()})."
        )


def _record(changes: Sequence[Change], branch: Branch, message: str) -> None:
    require_own_changeset()
    record_about(branch, changes, message)
