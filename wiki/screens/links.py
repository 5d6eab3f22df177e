"""What links to a page: texts that mention it, facts that name it. Links that lead nowhere, and
pages that none leads to.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from projections.cache import topics
from projections.cache.cached import Made, cached
from wiki.kinds.registry import KINDS, model_of
from wiki.names.finding import find_page
from wiki.requests.numbers import read_number
from wiki.requests.refusals import RequestRefused
from wiki.texts.linking import pages_naming, texts_linking_to
from wiki.texts.orphans import count_orphans, orphans_of
from wiki.texts.reports import report_links

PAGE_SIZE = 200
"""Orphans on a page of their report."""

ORPHANS = "Pages that nothing leads to"


def links(request: HttpRequest, plural: str, slug: str) -> HttpResponse:
    """Both lists, by name. Cost: three queries."""
    page = find_page(plural, slug, address="links")
    context = {
        "page": page,
        "plural": plural,
        "slug": slug,
        "lists": [
            ("Mentioned in the text of", texts_linking_to(page)),
            ("A fact of", pages_naming(page)),
        ],
    }
    return render(request, "pages/links.html", context)


def reports(request: HttpRequest) -> HttpResponse:
    """Links to missing pages, and to several; kept until anything changes."""
    found = cached(("link-reports",), _reports)
    return render(request, "pages/reports.html", {"reports": found})


def _reports() -> Made:
    html = render_to_string("pages/_reports.html", {"report": report_links()})
    return Made(html, [topics.ANYTHING])


def orphans(request: HttpRequest) -> HttpResponse:
    """How many pages of each kind no other leads to; kept until anything changes."""
    found = cached(("orphans",), _orphans)
    return render(request, "pages/orphans.html", {"title": ORPHANS, "orphans": found})


def orphans_by_kind(request: HttpRequest, plural: str) -> HttpResponse:
    """Those of a kind, by name; `?page=2` goes on. Kept until anything changes.

    Raises RequestRefused.
    """
    many = model_of(plural)._meta.verbose_name_plural
    page = read_number(request.GET.get("page", ""), 1)
    found = cached(("orphans", plural, str(page)), lambda: _orphans_by_kind(plural, page))
    context = {"title": f"{str(many).capitalize()} that nothing leads to", "orphans": found}
    return render(request, "pages/orphans.html", context)


def _orphans() -> Made:
    kinds = [
        (plural, str(KINDS[plural]._meta.verbose_name_plural).capitalize(), count)
        for plural, count in count_orphans().items()
    ]
    return Made(render_to_string("pages/_orphan_kinds.html", {"kinds": kinds}), [topics.ANYTHING])


def _orphans_by_kind(plural: str, page: int) -> Made:
    found, begin = orphans_of(model_of(plural)), (page - 1) * PAGE_SIZE
    if page < 1 or (page > 1 and begin >= len(found)):
        raise RequestRefused(f"This list has no page {page}.", hint="Go back to its beginning.")
    context = {
        "count": len(found),
        "pages": found[begin : begin + PAGE_SIZE],
        "previous": f"?page={page - 1}" if page > 1 else "",
        "next": f"?page={page + 1}" if begin + PAGE_SIZE < len(found) else "",
    }
    return Made(render_to_string("pages/_orphans.html", context), [topics.ANYTHING])
