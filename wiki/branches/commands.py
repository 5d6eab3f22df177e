"""Fork, describe, rename, archive, sync and merge branches; propose, answer, withdraw."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from eventstore.log import Sealed
from versioning.branches import proposals
from versioning.branches.conflicts import EntityConflict
from versioning.branches.fork import fork
from versioning.branches.merge import merge, plan_merge
from versioning.branches.sync import plan_sync, sync
from versioning.context import acting_as
from versioning.models import Branch, Proposal, ProposalPurpose, ProposalState
from wiki.accounts.rights import Right, require_under_lock
from wiki.branches.plan_tokens import require_same_plan
from wiki.commanding import admit
from wiki.limits.spending import Action


def fork_branch(
    name: str, *, actor: Any, parent: str = "main", at: Any = None, description: str = ""
) -> Branch:
    """Fork a branch. Raises PermissionDenied, TooMuch, and what `fork` raises."""
    admit(actor, Right.BRANCH, Action.BRANCH)
    with acting_as(actor.pk), require_under_lock(actor, Right.BRANCH):
        return fork(name, parent=parent, at=at, description=description)


def change_branch(branch: Branch, change: Callable[[Branch], None], *, actor: Any) -> None:
    """Rename, describe, archive or reopen.

    Raises PermissionDenied, TooMuch, and what the change raises.
    """
    admit(actor, Right.BRANCH, Action.BRANCH)
    with acting_as(actor.pk), require_under_lock(actor, Right.BRANCH):
        change(branch)


def merge_branch(branch: Branch, *, actor: Any, message: str, plan_token: str = "") -> Sealed:
    """Merge into the parent.

    Raises PermissionDenied, TooMuch, PlanMoved, and what `merge` raises.
    """
    admit(actor, Right.MERGE, Action.MERGE)
    planned = plan_merge(branch)
    require_same_plan(planned.plan, plan_token, branch.number, planned.plan.target.branch)
    with acting_as(actor.pk), require_under_lock(actor, Right.MERGE):
        return merge(branch, message=message, planned=planned)


def merge_changesets(
    branch: Branch, *, actor: Any, message: str, plan_token: str = ""
) -> proposals.MergedEach:
    """Merge into the parent changeset by changeset, as far as nothing is asked.

    Raises PermissionDenied, TooMuch, PlanMoved, and what `merge_changesets` raises.
    """
    admit(actor, Right.MERGE, Action.MERGE)
    if plan_token:
        whole = plan_merge(branch).plan
        require_same_plan(whole, plan_token, branch.number, whole.target.branch)
    with acting_as(actor.pk):
        return proposals.merge_changesets(
            branch, message=message, around=partial(require_under_lock, actor, Right.MERGE)
        )


def sync_branch(branch: Branch, *, actor: Any, message: str, plan_token: str = "") -> Sealed:
    """Bring a branch up to its parent.

    Raises PermissionDenied, TooMuch, PlanMoved, and what `sync` raises.
    """
    admit(actor, Right.BRANCH, Action.BRANCH)
    planned = plan_sync(branch)
    require_same_plan(planned.plan, plan_token, branch.number, planned.source[0])
    with acting_as(actor.pk), require_under_lock(actor, Right.BRANCH):
        return sync(branch, message=message, planned=planned)


def propose(
    branch: Branch, purpose: ProposalPurpose, *, actor: Any, message: str, each: bool = False
) -> Proposal:
    """Ask for a merge or a sync that waits.

    Raises PermissionDenied, TooMuch, and what `propose` raises.
    """
    admit(actor, Right.BRANCH, Action.PROPOSE)
    with acting_as(actor.pk):
        return proposals.propose(branch, purpose, message, each=each)


def answer_conflicts(
    proposal: Proposal,
    conflicts: Mapping[str, EntityConflict],
    values: Mapping[str, Any],
    *,
    actor: Any,
) -> None:
    """Keep answers to a proposal's conflicts.

    Raises PermissionDenied, TooMuch, and what `answer` raises.
    """
    admit(actor, Right.BRANCH, Action.PROPOSE)
    with acting_as(actor.pk):
        for key, value in values.items():
            proposals.answer(proposal, conflicts[key], value)


def reopen_conflict(proposal: Proposal, key: str, *, actor: Any) -> None:
    """Take an answer back. Raises PermissionDenied, TooMuch, and what `reopen_conflict` raises."""
    admit(actor, Right.BRANCH, Action.PROPOSE)
    with acting_as(actor.pk):
        proposals.reopen_conflict(proposal, key)


def withdraw(proposal: Proposal, *, actor: Any) -> None:
    """Close a proposal without doing it. Raises PermissionDenied, TooMuch, ProposalIsClosed."""
    admit(actor, Right.BRANCH, Action.PROPOSE)
    with acting_as(actor.pk):
        proposals.withdraw(proposal)


def carry_out(proposal: Proposal, *, actor: Any, message: str, plan_token: str = "") -> Sealed:
    """Do what a proposal asks for.

    Raises PermissionDenied, TooMuch, PlanMoved, and what `carry_out` raises.
    """
    right = Right.MERGE if proposal.purpose == ProposalPurpose.MERGE else Right.BRANCH
    admit(actor, right, Action.MERGE)
    planned = None
    if proposal.state == ProposalState.OPEN:
        planned = proposals.planned_for(proposal)
        branch = proposal.branch
        plan = planned.plan.resolved(proposal.resolutions)
        require_same_plan(plan, plan_token, branch.number, planned.plan.target.branch)
    with acting_as(actor.pk):
        return proposals.carry_out(
            proposal,
            message,
            planned=planned,
            around=partial(require_under_lock, actor, right),
        )
