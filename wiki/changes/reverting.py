"""Undo changesets by a form: the plan as it is shown, and what a form that was sent did."""

from typing import Any

from django.http import HttpRequest

from eventstore.log import Sealed
from versioning.branches.conflicts import UnresolvedConflicts
from versioning.branches.revert import CannotRevert, RevertPlan
from wiki.branches.answers import answers_to
from wiki.branches.plan_tokens import PlanMoved
from wiki.branches.plans import shown_plan
from wiki.changes.commands import revert_changesets
from wiki.refusals import CannotBeDone

MOST_ASKED = 200
"""Questions that a page asks; who would answer more?"""


def require_answerable(planned: RevertPlan) -> None:
    """Refuse a plan with more questions than a page asks. Raises CannotBeDone."""
    if (asked := len(planned.plan.conflicts)) > MOST_ASKED:
        raise CannotBeDone(
            f"Reverting it leaves {asked:,} questions, for much of what came later builds on it. "
            f"A page asks {MOST_ASKED} at most.",
            hint="Revert what came later first.",
        )


def shown_revert(planned: RevertPlan) -> dict[str, Any]:
    """What a template shows of a plan."""
    return shown_plan(planned.plan, labels=("It stays", "It goes back"))


def undo(
    request: HttpRequest, planned: RevertPlan, message: str
) -> tuple[Sealed | None, list[str]]:
    """Do what a form says: the new changeset, or the sentences that say why there is none.

    Raises PermissionDenied, TooMuch, BranchIsClosed.
    """
    answers = answers_to(planned.plan.conflicts, request.POST, actor=request.user)
    if answers.refusals:
        return None, answers.refusals
    try:
        sealed = revert_changesets(
            planned,
            actor=request.user,
            message=message,
            resolutions=answers.resolutions,
            plan_token=request.POST.get("plan_token", ""),
        )
    except (UnresolvedConflicts, PlanMoved, CannotRevert) as refused:
        return None, [str(refused)]
    return sealed, []
