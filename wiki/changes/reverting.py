"""Undo changesets and restore versions by a form: the plan as it is shown, and what a form did."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest

from eventstore.log import Sealed
from versioning.branches.conflicts import Resolutions, UnresolvedConflicts
from versioning.branches.plans import Plan
from versioning.branches.restore import CannotRestore
from versioning.branches.revert import CannotRevert, Part, RevertPlan
from versioning.entities.kinds import kind_of
from versioning.entities.versions import EntityVersion
from versioning.models import Proposal
from wiki.branches.answers import answers_to
from wiki.branches.plan_tokens import PlanMoved
from wiki.branches.plans import shown_plan
from wiki.changes.commands import (
    restore_version,
    revert_changesets,
    suggest_restoration,
    suggest_revert,
)
from wiki.pages.kinds import model_of
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


def shown_undoing(plan: Plan, typed: Mapping[str, Any]) -> dict[str, Any]:
    """What a template shows of a plan, with what was typed into its form."""
    return shown_plan(plan, labels=("It stays", "It goes back"), typed=typed)


def part_of(request: HttpRequest) -> Part | None:
    """What alone of a changeset an address asks about: `?page=rides:UUID&field=height`.

    Raises Http404.
    """
    plural, _, entity_id = request.GET.get("page", "").partition(":")
    if not plural:
        return None
    try:
        entity = (kind_of(model_of(plural)).label, UUID(entity_id))
    except ValueError:
        raise Http404("There is no such page in this change.") from None
    return Part(entity, request.GET.get("field", ""))


def undo(
    request: HttpRequest, planned: RevertPlan, message: str
) -> tuple[Sealed | None, list[str]]:
    """Do what a form says: the new changeset, or the sentences that say why there is none.

    Raises PermissionDenied, TooMuch, BranchIsClosed.
    """
    return _answered(
        request,
        planned.plan,
        lambda resolutions: revert_changesets(
            planned,
            actor=request.user,
            message=message,
            resolutions=resolutions,
            plan_token=request.POST.get("plan_token", ""),
        ),
    )


def suggest_undoing(
    request: HttpRequest, planned: RevertPlan, part: Part | None, message: str
) -> tuple[Proposal | None, list[str]]:
    """Suggest what a form says; the proposal, or the sentences that say why there is none.

    Raises PermissionDenied, TooMuch, BranchIsClosed.
    """
    return _answered(
        request,
        planned.plan,
        lambda resolutions: suggest_revert(
            planned, part, actor=request.user, message=message, resolutions=resolutions
        ),
    )


def bring_back(
    request: HttpRequest, plan: Plan, version: EntityVersion, message: str
) -> tuple[Sealed | None, list[str]]:
    """Restore a version as a form says; otherwise as `undo`."""
    return _answered(
        request,
        plan,
        lambda resolutions: restore_version(
            plan,
            version.version,
            actor=request.user,
            message=message,
            resolutions=resolutions,
            plan_token=request.POST.get("plan_token", ""),
        ),
    )


def suggest_bringing_back(
    request: HttpRequest, plan: Plan, version: EntityVersion, message: str
) -> tuple[Proposal | None, list[str]]:
    """Suggest to restore a version as a form says; otherwise as `suggest_undoing`."""
    return _answered(
        request,
        plan,
        lambda resolutions: suggest_restoration(
            version,
            parent=plan.target.name,
            actor=request.user,
            message=message,
            resolutions=resolutions,
        ),
    )


def _answered[T](
    request: HttpRequest, plan: Plan, done: Callable[[Resolutions], T]
) -> tuple[T | None, list[str]]:
    """What was done with the answers of a form; nothing where they do not fit."""
    answers = answers_to(plan.conflicts, request.POST, actor=request.user)
    if answers.refusals:
        return None, answers.refusals
    try:
        return done(answers.resolutions), []
    except (UnresolvedConflicts, PlanMoved, CannotRevert, CannotRestore) as refused:
        return None, [str(refused)]
