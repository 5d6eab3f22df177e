"""Undo changes and bring versions back; or suggest that, for who may not do it alone."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied

from eventstore.log import Sealed
from eventstore.models import Changeset, ChangesetKind
from versioning.branches import proposals
from versioning.branches.conflicts import Resolutions
from versioning.branches.fork import NameTaken, fork
from versioning.branches.plans import Plan
from versioning.branches.restore import plan_restoration, restore
from versioning.branches.revert import Part, RevertPlan, plan_revert, revert
from versioning.models import Branch, Proposal, ProposalPurpose
from versioning.viewpoints.chain import resolve_number
from versioning.viewpoints.versions import EntityVersion
from wiki.branches.plan_tokens import require_same_plan
from wiki.commanding import command
from wiki.limits.spending import Action
from wiki.moderation.commands import require_may_undo
from wiki.pages.models import Page
from wiki.rights.protections import require_plan_unprotected
from wiki.rights.rights import Right, may, require, require_under_lock

MOST_UNDONE = 20
"""Pages that an editor undoes at once; what changed more of them is a moderator's to undo."""

_EDITS = (ChangesetKind.EDIT, ChangesetKind.REVERT)

type Undoing = Callable[[Branch], Any]
"""Does on a branch what somebody may not do on its parent."""


def may_undo(actor: Any, planned: RevertPlan) -> bool:
    """Whether somebody may revert so much themselves, and nothing of it is protected from them."""
    right, _ = _needed(planned)
    return may(actor, right) and _is_open_to(actor, planned.plan)


def may_restore(actor: Any, plan: Plan) -> bool:
    """Whether somebody may bring a version back themselves."""
    return may(actor, Right.EDIT) and _is_open_to(actor, plan)


def require_may_suggest(actor: Any, plan: Plan) -> None:
    """Refuse to suggest what is no edit of pages (a block, say), and who may suggest nothing.

    Raises PermissionDenied, AccountIsBlocked.
    """
    require(actor, Right.BRANCH if _is_of_pages(plan) else Right.MERGE)


def revert_changesets(
    planned: RevertPlan,
    *,
    actor: Any,
    message: str,
    resolutions: Resolutions | None = None,
    plan_token: str = "",
) -> Sealed:
    """Undo changesets as a new one; what came after them stays.

    Raises PermissionDenied, TooMuch, PlanMoved, CannotRevert, UnresolvedConflicts, BranchIsClosed,
    StaleStreams.
    """
    plan = planned.plan
    right, action = _needed(planned)
    with command(actor, right, action):
        require_same_plan(plan, plan_token, plan.target.branch)
        with require_under_lock(actor, right):
            require_plan_unprotected(actor, plan)
            require_may_undo(actor, plan)
            return revert(
                planned.changesets, message=message, resolutions=resolutions, planned=planned
            )


def restore_version(
    plan: Plan,
    version: int,
    *,
    actor: Any,
    message: str,
    resolutions: Resolutions,
    plan_token: str = "",
) -> Sealed:
    """Bring a page back to a version.

    Raises PermissionDenied, TooMuch, PlanMoved, CannotRestore, UnresolvedConflicts, BranchIsClosed,
    StaleStreams.
    """
    with command(actor, Right.EDIT, Action.EDIT):
        require_same_plan(plan, plan_token, plan.target.branch)
        with require_under_lock(actor, Right.EDIT):
            require_plan_unprotected(actor, plan)
            return restore(plan.resolved(resolutions), version=version, message=message)


def suggest_revert(
    planned: RevertPlan, part: Part | None, *, actor: Any, message: str, resolutions: Resolutions
) -> Proposal:
    """Undo changesets on a branch, and ask for its merge.

    Raises PermissionDenied, TooMuch, CannotRevert, UnresolvedConflicts, BranchIsClosed.
    """

    def undo_there(branch: Branch) -> None:
        there = plan_revert(planned.changesets, only=part, onto=branch.number)
        revert(there.changesets, message=message, resolutions=resolutions, planned=there)

    name = f"undo-{planned.changesets[-1]}"
    return _suggest(name, undo_there, parent=planned.plan.target.name, actor=actor, message=message)


def suggest_restoration(
    version: EntityVersion, *, parent: str, actor: Any, message: str, resolutions: Resolutions
) -> Proposal:
    """Bring a page back to a version on a branch, and ask for its merge. Raises as above."""

    def restore_there(branch: Branch) -> None:
        there = plan_restoration(version, resolve_number(branch.number)).resolved(resolutions)
        restore(there, version=version.version, message=message)

    name = f"version-{version.version}-of-{version.document['slug']}"[:40].rstrip("-")
    return _suggest(name, restore_there, parent=parent, actor=actor, message=message)


def _suggest(name: str, undoing: Undoing, *, parent: str, actor: Any, message: str) -> Proposal:
    with (
        command(actor, Right.BRANCH, Action.PROPOSE),
        require_under_lock(actor, Right.BRANCH),
    ):
        branch = _fork_named(name, partial(fork, parent=parent, description=message))
        undoing(branch)
        return proposals.propose(branch, ProposalPurpose.MERGE, message)


def _fork_named(name: str, forked: Callable[[str], Branch]) -> Branch:
    """A branch of that name, or with a number behind it where others have it."""
    for number in range(2, 100):
        try:
            return forked(name if number == 2 else f"{name}-{number}")
        except NameTaken:
            continue
    raise NameTaken(f"There are too many branches called {name}.")


def _needed(planned: RevertPlan) -> tuple[Right, Action]:
    """What undoing takes: a few edits of pages are undone by who may edit, all else by moderators.

    Cost: a query.
    """
    kinds = Changeset.objects.filter(pk__in=planned.changesets).values_list("kind", flat=True)
    is_edit = (
        set(kinds) <= set(_EDITS)
        and len(planned.plan.changing) <= MOST_UNDONE
        and _is_of_pages(planned.plan)
    )
    return (Right.EDIT, Action.EDIT) if is_edit else (Right.MERGE, Action.MERGE)


def _is_of_pages(plan: Plan) -> bool:
    return all(issubclass(each.kind.model, Page) for each in plan.changing)


def _is_open_to(actor: Any, plan: Plan) -> bool:
    try:
        require_plan_unprotected(actor, plan)
    except PermissionDenied:
        return False
    return True
