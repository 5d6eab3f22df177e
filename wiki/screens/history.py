"""What became of a page: its versions, and two of them compared."""

import re
from collections.abc import Sequence
from itertools import islice, pairwise
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from eventstore.errors import Refusal
from eventstore.models import Changeset
from versioning.changesets import changesets_of
from versioning.entities.kinds import Document
from versioning.suppression import numbered, spans_of
from versioning.viewpoints import entering
from versioning.viewpoints.chain import MAIN_NAME, Viewpoint
from versioning.viewpoints.names import read_viewpoint
from versioning.viewpoints.versions import EntityVersion, to_version, visible_versions
from wiki.accounts.names import authors_of
from wiki.names.finding import Traced, trace
from wiki.pages.changed import changes_of, pairs_of, with_sizes
from wiki.pages.undoing import undo_field_href, undo_href
from wiki.pages.values import field_diffs, shelf_of
from wiki.requests.numbers import read_number
from wiki.requests.refusals import RequestRefused
from wiki.rights.rights import Right, may
from wiki.screens.history_filter import fields_of, read_filter
from wiki.viewpoints.addresses import name_of_branch, prefix_named

PAGE_SIZE = 50
LOOKED_THROUGH = 500
"""Versions that a filter looks through for a page of them."""

_MOMENT = re.compile(r"[pc]?[0-9][0-9A-Za-z:.+-]*", re.ASCII)


def history(request: HttpRequest, plural: str, slug: str) -> HttpResponse:
    """Versions of a page, newest first, a key at a time, each with its changeset.

    Narrowed to a field or an author, as many are looked through as cost about as much as a page.
    """
    traced = trace(plural, slug, address="history")
    asked = read_filter(request.GET, traced.kind)
    rows = with_sizes(traced.history.all())
    if before := read_number(request.GET.get("before", "")):
        rows = rows.filter(valid_from__lt=before)
    most = LOOKED_THROUGH if asked.is_used else PAGE_SIZE
    found = list(rows[: most + 1])
    pairs = pairs_of(traced.kind, found)[:most]
    changesets = changesets_of(pair.newer.valid_from for pair in pairs)
    names = authors_of(list(changesets.values()))
    authors = {position: names.get(changeset.pk) for position, changeset in changesets.items()}
    fitting = list(islice(asked.fitting(pairs, authors), PAGE_SIZE))
    suppressed = _suppressed_after(traced, found)
    changed = changes_of(fitting)
    versions = [
        {
            "row": pair.newer,
            "changeset": changeset,
            "by": names.get(changeset.pk),
            "suppressed": suppressed.get(pair.newer.valid_from, ""),
            "changed": changed.get(pair.newer.valid_from),
            "undo": undo_href(changeset.pk, plural, traced.entity_id),
            "is_newest": pair.newer is found[0] and not before,
        }
        for pair in fitting
        # The would-be version of a merge that is only looked at has no changeset.
        if (changeset := changesets.get(pair.newer.valid_from)) is not None
    ]
    is_full = len(fitting) == PAGE_SIZE and fitting[-1] is not pairs[-1]
    last = fitting[-1] if is_full else pairs[-1] if len(found) > most else None
    context = {
        "traced": traced,
        "plural": plural,
        "versions": versions,
        "next": asked.address(before=last.newer.valid_from) if last else "",
        "asked": asked,
        "fields": fields_of(traced.kind),
        "looked_through": len(pairs),
        "may_moderate": may(request.user, Right.MODERATE),
    }
    template = "pages/history.html#versions" if request.GET.get("part") else "pages/history.html"
    return render(request, template, context)


def _suppressed_after(traced: Traced, rows: Sequence[Any]) -> dict[int, str]:
    """Below which versions of a history others are suppressed, in a sentence, by their positions.

    Numbers leave a gap there; but so they do where a branch had released the page. Cost: a query,
    where there is a gap.
    """
    gaps = [
        (newer, older)
        for newer, older in pairwise(rows)
        if newer.branch_number == older.branch_number and newer.version > older.version + 1
    ]
    told = {}
    for branch in {newer.branch_number for newer, _ in gaps}:
        spans = spans_of([traced.entity_id], branch)[traced.entity_id]
        for newer, older in gaps:
            if newer.branch_number == branch and any(
                older.valid_from < first < newer.valid_from for first, _ in spans
            ):
                which = numbered(older.version + 1, newer.version - 1).capitalize()
                told[newer.valid_from] = f"{which}: hidden by the moderators."
    return told


def version(request: HttpRequest, plural: str, slug: str, number: int) -> HttpResponse:
    """One version: its content, and what it changed against the one before."""
    traced = trace(plural, slug, address="version")
    after = _numbered(traced, number)
    earlier = traced.history.find(number - 1)  # none where it is the first, or that is hidden
    before = to_version(traced.kind, earlier) if earlier else None
    changeset = changesets_of([after.position]).get(after.position)
    shelf = shelf_of((traced.kind, _state(each)) for each in (before, after))
    context = {
        "traced": traced,
        "plural": plural,
        "version": after,
        "previous": before,
        "changeset": changeset,
        "then": _prefix_then(changeset, traced.history.seen) if changeset else "",
        "differences": field_diffs(traced.kind, _state(before), after.state, shelf),
        **_undoing(traced, before, after, changeset),
    }
    return render(request, "pages/version.html", context)


def _undoing(
    traced: Traced,
    before: EntityVersion | None,
    after: EntityVersion,
    changeset: Changeset | None,
) -> dict[str, str]:
    """Where a version's change is undone, and each field of it; nowhere on a page that is gone."""
    if changeset is None or traced.is_deleted:
        return {}
    return {
        "undo": undo_href(changeset.pk, traced.plural, traced.entity_id),
        "undo_field": undo_field_href(changeset.pk, before, after),
    }


def diff(request: HttpRequest, plural: str, slug: str) -> HttpResponse:
    """Any two of a page's versions, moments or viewpoints: `?from=3&to=spring@p40`."""
    traced = trace(plural, slug, address="diff")
    sides = request.GET.get("from", ""), request.GET.get("to", "")
    if not all(sides):
        raise RequestRefused("A comparison needs two sides: `from` and `to` in the address.")
    context: dict[str, Any] = {"traced": traced, "plural": plural, "sides": sides}
    try:
        before, after = (_side(traced, text) for text in sides)
    except Refusal as refused:
        context["refusals"] = [f"{refused} {refused.hint}"]
        return render(request, "pages/diff.html", context, status=refused.status)
    shelf = shelf_of((traced.kind, _state(each)) for each in (before, after))
    context |= {
        "before": before,
        "after": after,
        "differences": field_diffs(traced.kind, _state(before), _state(after), shelf),
    }
    return render(request, "pages/diff.html", context)


def _prefix_then(changeset: Changeset, seen: Viewpoint) -> str:
    """The viewpoint at which a changeset had just been recorded, on its branch."""
    branch, at = name_of_branch(changeset.branch, seen), f"@c{changeset.pk}"
    return prefix_named(at if branch in (None, MAIN_NAME) else f"{branch}{at}")


def _numbered(traced: Traced, number: int) -> EntityVersion:
    row = traced.history.find(number)
    if row is None:
        raise Http404(f"There is no version {number}.")
    return to_version(traced.kind, row)


class NoSuchVersion(RequestRefused):
    """A side of a comparison that the page does not have."""

    code = "no-such-version"
    status = 404
    hint = "Its history lists all of them."


def _side(traced: Traced, text: str) -> EntityVersion | None:
    """One side of a comparison; None where the page did not exist.

    Raises NoSuchBranch, NoSuchMoment, NoSuchVersion.
    """
    if text.isdecimal() and text.isascii() and len(text) < 10:
        if (row := traced.history.find(int(text))) is None:
            raise NoSuchVersion(f"There is no version {text}.")
        return to_version(traced.kind, row)
    seen = entering.current()
    if _MOMENT.fullmatch(text):
        text = f"{seen.name}@{text}" if not seen.is_preview else f"@{text}"
    chain = read_viewpoint(text).chain
    return visible_versions(traced.kind, [traced.entity_id], chain).get(traced.entity_id)


def _state(version: EntityVersion | None) -> Document | None:
    return version.state if version else None
