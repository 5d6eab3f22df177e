"""What links to a page: texts that mention it, facts that name it; and links that lead nowhere."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from projections.cache import topics
from projections.cache.cached import Made, cached
from wiki.pages.finding import find_page
from wiki.texts.linking import pages_naming, texts_linking_to
from wiki.texts.reports import report_links


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
    """Links to missing pages, and articles that nothing links to; kept until anything changes."""
    found = cached(("link-reports",), _reports)
    return render(request, "pages/reports.html", {"reports": found})


def _reports() -> Made:
    html = render_to_string("pages/_reports.html", {"report": report_links()})
    return Made(html, [topics.ANYTHING])
