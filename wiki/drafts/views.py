"""Keep what is typed in the form of a page; read one's drafts again, and discard them."""

from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from eventstore.errors import Refusal
from versioning.viewpoints.entering import entered
from wiki.drafts.keeping import keep
from wiki.drafts.listed import listed, subject_of
from wiki.drafts.models import Draft
from wiki.drafts.subjects import Subject
from wiki.forms.identities import read_identity
from wiki.forms.typed import typed_in
from wiki.kinds.registry import model_of
from wiki.names.finding import find_page
from wiki.requests.refusals import RequestRefused
from wiki.requests.signed_in import View, signed_in
from wiki.viewpoints.addresses import branch_to_write

KEPT = "kept"
"""The part of a page that a form asks for while one types."""


def signed_in_while_typing(view: View) -> View:
    """As `signed_in`; but who only pauses in typing is told in a line that nobody is signed in."""
    asked = signed_in(view)

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get("part") == KEPT and not request.user.is_authenticated:
            form = request.path.removesuffix("draft/")
            form += "" if form.endswith("/new/") else "edit/"
            return render(request, "drafts/_kept.html", {"form_to_sign_in_for": form})
        return asked(request, *args, **kwargs)

    return answer


@signed_in_while_typing
def keep_draft(request: HttpRequest, plural: str, slug: str) -> HttpResponse:
    """Keep the form of a page as it was sent. Cost: as in `keep`, and a query for the page."""
    at = branch_to_write(request)
    with entered(at):
        page = find_page(plural, slug, address="keep_draft")
    return _keep(request, Subject(at.branch, plural, page.pk, page.slug))


@signed_in_while_typing
def keep_new_draft(request: HttpRequest, plural: str) -> HttpResponse:
    """Keep the form of a page that is not there yet, by the identity that it brings along."""
    model_of(plural)
    identity = read_identity(request.POST.get("identity", ""))
    if identity is None:
        raise RequestRefused("This form does not say which new page it is for.")
    return _keep(request, Subject(branch_to_write(request).branch, plural, identity))


def _keep(request: HttpRequest, subject: Subject) -> HttpResponse:
    if request.GET.get("part") == KEPT:
        return _keep_while_typing(request, subject)
    draft = keep(request.user, subject, request.POST)
    messages.success(request, "Kept as a draft. Nobody but you sees it; nothing is saved yet.")
    address = subject.address_in(branch_to_write(request).name)
    return redirect(f"{address}?draft={draft.pk}")


def _keep_while_typing(request: HttpRequest, subject: Subject) -> HttpResponse:
    """A line for the foot of the form; why not, where it was not kept. Nobody waits for it."""
    try:
        told: dict[str, Any] = {"draft": keep(request.user, subject, request.POST)}
    except Refusal as refusal:
        told = {"refusal": refusal}
    return render(request, "drafts/_kept.html", told)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def draft(request: HttpRequest, number: int) -> HttpResponse:
    """What one typed, to be read and copied; POST discards it. Others' are not there."""
    found = get_object_or_404(Draft, pk=number, account_id=request.user.pk)
    (line,) = listed([found])
    if request.method == "POST":
        found.delete()
        place = subject_of(found).place_in_browser(found.account_id)
        messages.success(
            request, format_html('<span data-saved="{}">The draft is discarded.</span>', place)
        )
        is_in_form = "in_form" in request.POST and line.address
        return redirect(line.address.partition("?")[0] if is_in_form else "account")
    context = {"draft": line, "typed": list(typed_in(found.form))}
    return render(request, "drafts/draft.html", context)
