"""What links to a page: texts that mention it, and pages that have it as a fact."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from wiki.pages.finding import find_page
from wiki.texts.linking import pages_naming, texts_linking_to


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
