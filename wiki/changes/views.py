"""Recent changes, and one changeset."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from eventstore.foreign import NO_BRANCH
from eventstore.history import DATED
from eventstore.models import Changeset
from eventstore.signatures import SIGNATURE
from versioning.branches.recorded import recorded_merge
from versioning.branches.revert import REVERTIBLE
from versioning.viewpoints.chain import MAIN_NAME
from versioning.viewpoints.moments import NoSuchMoment
from wiki.accounts.names import authors_of, names_of
from wiki.changes.between import changes_of, ends_of, read_span
from wiki.changes.contents import contents_of
from wiki.changes.finding import get_changeset
from wiki.changes.listed import listed
from wiki.discovery import linked_data
from wiki.kinds.registry import KINDS
from wiki.requests.numbers import read_number
from wiki.rights.rights import Right, may
from wiki.viewpoints.addresses import name_of_branch, prefix_named, viewpoint_of


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
    found = get_changeset(number)
    if found.branch == NO_BRANCH:
        raise Http404(f"Changeset {number} was recorded by an application, and changed no page.")
    branch = name_of_branch(found.branch, viewpoint_of(request))
    if branch is None:  # looked at from before the branch was
        raise Http404(f"Changeset {number} belongs to a branch that does not exist here.")
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
