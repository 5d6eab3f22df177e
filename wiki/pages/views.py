"""Pages that read: the same code at every viewpoint."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from eventstore.models import Changeset
from versioning.changesets import changesets_of
from versioning.entities.kinds import kind_of
from versioning.merge import diff_words
from wiki.pages.kinds import KINDS, model_of
from wiki.pages.markdown import render as render_markdown
from wiki.viewpoints import viewpoint_of

PAGE_SIZE = 50


def home(request: HttpRequest) -> HttpResponse:
    """What there is, and what changed last."""
    sections = [
        (model._meta.verbose_name_plural, plural, list(model.objects.order_by("-id")[:5]))
        for plural, model in KINDS.items()
    ]
    return render(request, "pages/home.html", {"sections": sections, **viewpoint_context(request)})


def page_list(request: HttpRequest, plural: str) -> HttpResponse:
    """Pages of a kind by name, a key at a time: never counted, never skipped over."""
    model = model_of(plural)
    after = request.GET.get("after", "")
    pages = list(model.objects.filter(name__gt=after)[: PAGE_SIZE + 1])
    following = f"?after={pages[PAGE_SIZE - 1].name}" if len(pages) > PAGE_SIZE else ""
    context = {
        "title": str(model._meta.verbose_name_plural).capitalize(),
        "plural": plural,
        "pages": pages[:PAGE_SIZE],
        "next": following,
        **viewpoint_context(request),
    }
    return render(request, "pages/list.html", context)


def page(request: HttpRequest, plural: str, slug: str) -> HttpResponse:
    """One page: infobox and body."""
    found = get_page(plural, slug)
    context = {
        "page": found,
        "plural": plural,
        "facts": found.facts(),
        "body": render_markdown(found.body),
        **viewpoint_context(request),
    }
    return render(request, "pages/page.html", context)


def history(request: HttpRequest, plural: str, slug: str) -> HttpResponse:
    """Versions of a page, newest first, each with the changeset that made it."""
    found = get_page(plural, slug)
    rows = list(found.history.all()[:PAGE_SIZE])
    changesets = changesets_of(row.valid_from for row in rows)
    versions = [(row, changesets[row.valid_from]) for row in rows]
    context = {"page": found, "plural": plural, "versions": versions, **viewpoint_context(request)}
    return render(request, "pages/history.html", context)


def version(request: HttpRequest, plural: str, slug: str, number: int) -> HttpResponse:
    """One version, and what it changed against the one before."""
    found = get_page(plural, slug)
    kind = kind_of(type(found))
    rows = {
        row.version: row for row in found.history.all().filter(version__in=[number, number - 1])
    }
    if number not in rows:
        raise Http404(f"There is no version {number}.")
    differences: list[dict[str, Any]] = []
    for name, f in kind.fields.items():
        after = f.to_json(getattr(rows[number], f.attribute))
        earlier = rows.get(number - 1)
        before = f.to_json(getattr(earlier, f.attribute)) if earlier else None
        if before != after:
            hunks = diff_words(str(before or ""), str(after or ""))
            differences.append({"name": name, "before": before, "after": after, "hunks": hunks})
    context = {
        "page": found,
        "plural": plural,
        "row": rows[number],
        "differences": differences,
        **viewpoint_context(request),
    }
    return render(request, "pages/version.html", context)


def changes(request: HttpRequest) -> HttpResponse:
    """Recent changesets of the viewpoint's branch, newest first."""
    seen = viewpoint_of(request)
    found = Changeset.objects.filter(branch=seen.branch).order_by("-last_position")
    if seen.position is not None:
        found = found.filter(last_position__lte=seen.position)
    return render(
        request,
        "changes/list.html",
        {"changesets": found[:PAGE_SIZE], **viewpoint_context(request)},
    )


def get_page(plural: str, slug: str) -> Any:
    """The page with an address at this viewpoint. Raises Http404."""
    return get_object_or_404(model_of(plural), slug=slug)


def viewpoint_context(request: HttpRequest) -> dict[str, Any]:
    """What the banner says: which moment and branch this is, and the way back."""
    seen = viewpoint_of(request)
    if seen.is_head_of_main:
        return {"viewpoint": seen}
    parts = [] if seen.name == "main" else [f"Branch {seen.name}"]
    if seen.is_past:
        parts.append(f"as of position {seen.position}")
    kind = "both" if len(parts) > 1 else "past" if seen.is_past else "branch"
    return {
        "viewpoint": seen,
        "viewpoint_kind": kind,
        "viewpoint_text": ", ".join(parts),
        "back": request.path_info,
    }
