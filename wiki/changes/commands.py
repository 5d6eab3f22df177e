"""Revert changesets."""

from typing import Any

from eventstore.log import Sealed
from versioning.branches.conflicts import Resolutions
from versioning.branches.revert import plan_revert, revert
from versioning.context import acting_as
from wiki.accounts.rights import Right, require, require_under_lock
from wiki.branches.looked import require_looked_at


def revert_changeset(
    number: int,
    *,
    actor: Any,
    message: str,
    resolutions: Resolutions | None = None,
    looked: str = "",
) -> Sealed:
    """Undo a changeset as a new one; what came after it stays.

    Raises PermissionDenied, PlanMoved, CannotRevert, UnresolvedConflicts, BranchIsClosed,
    StaleStreams.
    """
    require(actor, Right.MERGE)
    planned = plan_revert([number])
    require_looked_at(planned.plan, looked, planned.plan.target.branch)
    with acting_as(actor.pk), require_under_lock(actor, Right.MERGE):
        return revert([number], message=message, resolutions=resolutions, planned=planned)
