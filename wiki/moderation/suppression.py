"""Hide versions of pages, and what changesets say of themselves; moderators alone read them still.

No other page reads what is hidden: it is shown here, by its right, and nowhere else.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from eventstore.models import Changeset, SuppressedChangeset
from versioning import suppression
from versioning.branches.documents import title_of
from versioning.changesets import changesets_of
from versioning.entities.kinds import Document, Kind, kinds
from versioning.history import History
from versioning.models import Branch, SuppressedVersions
from versioning.suppression import CannotSuppress, numbered
from versioning.viewpoints.chain import resolve_number
from versioning.viewpoints.versions import every_row_in, to_version
from wiki.accounts.names import authors_of
from wiki.commanding import command
from wiki.fields.letter_forms import LettersForm
from wiki.limits.spending import Action
from wiki.names.finding import trace
from wiki.pages.models import Page
from wiki.pages.values import field_diffs, shelf_of
from wiki.rights.models import LONGEST_REASON
from wiki.rights.rights import Right, require, require_under_lock
from wiki.viewpoints.addresses import branch_to_write

MOST_LISTED = 200
"""Spans of hidden versions, and hidden summaries, that the list shows: the newest."""


class ReasonForm(LettersForm):
    """Why something is hidden, or shown again."""

    reason = forms.CharField(
        max_length=LONGEST_REASON,
        help_text="It stays in the history, and everybody reads it: do not repeat what is hidden.",
    )


class VersionsForm(ReasonForm):
    """Which versions of a page, by their numbers."""

    first = forms.IntegerField(label="From version", min_value=1, max_value=2**31 - 1)
    last = forms.IntegerField(label="To version", min_value=1, max_value=2**31 - 1)
    field_order = ("first", "last", "reason")


@dataclass(frozen=True)
class Suppressed:
    """Versions of one entity on one branch that stand beside each other, and that nobody reads."""

    kind: Kind
    entity_id: UUID
    branch: Branch
    rows: list[Any]

    @property
    def title(self) -> str:
        newest = to_version(self.kind, self.rows[-1])
        return title_of((self.kind.label, self.entity_id), newest.document)

    @property
    def noun(self) -> str:
        """What it is of, in public: of a page not even which kind."""
        return "page" if issubclass(self.kind.model, Page) else self.kind.noun

    @property
    def versions(self) -> str:
        return numbered(self.rows[0].version, self.rows[-1].version)


@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """All that is hidden, the newest first."""
    require(request.user, Right.MODERATE)
    spans = list(SuppressedVersions.objects.order_by("-first_position")[:MOST_LISTED])
    changesets = SuppressedChangeset.objects.order_by("-pk").values_list("pk", flat=True)
    context = {
        "suppressed": _suppressed_in(spans),
        "changesets": Changeset.objects.filter(pk__in=changesets[:MOST_LISTED]).order_by("-pk"),
    }
    return render(request, "moderation/suppressed.html", context)


@login_required
def suppressed_versions(
    request: HttpRequest, entity_id: UUID, branch: int, position: int
) -> HttpResponse:
    """What some hidden versions say; POST shows them again."""
    require(request.user, Right.MODERATE)
    spans = SuppressedVersions.objects.filter(
        entity_id=entity_id, branch_number=branch, first_position=position
    )
    found = next(iter(_suppressed_in(list(spans))), None)
    if found is None:
        raise Http404("No versions are hidden there.")
    form = ReasonForm(request.POST or None)
    if form.is_bound and form.is_valid():
        with _moderating(request.user):
            numbers = found.rows[0].version, found.rows[-1].version
            _history(found.kind, entity_id, branch).unsuppress(
                *numbers,
                message=f"Show {found.versions} of a {found.noun}: {form.cleaned_data['reason']}",
            )
        messages.success(request, f"{found.versions.capitalize()} can be read again.")
        return redirect("suppressed")
    told = changesets_of(row.valid_from for row in found.rows)
    authors = authors_of(list(told.values()))
    documents = [to_version(found.kind, row).document for row in found.rows]
    shelf = shelf_of((found.kind, document) for document in documents)
    pairs = zip([_before(found), *documents], documents, strict=False)
    context = {
        "found": found,
        "form": form,
        "versions": [
            {
                "number": row.version,
                "changeset": (changeset := told.get(row.valid_from)),
                "by": authors.get(changeset.pk) if changeset else "",
                "fields": field_diffs(found.kind, before, document, shelf),
            }
            for row, (before, document) in zip(found.rows, pairs, strict=True)
        ],
    }
    status = 422 if form.errors else 200
    return render(request, "moderation/suppressed_versions.html", context, status=status)


@login_required
def suppress_versions(request: HttpRequest, plural: str, slug: str) -> HttpResponse:
    """Hide versions of a page on the branch that one is on."""
    require(request.user, Right.MODERATE)
    at = branch_to_write(request)
    traced = trace(plural, slug, address="suppress")
    form = VersionsForm(request.POST or None, initial=_numbers(request))
    if form.is_bound and form.is_valid():
        first, last = form.cleaned_data["first"], form.cleaned_data["last"]
        which = numbered(first, last)
        try:
            with _moderating(request.user):
                _history(traced.kind, traced.entity_id, at.branch).suppress(
                    first, last, message=f"Hide {which} of a page: {form.cleaned_data['reason']}"
                )
        except CannotSuppress as refused:
            form.add_error(None, f"{refused.sentence} {refused.hint}")
        else:
            messages.success(request, f"Nobody reads {which} any more.")
            return redirect("suppressed")
    context = {"traced": traced, "plural": plural, "form": form, "branch": at.name}
    return render(request, "moderation/suppress.html", context, status=422 if form.errors else 200)


@login_required
def suppress_summary(request: HttpRequest, number: int) -> HttpResponse:
    """Hide what a changeset says of itself, or show it again."""
    require(request.user, Right.MODERATE)
    branch_to_write(request)
    found = Changeset.objects.filter(pk=number).first() if number < 2**63 else None
    if found is None:
        raise Http404(f"There is no changeset {number}.")
    form = ReasonForm(request.POST or None)
    if form.is_bound and form.is_valid():
        reason = form.cleaned_data["reason"]
        with _moderating(request.user):
            if found.is_suppressed:
                message = f"Show the summary of changeset {number}: {reason}"
                suppression.unsuppress_changeset(found, message=message)
            else:
                message = f"Hide the summary of changeset {number}: {reason}"
                suppression.suppress_changeset(found, message=message)
        done = "can be read again" if found.is_suppressed else "can be read by moderators alone"
        messages.success(request, f"The summary of changeset {number} {done}.")
        return redirect("changeset", number=number)
    context = {"changeset": found, "form": form}
    status = 422 if form.errors else 200
    return render(request, "moderation/suppress_summary.html", context, status=status)


@contextmanager
def _moderating(actor: Any) -> Iterator[None]:
    with (
        command(actor, Right.MODERATE, Action.MERGE),
        require_under_lock(actor, Right.MODERATE),
    ):
        yield


def _history(kind: Kind, entity_id: UUID, branch: int) -> History:
    return History(kind, entity_id, resolve_number(branch))


def _suppressed_in(spans: Sequence[SuppressedVersions]) -> list[Suppressed]:
    """What spans hide, of whatever kind it is. Cost: a query, and one for each kind."""
    branches = Branch.objects.in_bulk([s.branch_number for s in spans], field_name="number")
    rows: dict[tuple[UUID, int], tuple[Kind, list[Any]]] = {}
    for kind in kinds() if spans else ():
        found = every_row_in(kind).filter(entity_id__in=[s.entity_id for s in spans])
        for row in found.order_by("valid_from"):
            rows.setdefault((row.entity_id, row.branch_number), (kind, []))[1].append(row)
    suppressed = []
    for span in spans:
        kind, versions = rows[span.entity_id, span.branch_number]
        within = [v for v in versions if span.first_position <= v.valid_from < span.end_position]
        suppressed.append(Suppressed(kind, span.entity_id, branches[span.branch_number], within))
    return suppressed


def _before(found: Suppressed) -> Document | None:
    """What stood on the branch before the first of the versions; None where nothing did."""
    first = found.rows[0]
    ended_there = every_row_in(found.kind).filter(
        entity_id=found.entity_id, branch_number=first.branch_number, valid_to=first.valid_from
    )
    row = ended_there.first()
    return to_version(found.kind, row).state if row else None


def _numbers(request: HttpRequest) -> dict[str, str]:
    """The versions that a link to the form names."""
    return {name: request.GET.get(name, "")[:10] for name in ("first", "last")}
