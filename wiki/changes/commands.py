"""Revert changesets: one, or what an account did since a moment."""

from typing import Any

from eventstore.log import Sealed
from versioning.branches.conflicts import Resolutions
from versioning.branches.revert import RevertPlan, revert
from wiki.accounts.rights import Right, require_under_lock
from wiki.branches.plan_tokens import require_same_plan
from wiki.commanding import command
from wiki.limits.spending import Action
from wiki.moderation.commands import require_may_undo
from wiki.moderation.protections import require_plan_unprotected


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
    with command(actor, Right.MERGE, Action.MERGE):
        require_same_plan(plan, plan_token, plan.target.branch)
        with require_under_lock(actor, Right.MERGE):
            require_plan_unprotected(actor, plan)
            require_may_undo(actor, plan)
            return revert(
                planned.changesets, message=message, resolutions=resolutions, planned=planned
            )
