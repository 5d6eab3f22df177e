"""Undo changesets and restore versions by a form: the plan as it is shown, and what a form did."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from eventstore.log import Sealed
from versioning.branches.conflicts import UnresolvedConflicts
from versioning.branches.plans import Plan
from versioning.branches.restore import CannotRestore
from versioning.branches.revert import CannotRevert, Part, RevertPlan
from versioning.entities.kinds import kind_of
from versioning.models import Proposal
from wiki.branches.answers import answers_to
from wiki.branches.plan_tokens import PlanMoved
from wiki.branches.plans import shown_plan
from wiki.kinds.registry import model_of
from wiki.requests.refusals import CannotBeDone
from wiki.undoing.commands import revert_changesets

MOST_ASKED = 200
"""Questions that a page asks; who would answer more?"""


def require_answerable(planned: RevertPlan) -> None:
    """Refuse a plan with more questions than a page asks. Raises CannotBeDone."""
    if (asked := len(planned.plan.conflicts)) > MOST_ASKED:
        raise CannotBeDone(
            f"Undoing it raises {asked:,} questions, because much of what came later builds on it. "
            f"A page can ask at most {MOST_ASKED}.",
            hint="Undo what came later first.",
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


def acted[T](request: HttpRequest, plan: Plan, act: Callable[..., T]) -> tuple[T | None, list[str]]:
    """What an act came to with the answers of a form, or the sentences that say why to nothing.

    It is called with the actor and the answers. Raises PermissionDenied, TooMuch, BranchIsClosed.
    """
    answers = answers_to(plan.conflicts, request.POST, actor=request.user)
    if answers.refusals:
        return None, answers.refusals
    try:
        return act(actor=request.user, resolutions=answers.resolutions), []
    except (UnresolvedConflicts, PlanMoved, CannotRevert, CannotRestore) as refused:
        return None, [str(refused)]


def undo(
    request: HttpRequest, planned: RevertPlan, message: str
) -> tuple[Sealed | None, list[str]]:
    """Do what a form says: the new changeset, or the sentences that say why there is none.

    Raises PermissionDenied, TooMuch, BranchIsClosed.
    """
    looked_at = request.POST.get("plan_token", "")
    act = partial(revert_changesets, planned, message=message, plan_token=looked_at)
    return acted(request, planned.plan, act)


def suggested(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """To the proposal that was made of what an account may not do by itself."""
    messages.success(
        request, "Your suggestion was made. Somebody who may carry it out will look at it."
    )
    return redirect("proposal", number=proposal.number)
