"""Rename, delete and bring back a page: GET asks, POST acts and redirects."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from versioning.entities.conflicts import EditConflict
from versioning.viewpoints.entering import entered
from wiki.editing.commands import StillReferredTo, delete_page, rename_page, restore_page
from wiki.fields.summaries import summary_of
from wiki.forms.page_form import rename_form
from wiki.names.finding import find_page, trace
from wiki.requests.refusals import CannotBeDone
from wiki.rights.protections import Act, require_unprotected
from wiki.rights.rights import Right, may, require
from wiki.viewpoints.addresses import branch_to_write, prefix_of


@login_required
def rename(request: HttpRequest, plural: str, slug: str) -> HttpResponse:
    """Another name or address; the old address leads to the new one from here on."""
    at = branch_to_write(request)
    require(request.user, Right.EDIT)
    with entered(at):
        page = find_page(plural, slug, address="rename")
        require_unprotected(request.user, [page.pk], Act.RENAME, branch=at.branch)
        form = rename_form(type(page))(request.POST or None, instance=page)
        context = {"page": page, "plural": plural, "slug": slug, "form": form}
        context["may_moderate"] = may(request.user, Right.MODERATE)
        if not form.is_valid():
            status = 422 if form.is_bound else 200
            return render(request, "pages/rename.html", context, status=status)
    try:
        rename_page(form, actor=request.user, at=at)
    except ValidationError as refusal:
        form.add_error(None, refusal)
    except EditConflict:
        form.add_error(None, "Somebody renamed this page at the same moment. Look at it again.")
    else:
        return redirect(f"{prefix_of(at)}{plural}/{page.slug}/")
    with entered(at):
        return render(request, "pages/rename.html", context, status=409)


@login_required
def delete(request: HttpRequest, plural: str, slug: str) -> HttpResponse:
    """Delete a page; its history stays."""
    at = branch_to_write(request)
    require(request.user, Right.EDIT)
    with entered(at):
        page = find_page(plural, slug, address="delete")
        require_unprotected(request.user, [page.pk], Act.DELETE, branch=at.branch)
        context: dict[str, Any] = {"page": page, "plural": plural, "slug": slug}
        if request.method != "POST":
            return render(request, "pages/delete.html", context)
    try:
        delete_page(page, actor=request.user, at=at, message=summary_of(request))
    except StillReferredTo as others:
        context["referring"] = others.pages[:20]
    except ValidationError as refusal:
        context["refusal"] = " ".join(refusal.messages)
    except EditConflict:
        context["refusal"] = "Somebody edited this page at the same moment. Look at it again."
    else:
        messages.success(request, f"{page.name} was deleted. Its history is kept.")
        return redirect(f"{prefix_of(at)}{plural}/")
    with entered(at):
        return render(request, "pages/delete.html", context, status=409)


@login_required
def undelete(request: HttpRequest, plural: str, slug: str) -> HttpResponse:
    """Bring a deleted page back as it was."""
    at = branch_to_write(request)
    require(request.user, Right.EDIT)
    with entered(at):
        traced = trace(plural, slug)
        context = {"traced": traced, "plural": plural, "slug": slug}
        if traced.is_deleted and request.method != "POST":
            return render(request, "pages/undelete.html", context)
    if not traced.is_deleted:
        return redirect(f"{prefix_of(at)}{plural}/{slug}/")
    try:
        restore_page(
            traced.kind, traced.entity_id, actor=request.user, at=at, message=summary_of(request)
        )
    except ValidationError as refusal:
        raise CannotBeDone(" ".join(refusal.messages)) from None
    return redirect(f"{prefix_of(at)}{plural}/{slug}/")
