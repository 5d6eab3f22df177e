"""A page: infobox, body, and what other pages tell of it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from versioning.entities.kinds import kind_of
from wiki.pages.finding import find_page
from wiki.pages.markdown import render as render_markdown
from wiki.pages.models import Page
from wiki.pages.values import document_of, facts_of, shelf_of

RELATED = 24
"""Pages that a related list shows before it leads to the whole."""


@dataclass(frozen=True)
class RelatedList:
    """Pages that refer to this one; `more` is the address of all of them."""

    title: str
    pages: list[Page]
    more: str


def page(request: HttpRequest, plural: str, slug: str) -> HttpResponse:
    """One page. Cost: a fixed number of queries for each kind."""
    found: Page = find_page(plural, slug)
    kind, document = kind_of(type(found)), document_of(found)
    context = {
        "page": found,
        "plural": plural,
        "facts": facts_of(kind, document, shelf_of([(kind, document)])),
        "body": render_markdown(found.body),
        "related": [related for related in _related_lists(found) if related.pages],
    }
    return render(request, "pages/page.html", context)


def _related_lists(found: Page) -> list[RelatedList]:
    return [_related(found, title, accessor) for title, accessor in found.related_lists]


def _related(found: Page, title: str, accessor: str) -> RelatedList:
    relation: Any = found._meta.get_field(accessor)
    pages = list(getattr(found, accessor).order_by("name", "id")[: RELATED + 1])
    more = ""
    if len(pages) > RELATED and relation.field.name in relation.related_model.list_filters:
        address = reverse("list", kwargs={"plural": relation.related_model.plural})
        more = f"{address}?{urlencode({relation.field.name: found.slug})}"
    return RelatedList(title, pages[:RELATED], more)
