"""Bring a page back to one of its versions."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from versioning.branches.restore import plan_restoration
from versioning.viewpoints.versions import to_version
from wiki.fields.summaries import summary_of
from wiki.names.finding import trace
from wiki.undoing.commands import (
    may_restore,
    require_may_suggest,
    restore_version,
    suggest_restoration,
)
from wiki.undoing.reverting import acted, shown_undoing, suggested
from wiki.viewpoints.addresses import branch_to_write


@login_required
def restore(request: HttpRequest, plural: str, slug: str, number: int) -> HttpResponse:
    """What bringing a version back would change of the page as it is; POST does or suggests it."""
    at = branch_to_write(request)
    traced = trace(plural, slug, address="restore")
    row = traced.history.find(number)
    if row is None:
        raise Http404(f"There is no version {number}.")
    version = to_version(traced.kind, row)
    plan = plan_restoration(version, at)
    is_suggestion = not may_restore(request.user, plan)
    if is_suggestion:
        require_may_suggest(request.user, plan)
    context: dict[str, Any] = {
        "traced": traced, "plural": plural, "version": version, "is_suggestion": is_suggestion,
    }  # fmt: skip
    if request.method == "POST":
        message = summary_of(request) or f"Back to version {number}"
        if is_suggestion and "suggest" in request.POST:
            suggest = partial(suggest_restoration, version, parent=at.name, message=message)
            proposal, refusals = acted(request, plan, suggest)
            if proposal:
                return suggested(request, proposal)
        else:
            looked_at = request.POST.get("plan_token", "")
            bring_back = partial(
                restore_version, plan, number, message=message, plan_token=looked_at
            )
            sealed, refusals = acted(request, plan, bring_back)
            if sealed:
                messages.success(request, f"The page is as it was in version {number}.")
                return redirect("changeset", number=sealed.changeset)
        context["refusals"] = refusals
    context |= shown_undoing(plan, request.POST)
    status = 409 if request.method == "POST" else 200
    return render(request, "changes/restore.html", context, status=status)
