"""What undoing a change would do, and the form that does it or suggests it."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from eventstore.models import Changeset, ChangesetKind
from versioning.branches.revert import Part, plan_revert
from versioning.entities.kinds import kind_of
from wiki.accounts.names import authors_of
from wiki.changes.finding import get_changeset
from wiki.fields.summaries import LONGEST, summary_of
from wiki.pages.values import label_of
from wiki.undoing.commands import may_undo, require_may_suggest, suggest_revert
from wiki.undoing.reverting import (
    acted,
    part_of,
    require_answerable,
    shown_undoing,
    suggested,
    undo,
)
from wiki.viewpoints.addresses import branch_to_write


@login_required
def revert(request: HttpRequest, number: int) -> HttpResponse:
    """What undoing a changeset, or a part of it, would do; POST does it, or suggests it.

    A form has an answer to each conflict.
    """
    branch_to_write(request)
    found, part = get_changeset(number), part_of(request)
    planned = plan_revert([number], only=part)
    require_answerable(planned)
    is_suggestion = not may_undo(request.user, planned)
    if is_suggestion:
        require_may_suggest(request.user, planned.plan)
    context: dict[str, Any] = {
        "changeset": found,
        "by": authors_of([found]).get(found.pk),
        "is_merge": found.kind == ChangesetKind.MERGE and part is None,
        "is_suggestion": is_suggestion,
        "field": _label_of(part),
    }
    if request.method == "POST":
        message = summary_of(request) or _reason(found, context["field"])
        if is_suggestion and "suggest" in request.POST:
            suggest = partial(suggest_revert, planned, part, message=message)
            proposal, context["refusals"] = acted(request, planned.plan, suggest)
            if proposal:
                return suggested(request, proposal)
        else:
            sealed, context["refusals"] = undo(request, planned, message)
            if sealed:
                messages.success(request, "The change is undone. What came after it stays.")
                return redirect("changeset", number=sealed.changeset)
    context |= shown_undoing(planned.plan, request.POST)
    status = 409 if request.method == "POST" else 200
    return render(request, "changes/revert.html", context, status=status)


def _reason(found: Changeset, field: str) -> str:
    """Why something is undone, where nobody said."""
    what = f"{field} of {found.message or f'change {found.pk}'}" if field else found.message
    return f"Undo: {what or f'change {found.pk}'}"[:LONGEST]


def _label_of(part: Part | None) -> str:
    """The field that is undone alone, in words."""
    if part is None or not part.field:
        return ""
    f = kind_of(part.entity[0]).fields.get(part.field)
    return label_of(f) if f else ""
