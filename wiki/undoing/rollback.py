"""Roll back what an account did since a moment: planned as one, looked at, then done as one."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import pluralize

from versioning.branches.revert import RevertPlan, plan_revert
from versioning.viewpoints.chain import MAIN_NAME, resolve
from versioning.viewpoints.moments import read_moment
from wiki.fields.summaries import summary_of
from wiki.moderation import desk
from wiki.moderation.finding import account_called
from wiki.moderation.forms import RollBackForm
from wiki.requests.refusals import CannotBeDone
from wiki.rights.rights import Right, require
from wiki.undoing.reverting import require_answerable, shown_undoing, undo


@login_required
def roll_back(request: HttpRequest, name: str) -> HttpResponse:
    """GET shows what it would do, POST does it."""
    require(request.user, Right.MERGE)
    account = account_called(name)
    form = RollBackForm(request.GET)
    context: dict[str, Any] = {"account": account, "form": form}
    if not form.is_valid():
        return render(request, "moderation/roll_back.html", context, status=422)
    planned = _planned(
        account, form.cleaned_data["branch"] or MAIN_NAME, form.cleaned_data["since"]
    )
    count = len(planned.changesets)
    if request.method == "POST":
        message = summary_of(request) or f"Roll back {count} changeset{pluralize(count)}"
        sealed, context["refusals"] = undo(request, planned, message)
        if sealed:
            were = pluralize(count, "was,were")
            messages.success(request, f"{count} changeset{pluralize(count)} {were} undone.")
            return redirect("changeset", number=sealed.changeset)
    context |= {"count": count, **shown_undoing(planned.plan, request.POST)}
    status = 409 if request.method == "POST" else 200
    return render(request, "moderation/roll_back.html", context, status=status)


def _planned(account: Any, branch: str, since: str) -> RevertPlan:
    """Raises CannotBeDone, NoSuchBranch, NoSuchMoment."""
    changesets = desk.to_roll_back(account, resolve(branch).branch, read_moment(since).position)
    if len(changesets) > desk.MOST_ROLLED_BACK:
        raise CannotBeDone(
            f"{account} made more than {desk.MOST_ROLLED_BACK} changesets since then.",
            "Roll back what came after a later moment first, then go on with an earlier one.",
        )
    if not changesets:
        raise CannotBeDone(
            f"{account} changed nothing on {branch} since then that can be undone.",
            "Choose an earlier moment, or another branch.",
        )
    planned = plan_revert(changesets)
    require_answerable(planned)
    return planned
