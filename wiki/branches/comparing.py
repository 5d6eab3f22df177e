"""Compare any two viewpoints: `/compare/?from=main@2026-03-01&to=spring`."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from eventstore.errors import Refusal
from versioning.branches.compare import Difference, compare
from versioning.viewpoints.chain import Viewpoint
from versioning.viewpoints.names import name_of, read_viewpoint
from wiki.branches.finding import get_branch, page_of
from wiki.pages.values import field_diffs, shelf_of
from wiki.requests.numbers import read_number
from wiki.viewpoints.addresses import prefix_named

PAGE_SIZE = 50


def compare_viewpoints(request: HttpRequest) -> HttpResponse:
    """What two viewpoints show differently, field by field, a page at a time."""
    names = [request.GET.get(side, "").strip() for side in ("from", "to")]
    context: dict[str, object] = {"names": names}
    if not all(names):
        return render(request, "branches/compare.html", context)
    try:
        before, after = (read_viewpoint(_named(name)) for name in names)
    except Refusal as refused:
        context["refusals"] = [f"{refused} {refused.hint}"]
        return render(request, "branches/compare.html", context, status=refused.status)
    number = max(read_number(request.GET.get("page", ""), 1), 1)
    found = compare(before, after)
    start = (number - 1) * PAGE_SIZE
    shown = found[start : start + PAGE_SIZE]
    shelf = shelf_of((d.kind, document) for d in shown for document in d.documents)
    context |= {
        "before": prefix_named(name_of(before)),
        "after": prefix_named(name_of(after)),
        "count": len(found),
        "entities": [
            {
                "title": d.title,
                "address": _address(d, before, after),
                "what": _what(d),
                "fields": field_diffs(d.kind, *d.documents, shelf),
            }
            for d in shown
        ],
        "next_page": number + 1 if len(found) > start + PAGE_SIZE else None,
    }
    return render(request, "branches/compare.html", context)


def _named(text: str) -> str:
    """A viewpoint as it is named: a date alone means main, then."""
    return f"@{text}" if text[:1].isdecimal() else text


def _address(difference: Difference, before: Viewpoint, after: Viewpoint) -> str:
    """Where the page is read, on the side that has it; nothing for what has no page."""
    side = before if difference.documents[1] is None else after
    page = page_of(difference)
    return f"{prefix_named(name_of(side))}{page}" if page else ""


def _what(difference: Difference) -> str:
    before, after = difference.documents
    return "only after" if before is None else "only before" if after is None else "changed"


def compare_branch(request: HttpRequest, name: str) -> HttpResponse:
    """A branch beside its parent. Raises Http404."""
    branch = get_branch(name)
    parent = branch.parent.name if branch.parent else branch.name
    return redirect(f"{reverse('compare')}?{urlencode({'from': parent, 'to': name})}")
