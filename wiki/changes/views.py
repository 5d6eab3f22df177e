"""Recent changes, one changeset, its revert."""

import json
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from eventstore.foreign import NO_BRANCH
from eventstore.history import DATED
from eventstore.models import Changeset, ChangesetKind
from eventstore.signatures import SIGNATURE
from versioning.branches.recorded import recorded_merge
from versioning.branches.revert import REVERTIBLE, Part, plan_revert
from versioning.entities.kinds import kind_of
from versioning.viewpoints.chain import MAIN_NAME
from versioning.viewpoints.moments import NoSuchMoment
from wiki.accounts.names import authors_of, names_of
from wiki.accounts.rights import Right, may
from wiki.changes.between import changes_of, ends_of, read_span
from wiki.changes.commands import may_undo, require_may_suggest, suggest_revert
from wiki.changes.contents import contents_of
from wiki.changes.listed import listed
from wiki.changes.reverting import (
    acted,
    part_of,
    require_answerable,
    shown_undoing,
    suggested,
    undo,
)
from wiki.discovery import linked_data
from wiki.numbers import read_number
from wiki.pages.kinds import KINDS
from wiki.pages.values import label_of
from wiki.summaries import LONGEST, summary_of
from wiki.viewpoints.addresses import (
    branch_to_write,
    name_of_branch,
    prefix_named,
    viewpoint_of,
)


def changes(request: HttpRequest) -> HttpResponse:
    """Recent changesets of the viewpoint's branch, newest first, a key at a time.

    `?from=&to=` tells those between two moments, `?of=rides` those of one kind of pages.
    """
    seen = viewpoint_of(request)
    context: dict[str, Any] = {
        "ends": ends_of(request.GET),
        "of": request.GET.get("of", ""),
        "kinds": {plural: model._meta.verbose_name_plural for plural, model in KINDS.items()},
        "linked_data": linked_data.told(request, "Recent changes", reverse("changes")),
    }
    try:
        span = read_span(request.GET, seen)
    except NoSuchMoment as refused:
        context["refusals"] = [f"{refused} {refused.hint}"]
        return render(request, "changes/list.html", context, status=refused.status)
    page, following = changes_of(span)
    sides = {"from": f"{seen.name}@p{span.first}", "to": f"{seen.name}@p{span.last}"}
    context |= {
        "changesets": listed(page),
        "next": following,
        "span": span,
        "compared": f"{reverse('compare')}?{urlencode(sides)}",
    }
    template = "changes/list.html#changes" if request.GET.get("part") else "changes/list.html"
    return render(request, template, context)


def changeset(request: HttpRequest, number: int) -> HttpResponse:
    """One changeset: who, when, why, and every field that it changed."""
    found = _changeset(number)
    if found.branch == NO_BRANCH:
        raise Http404(f"Changeset {number} is an application's, and changed no page.")
    branch = name_of_branch(found.branch, viewpoint_of(request))
    if branch is None:  # looked at from before the branch was
        raise Http404(f"Changeset {number} is of a branch that does not exist here.")
    contents = contents_of(found, read_number(request.GET.get("after", "")))
    at = f"@c{found.pk}" if branch == MAIN_NAME else f"{branch}@c{found.pk}"
    context = {
        "changeset": found,
        "branch": branch,
        "by": authors_of([found]).get(found.pk),
        "contents": contents,
        "then": prefix_named(at),
        "details": _details(found),
        "is_dated": DATED in json.loads(found.details),
        "hash": bytes(found.hash).hex(),
        "parents": _parents(found),
        "is_revertible": found.kind in REVERTIBLE,
        "may_moderate": may(request.user, Right.MODERATE),
    }
    return render(request, "changes/changeset.html", context)


@login_required
def revert(request: HttpRequest, number: int) -> HttpResponse:
    """What undoing a changeset, or a part of it, would do; POST does it, or suggests it.

    A form has an answer to each conflict.
    """
    branch_to_write(request)
    found, part = _changeset(number), part_of(request)
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
                messages.success(request, "It is undone; what came after it stays.")
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


def _details(found: Changeset) -> list[tuple[str, str]]:
    """What a changeset brought along from elsewhere: from imported history, or from a branch."""
    held = json.loads(found.details)
    told = [
        (name.replace("_", " ").capitalize(), str(value))
        for name, value in held.items()
        # What only a program reads again, as an import does its own marks.
        if isinstance(value, str | int) and name not in (SIGNATURE, DATED)
    ]
    merged = recorded_merge(found)
    if merged is None or merged.of is None:
        return told
    by = names_of([merged.by]).get(merged.by, "the system")
    replayed = Changeset.objects.filter(pk=merged.of).values_list("pk", flat=True)
    return [*told, ("Merged by", by), *(("On the branch", f"changeset {of}") for of in replayed)]


def _parents(found: Changeset) -> list[int]:
    """The changesets that it came after, but for those of branches that are hidden.

    Cost: a query, where others were merged in.
    """
    before, merged = found.parents[:1], found.parents[1:]
    if not merged:
        return before
    readable = set(Changeset.objects.filter(pk__in=merged).values_list("pk", flat=True))
    return [*before, *(number for number in merged if number in readable)]


def _changeset(number: int) -> Changeset:
    found = Changeset.objects.filter(pk=number).first() if number < 2**63 else None
    if found is None:
        raise Http404(f"There is no changeset {number}.")
    return found
