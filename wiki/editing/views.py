"""Create and edit a page: GET shows the form; POST moves rows, previews, or saves and redirects."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from versioning.entities.conflicts import EditConflict
from versioning.entities.kinds import Kind, kind_of
from versioning.viewpoints.chain import Viewpoint
from versioning.viewpoints.entering import entered
from versioning.viewpoints.versions import to_version
from wiki.drafts.forms import draft_asked_for, drafting
from wiki.drafts.keeping import discard
from wiki.drafts.subjects import Subject
from wiki.editing.commands import save_page
from wiki.editing.edit_conflicts import form_in_conflict
from wiki.editing.edit_passages import TEXT, asked_again, text_answered
from wiki.editing.previews import preview_of
from wiki.editing.saved import said_of
from wiki.forms.bases import base_of, version_told
from wiki.forms.fact_form import fact_form, fact_names
from wiki.forms.identities import read_identity, told_identity
from wiki.forms.page_form import edit_form, new_form
from wiki.kinds.registry import model_of
from wiki.names.finding import find_page
from wiki.pages.models import Page
from wiki.pages.values import document_of, label_of
from wiki.requests.signed_in import signed_in
from wiki.rights.protections import Act, require_unprotected
from wiki.rights.rights import Right, require
from wiki.viewpoints.addresses import branch_to_write, prefix_of

PREVIEW = "preview"


@dataclass(frozen=True)
class Editor:
    """A form of a page, or of a part of one, and the template that shows it."""

    form_of: Callable[[type[Page]], Any]
    template: str = "pages/edit.html"
    keeps_drafts: bool = True


WHOLE_PAGE = Editor(edit_form)
NEW_PAGE = Editor(new_form)


@signed_in
def create(request: HttpRequest, plural: str) -> HttpResponse:
    """A new page; a name in the address fills the form in. Sent twice, it makes one page."""
    at = branch_to_write(request)
    require(request.user, Right.EDIT)
    model = model_of(plural)
    page = model()
    page.pk = read_identity(request.POST.get("identity", "")) or page.pk
    references: dict[str, list[Any]] = {f.name: [] for f in kind_of(model).reference_fields}
    with entered(at):
        draft = draft_asked_for(request, Subject(at.branch, plural, page.pk))
        page.pk = draft.page_id if draft else page.pk
        sent = request.POST or (draft.form if draft else None)
        if sent and (made := _made_already(model, page)):
            return made
        form = NEW_PAGE.form_of(model)(
            sent,
            instance=page,
            references=references,
            initial={
                "name": request.GET.get("name", "")[:200],
                "identity": told_identity(page.pk),
            },
        )
        context = {
            "title": f"New {model._meta.verbose_name}",
            "form": form,
            "plural": plural,
            **drafting(request, Subject(at.branch, plural, page.pk)),
        }
        answer = _unsaved(request, NEW_PAGE, context, page, None)
    answer = answer or _save(request, NEW_PAGE, at, context)
    if answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY:
        with entered(at):
            # The same form, sent at the same moment, was faster.
            return _made_already(model, page) or answer
    return answer


def _made_already(model: Any, page: Page) -> HttpResponse | None:
    """The way to the page that a form has made, if it was sent before."""
    found = model.objects.filter(pk=page.pk).first()
    return None if found is None else redirect(found.get_absolute_url())


@signed_in
def edit(request: HttpRequest, plural: str, slug: str) -> HttpResponse:
    """An edit; a stale form is merged, or shows the conflict with nothing retyped."""
    return _edit(request, plural, slug, WHOLE_PAGE, {})


@signed_in
def edit_fact(request: HttpRequest, plural: str, slug: str, name: str) -> HttpResponse:
    """An edit of one fact, with a source for it; `?part=form` is the form alone."""
    model = model_of(plural)
    if name not in fact_names(model):
        raise Http404(f"{plural.capitalize()} have no fact called {name[:40]!r}.")
    editor = Editor(partial(fact_form, name=name), "pages/fact.html", keeps_drafts=False)
    label = label_of(kind_of(model).fields[name])
    return _edit(request, plural, slug, editor, {"fact": name, "label": label})


def _edit(
    request: HttpRequest, plural: str, slug: str, editor: Editor, more: dict[str, Any]
) -> HttpResponse:
    at = branch_to_write(request)
    require(request.user, Right.EDIT)
    with entered(at):
        page: Page = find_page(plural, slug, address="edit")
        require_unprotected(request.user, [page.pk], Act.EDIT, branch=at.branch)
        now = document_of(page)
        subject = Subject(at.branch, plural, page.pk, page.slug) if editor.keeps_drafts else None
        draft = draft_asked_for(request, subject)
        sent = request.POST.copy() or (draft.form if draft else None)
        refusal = _take_passages(page, sent) if request.method == "POST" and sent else None
        form, has_base = _begun_form(editor, page, now, sent)
        context = {
            "title": f"Edit {page.name}",
            "page": page,
            "plural": plural,
            "slug": slug,
            "form": form,
            **drafting(request, subject),
            **more,
        }
        if not has_base and not form.is_rearranged and not _is_preview(request):
            form.add_error(None, _UNKNOWN_BASE)
            return render(request, editor.template, context, status=409)
        if refusal is not None and sent is not None:
            form.add_error(None, refusal)
            context["asked_again"] = asked_again(page, sent)
        answer = _unsaved(request, editor, context, page, now)
    return answer or _save(request, editor, at, context)


def _begun_form(
    editor: Editor, page: Page, now: dict[str, Any], sent: QueryDict | None
) -> tuple[Any, bool]:
    """The form of a page, which is made what it began from; whether there is such a version."""
    kind, present = kind_of(type(page)), base_of(page)
    begun = now if sent is None else _return_to_base(page, kind, now, sent.get("base", ""))
    if sent is not None and begun is None:
        sent["base"] = present
    references = {f.name: (begun or now)[f.name] for f in kind.reference_fields}
    form = editor.form_of(type(page))(
        sent, instance=page, references=references, initial={"base": present}
    )
    return form, begun is not None


def _take_passages(page: Page, sent: QueryDict) -> ValidationError | None:
    """Put the text together that was answered by passages; or say why it cannot be."""
    try:
        if (text := text_answered(page, sent)) is not None:
            sent[TEXT] = text
    except ValidationError as refusal:
        return refusal
    return None


def _unsaved(
    request: HttpRequest,
    editor: Editor,
    context: dict[str, Any],
    page: Page,
    now: dict[str, Any] | None,
) -> HttpResponse | None:
    """The answer to whatever saves nothing; None where the form is right, and to be saved."""
    form = context["form"]
    if request.method != "POST":
        # A draft is gone on with: nothing of it is checked yet.
        context["form"] = form.begun_again() if form.is_bound else form
        is_part = request.GET.get("part") == "form"
        return render(request, f"{editor.template}#form" if is_part else editor.template, context)
    if form.is_rearranged:
        return render(request, editor.template, {**context, "form": form.begun_again()})
    is_valid = form.is_valid()
    if _is_preview(request):
        return _preview(request, context, page, now)
    return None if is_valid else render(request, editor.template, context, status=422)


def _save(
    request: HttpRequest, editor: Editor, at: Viewpoint, context: dict[str, Any]
) -> HttpResponse:
    """Save, and go to the page; or say why not, with everything that was typed."""
    form = context["form"]
    try:
        saved, changeset = save_page(form, actor=request.user, at=at)
    except EditConflict as conflict:
        return _ask(request, editor, at, conflict, context)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return _refused(request, editor, at, context)
    if subject := context.get("subject"):
        discard(request.user, subject)
    place = context.get("place_in_browser", "")
    messages.success(request, said_of(saved.name, changeset, place))
    return redirect(f"{prefix_of(at)}{saved.plural}/{saved.slug}/")


def _refused(
    request: HttpRequest, editor: Editor, at: Viewpoint, context: dict[str, Any]
) -> HttpResponse:
    with entered(at):
        return render(request, editor.template, context, status=422)


def _is_preview(request: HttpRequest) -> bool:
    """Whether a form is only looked at; one that keeps up with typing says so in its address."""
    return PREVIEW in (request.POST.get("action"), request.GET.get("part"))


def _preview(
    request: HttpRequest, context: dict[str, Any], page: Page, now: dict[str, Any] | None
) -> HttpResponse:
    """The page as it would read, and what that changes; nothing is saved.

    What warnings speak of can be looked at as well; what cannot be read, not.
    """
    kind = kind_of(type(page))
    form = context["form"]
    context["is_previewed"] = True
    if form.is_read:
        wanted = {**kind.full({}), **(now or {}), **page.values_to_save()}
        context["preview"] = preview_of(page, now, wanted)
    is_part = request.GET.get("part") == PREVIEW
    template = "pages/edit.html#preview" if is_part else "pages/edit.html"
    # To a part of a page htmx would show an error as one.
    status = 422 if form.errors and not is_part else 200
    return render(request, template, context, status=status)


_UNKNOWN_BASE = (
    "It is not known which version of this page your edit began from, so saving may undo what "
    "others have written since. Look at the page as it is now, and save again if you are sure."
)


def _return_to_base(
    page: Page, kind: Kind, now: dict[str, Any], base: str
) -> dict[str, Any] | None:
    """Make the page what the form began from: the save then merges what came since.

    What that was; None where the form tells of no version that there is here.
    """
    if base == base_of(page):
        return now
    row = version_told(page, base)
    if row is None:
        return None
    document = to_version(kind, row).document
    for f in kind.column_fields:
        setattr(page, f.attribute, f.to_python(document[f.name]))
    page.version, page.on_branch = row.version, row.branch_number
    page.remember()
    return document


def _ask(
    request: HttpRequest,
    editor: Editor,
    at: Viewpoint,
    conflict: EditConflict,
    context: dict[str, Any],
) -> HttpResponse:
    """The form again, with what others changed meanwhile."""
    if conflict.theirs is None:
        context["form"].add_error(
            None, "This page was deleted while you were editing. Keep your text, and ask why."
        )
        return _refused(request, editor, at, context)
    with entered(at):
        form, conflicts = form_in_conflict(editor.form_of, request.POST, conflict)
        context |= {"form": form, "conflicts": conflicts}
        return render(request, editor.template, context, status=409)
