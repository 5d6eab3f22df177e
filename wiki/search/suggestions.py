"""Suggestions of the search box: pages that are called so, and whatever else a palette leads to."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, IntegerField, QuerySet, Value
from django.db.models.functions import Coalesce, ExtractYear
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django_countries import countries

from projections.search.finding import Hit, suggest
from projections.search.terms import Term
from versioning.viewpoints.visibility import Link
from wiki.kinds.registry import KINDS
from wiki.pages.models import Page
from wiki.search.offers import Offer, OfferGroup
from wiki.search.palette import actions, branches, moments
from wiki.search.questions import LONGEST_QUERY
from wiki.viewpoints.addresses import viewpoint_of

MOST_PAGES = 8
MOST_WORDS = 8

_PLACES = ("park", "manufacturer", "country")
"""Fields that say where a page's subject belongs: the first that its kind has tells it apart."""


def suggestions(request: HttpRequest) -> HttpResponse:
    """What goes on from `?q=`: pages, and what can be done on the page at `?path=`, as a listbox.

    Cost: at most nine queries, whatever was found; four for a name that is typed rightly.
    """
    text = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_QUERY]
    groups = [
        OfferGroup("Pages", _pages(text, viewpoint_of(request).chain)),
        OfferGroup("This page at another moment", moments(text, request)),
        OfferGroup("This page", actions(text, request)),
        OfferGroup("Branches", branches(text)),
    ]
    context = {"groups": [group for group in groups if group.offers]}
    return render(request, "components/search_options.html", context)


def _pages(text: str, chain: Sequence[Link]) -> list[Offer]:
    """The pages that are called so, each with its kind, where it is and since when."""
    hits = suggest([Term(word) for word in text.split()[:MOST_WORDS]], chain, limit=MOST_PAGES)
    rows = _rows(hits)
    return [_offer(*rows[hit.entity_id]) for hit in hits if hit.entity_id in rows]


def _rows(hits: Sequence[Hit]) -> dict[UUID, tuple[Any, ...]]:
    """Kind, address, name, place and year of the pages that the viewpoint still has: one query."""
    selects = [
        _told(model, ids)
        for model in KINDS.values()
        if (ids := [hit.entity_id for hit in hits if hit.kind == model._meta.label_lower])
    ]
    if not selects:
        return {}
    first, *others = selects
    rows = first.union(*others, all=True) if others else first
    return {entity_id: told for entity_id, *told in rows}


def _told(model: type[Page], ids: Sequence[UUID]) -> "QuerySet[Any, Any]":
    place = next((name for name in _PLACES if hasattr(model, name)), "")
    is_page = place and model._meta.get_field(place).is_relation
    since = model.list_orders.get("oldest")
    return (
        model._default_manager.filter(pk__in=ids)
        .order_by()
        .values_list(
            "pk",
            Value(model.plural, CharField()),
            "slug",
            "name",
            Coalesce(F(f"{place}__name" if is_page else place), Value(""), output_field=CharField())
            if place
            else Value("", CharField()),
            ExtractYear(since) if since else Value(None, IntegerField()),
        )
    )


def _offer(plural: str, slug: str, name: str, place: str, year: int | None) -> Offer:
    kind = str(KINDS[plural]._meta.verbose_name).capitalize()
    about = [kind, countries.name(place) or place, str(year or "")]
    return Offer(name, reverse("page", args=[plural, slug]), ", ".join(filter(None, about)))
