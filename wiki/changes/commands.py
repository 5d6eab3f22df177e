"""Revert changesets."""

from typing import Any

from eventstore.log import Sealed
from versioning.branches.conflicts import Resolutions
from versioning.branches.revert import RevertPlan, revert
from versioning.context import acting_as
from wiki.accounts.rights import Right, require_under_lock
from wiki.branches.plan_tokens import require_same_plan
from wiki.commanding import admit
from wiki.limits.spending import Action


def revert_changeset(
    planned: RevertPlan,
    *,
    actor: Any,
    message: str,
    resolutions: Resolutions | None = None,
    plan_token: str = "",
) -> Sealed:
    """Undo a changeset as a new one; what came after it stays.

    Raises PermissionDenied, TooMuch, PlanMoved, CannotRevert, UnresolvedConflicts, BranchIsClosed,
    StaleStreams.
    """
    admit(actor, Right.MERGE, Action.MERGE)
    require_same_plan(planned.plan, plan_token, planned.plan.target.branch)
    with acting_as(actor.pk), require_under_lock(actor, Right.MERGE):
        return revert(planned.changesets, message=message, resolutions=resolutions, planned=planned)
