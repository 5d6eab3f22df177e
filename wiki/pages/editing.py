"""Pages that write: GET shows the form, POST acts and redirects."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import ProtectedError
from django.forms.models import modelform_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from versioning.entities.conflicts import EditConflict
from versioning.entities.kinds import kind_of
from versioning.entities.versions import to_version
from versioning.viewpoints.entering import entered
from wiki.accounts.rights import Right, require
from wiki.pages.commands import delete_page, save_page
from wiki.pages.kinds import model_of
from wiki.pages.views import get_page
from wiki.viewpoints import prefix_of, refuse_the_past, viewpoint_of


def form_class(model: type[Any]) -> type[Any]:
    """A form of every field of a kind, with a summary of the edit."""
    names = [f.name for f in kind_of(model).column_fields]
    return modelform_factory(model, form=_PageForm, fields=names)


class _PageForm(forms.ModelForm):  # type: ignore[type-arg]
    summary = forms.CharField(
        required=False, max_length=300, help_text="What you changed, and why."
    )
    base = forms.IntegerField(required=False, widget=forms.HiddenInput)


@login_required
def create(request: HttpRequest, plural: str) -> HttpResponse:
    """A new page."""
    model = model_of(plural)
    return _serve(request, model(), f"New {model._meta.verbose_name}", plural)


@login_required
def edit(request: HttpRequest, plural: str, slug: str) -> HttpResponse:
    """An edit of a page; a stale form is merged, or shows the conflict with nothing retyped."""
    refuse_the_past(viewpoint_of(request))
    with entered(viewpoint_of(request)):
        page = get_page(plural, slug)
    return _serve(request, page, f"Edit {page.name}", plural)


@login_required
def delete(request: HttpRequest, plural: str, slug: str) -> HttpResponse:
    """Delete a page; its history stays."""
    seen = viewpoint_of(request)
    refuse_the_past(seen)
    require(request.user, Right.EDIT)
    with entered(seen):
        page = get_page(plural, slug)
    if request.method != "POST":
        return render(request, "pages/delete.html", {"page": page, "plural": plural})
    try:
        delete_page(page, actor=request.user, at=seen, message=request.POST.get("summary", ""))
    except ProtectedError as protected:
        names = ", ".join(str(each) for each in list(protected.protected_objects)[:5])
        context = {"page": page, "plural": plural, "refusal": f"Other pages refer to it: {names}."}
        return render(request, "pages/delete.html", context, status=409)
    return redirect(f"{prefix_of(seen)}{plural}/")


def _serve(request: HttpRequest, page: Any, title: str, plural: str) -> HttpResponse:
    seen = viewpoint_of(request)
    refuse_the_past(seen)
    require(request.user, Right.EDIT)
    context: dict[str, Any] = {"title": title, "page": page, "plural": plural}
    if request.method == "POST":
        began_at = request.POST.get("base", "")
        if not page._state.adding and began_at.isdecimal() and int(began_at) != page.version:
            _return_to(page, int(began_at))
        form = form_class(type(page))(request.POST, instance=page)
        if form.is_valid():
            try:
                message = form.cleaned_data["summary"]
                saved = save_page(form, actor=request.user, at=seen, message=message)
            except EditConflict as conflict:
                context |= {"form": form, "conflicts": conflict.conflicts}
                return render(request, "pages/edit.html", context, status=409)
            return redirect(f"{prefix_of(seen)}{plural}/{saved.slug}/")
        return render(request, "pages/edit.html", {**context, "form": form}, status=422)
    form = form_class(type(page))(instance=page, initial={"base": page.version})
    return render(request, "pages/edit.html", {**context, "form": form})


def _return_to(page: Any, version: int) -> None:
    """Make the instance what the form began from: the save then merges what came since."""
    kind = kind_of(type(page))
    row = page.history.all().filter(version=version).first()
    if row is None:
        return
    for name, value in to_version(kind, row).document.items():
        f = kind.fields[name]
        if not f.is_references:
            setattr(page, f.attribute, f.to_python(value))
    page.version, page.on_branch = row.version, row.branch_number
    page.remember()
