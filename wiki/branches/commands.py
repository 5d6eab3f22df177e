"""Fork, describe, rename, archive, sync and merge branches, say who sees them; propose, answer."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied

from eventstore.log import Sealed
from versioning.branches import privacy, proposals
from versioning.branches.conflicts import EntityConflict
from versioning.branches.fork import CannotBePrivate, fork
from versioning.branches.merge import merge, plan_merge
from versioning.branches.plans import Plan
from versioning.branches.sync import plan_sync, sync
from versioning.entities.kinds import kind_of
from versioning.models import Branch, Proposal, ProposalPurpose, ProposalState
from versioning.viewpoints.versions import unsuppressed_rows_in
from wiki.branches.plan_tokens import require_same_plan
from wiki.commanding import command
from wiki.limits.spending import Action
from wiki.rights.models import Protection
from wiki.rights.protections import Act, require_plan_unprotected, require_unprotected
from wiki.rights.rights import Right, may, require_under_lock


def fork_branch(
    name: str,
    *,
    actor: Any,
    parent: str = "main",
    at: Any = None,
    title: str = "",
    description: str = "",
    is_private: bool = False,
) -> Branch:
    """Fork a branch. Raises PermissionDenied, TooMuch, and what `fork` raises."""
    with (
        command(actor, Right.BRANCH, Action.BRANCH),
        require_under_lock(actor, Right.BRANCH),
    ):
        return fork(
            name,
            parent=parent,
            at=at,
            title=title,
            description=description,
            is_private=is_private,
        )


def may_change(user: Any, owner_id: int | None) -> bool:
    """Whether somebody may rename, archive or withdraw what is another's: its owner's, mostly."""
    return (user.pk is not None and user.pk == owner_id) or may(user, Right.MODERATE)


def change_branch(
    branch: Branch, change: Callable[[Branch], None], *, act: Act, actor: Any
) -> None:
    """Rename, describe, archive or reopen; by its owner, or a moderator.

    Raises PermissionDenied, TooMuch, and what the change raises.
    """
    with command(actor, Right.BRANCH, Action.BRANCH):
        _require_own(actor, branch.owner_id, f"{branch.name} belongs to another account")
        require_unprotected(actor, [branch.pk], act)
        with require_under_lock(actor, Right.BRANCH):
            change(branch)


def may_invite(user: Any, owner_id: int | None) -> bool:
    """Whether somebody may say who sees a branch: its owner, and administrators."""
    return (user.pk is not None and user.pk == owner_id) or may(user, Right.ADMINISTER)


def make_private(branch: Branch, *, actor: Any) -> None:
    """Show a branch to its owner alone. Raises PermissionDenied, TooMuch, CannotBePrivate."""
    with _inviting(branch, actor):
        if unsuppressed_rows_in(kind_of(Protection)).filter(subject_id=branch.pk).exists():
            raise CannotBePrivate(f"{branch.name} was protected once, and everybody can read that.")
        privacy.make_private(branch)


def make_public(branch: Branch, *, actor: Any) -> None:
    """Show a branch to everybody. Raises PermissionDenied, TooMuch, CannotBePublic."""
    with _inviting(branch, actor):
        privacy.make_public(branch)


def invite(branch: Branch, account_id: int, *, actor: Any) -> None:
    """Show a private branch to an account. Raises PermissionDenied, TooMuch, MembersRefused."""
    with _inviting(branch, actor):
        privacy.invite(branch, account_id)


def remove_member(branch: Branch, account_id: int, *, actor: Any) -> None:
    """Hide a private branch from an account. Raises PermissionDenied, TooMuch, MembersRefused."""
    with _inviting(branch, actor):
        privacy.remove(branch, account_id)


def leave(branch: Branch, *, actor: Any) -> None:
    """Be no member of a private branch any more.

    Raises PermissionDenied, TooMuch, MembersRefused.
    """
    with command(actor, Right.BRANCH, Action.BRANCH), require_under_lock(actor, Right.BRANCH):
        privacy.remove(branch, actor.pk)


@contextmanager
def _inviting(branch: Branch, actor: Any) -> Iterator[None]:
    with command(actor, Right.BRANCH, Action.BRANCH), require_under_lock(actor, Right.BRANCH):
        if not may_invite(actor, branch.owner_id):
            raise PermissionDenied(
                "Only the owner of a branch, or an administrator, decides who sees it."
            )
        yield


def merge_branch(branch: Branch, *, actor: Any, message: str, plan_token: str = "") -> Sealed:
    """Merge into the parent.

    Raises PermissionDenied, TooMuch, PlanMoved, and what `merge` raises.
    """
    with command(actor, Right.MERGE, Action.MERGE):
        planned = plan_merge(branch)
        require_same_plan(planned.plan, plan_token, branch.number, planned.plan.target.branch)
        with _allowed(actor, Right.MERGE, planned.plan):
            return merge(branch, message=message, planned=planned)


def merge_changesets(
    branch: Branch, *, actor: Any, message: str, plan_token: str = ""
) -> proposals.MergedEach:
    """Merge into the parent changeset by changeset, as far as nothing is asked.

    Raises PermissionDenied, TooMuch, PlanMoved, and what `merge_changesets` raises.
    """
    with command(actor, Right.MERGE, Action.MERGE):
        whole = plan_merge(branch).plan
        require_same_plan(whole, plan_token, branch.number, whole.target.branch)
        return proposals.merge_changesets(
            branch, message=message, around=partial(_allowed, actor, Right.MERGE, whole)
        )


def sync_branch(branch: Branch, *, actor: Any, message: str, plan_token: str = "") -> Sealed:
    """Bring a branch up to its parent.

    Raises PermissionDenied, TooMuch, PlanMoved, and what `sync` raises.
    """
    with command(actor, Right.BRANCH, Action.BRANCH):
        planned = plan_sync(branch)
        require_same_plan(planned.plan, plan_token, branch.number, planned.source[0])
        require_unprotected(actor, [branch.pk], Act.EDIT)
        with require_under_lock(actor, Right.BRANCH):
            return sync(branch, message=message, planned=planned)


def propose(
    branch: Branch, purpose: ProposalPurpose, *, actor: Any, message: str, each: bool = False
) -> Proposal:
    """Ask for a merge or a sync that waits.

    Raises PermissionDenied, TooMuch, and what `propose` raises.
    """
    with command(actor, Right.BRANCH, Action.PROPOSE):
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
    with command(actor, Right.BRANCH, Action.PROPOSE):
        for key, value in values.items():
            proposals.answer(proposal, conflicts[key], value)


def reopen_conflict(proposal: Proposal, key: str, *, actor: Any) -> None:
    """Take an answer back. Raises PermissionDenied, TooMuch, and what `reopen_conflict` raises."""
    with command(actor, Right.BRANCH, Action.PROPOSE):
        proposals.reopen_conflict(proposal, key)


def withdraw(proposal: Proposal, *, actor: Any) -> None:
    """Close a proposal without doing it; by who opened it, or a moderator.

    Raises PermissionDenied, TooMuch, ProposalIsClosed.
    """
    with command(actor, Right.BRANCH, Action.PROPOSE):
        _require_own(actor, proposal.opened_by_id, "This proposal belongs to another account")
        proposals.withdraw(proposal)


def carry_out(proposal: Proposal, *, actor: Any, message: str, plan_token: str = "") -> Sealed:
    """Do what a proposal asks for.

    Raises PermissionDenied, TooMuch, PlanMoved, and what `carry_out` raises.
    """
    right = Right.MERGE if proposal.purpose == ProposalPurpose.MERGE else Right.BRANCH
    with command(actor, right, Action.MERGE):
        planned, around = None, partial(require_under_lock, actor, right)
        if proposal.state == ProposalState.OPEN:
            planned = proposals.planned_for(proposal)
            plan = planned.plan.resolved(proposal.resolutions)
            require_same_plan(plan, plan_token, proposal.branch.number, planned.plan.target.branch)
            around = partial(_allowed, actor, right, plan)
        return proposals.carry_out(proposal, message, planned=planned, around=around)


@contextmanager
def _allowed(actor: Any, right: Right, plan: Plan) -> Iterator[None]:
    """Under the lock, with nothing protected among what a plan changes. Raises PermissionDenied."""
    with require_under_lock(actor, right):
        require_plan_unprotected(actor, plan)
        yield


def _require_own(actor: Any, owner_id: int | None, sentence: str) -> None:
    if not may_change(actor, owner_id):
        raise PermissionDenied(f"{sentence}: only its owner or a moderator may do this.")
