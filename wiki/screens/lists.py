"""Lists of a kind as pages, and suggestions from them."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse

from projections.cache import topics
from projections.cache.cached import Made, cached
from versioning.entities.kinds import Kind, kind_of
from versioning.saving.edits import values_of
from wiki.discovery import linked_data
from wiki.exchange.downloads import DOWNLOADS, download
from wiki.filters.narrowing import questions_of
from wiki.kinds.registry import model_of
from wiki.lists.columns import column_of, column_of_names
from wiki.lists.counts import ListCounts, counts_of
from wiki.lists.filter_form import form_of, refused
from wiki.lists.listing import (
    LETTERS,
    MOST_COUNTED,
    PAGE_SIZE,
    Asked,
    Listing,
    columns_of,
    is_ranking,
    listing,
    matching,
    read_query,
)
from wiki.pages.models import Page
from wiki.pages.values import label_of, shelf_of, shown


def page_list(request: HttpRequest, plural: str) -> HttpResponseBase:
    """Pages of a kind; `?part=results` gives the results alone, `?format=csv` all as a file.

    A filter that cannot be read is answered with the form as it was filled in (400).
    """
    model: type[Page] = model_of(plural)
    asked = read_query(model, request.GET)
    if encoding := request.GET.get("format"):
        return download(model, asked, encoding)
    status = 400 if asked.refusals else 200
    results = refused(asked, "results") if asked.refusals else _kept_results(model, asked)
    if request.GET.get("part") == "results":
        # The address follows the filters, so that it can be shared.
        address = {"HX-Push-Url": _address(model, asked)}
        return HttpResponse(results, status=status, headers=address)
    if "" in request.GET.values():
        # A form sends what nobody filled in as well: that is no address to share.
        return redirect(_address(model, asked))
    context = {
        "title": str(model._meta.verbose_name_plural).capitalize(),
        "one": str(model._meta.verbose_name),
        "plural": plural,
        "asked": asked,
        **form_of(asked),
        "results": results,
        **_told(request, model, asked),
    }
    return render(request, "pages/list.html", context, status=status)


def options(request: HttpRequest, plural: str) -> HttpResponse:
    """Suggestions for a field that names a page: what was typed is in the field that `of` names."""
    text = request.GET.get(request.GET.get("of", ""), "")
    found = matching(model_of(plural), text)
    return render(request, "components/page_options.html", {"options": found})


def _address(model: type[Page], asked: Asked) -> str:
    """The address of what is asked, for people."""
    place = {"letter": asked.letter, "after": asked.after}
    query = asked.query | {name: value for name, value in place.items() if value}
    address = reverse("list", args=[model.plural])
    return f"{address}?{urlencode(query)}" if query else address


def _told(request: HttpRequest, model: type[Page], asked: Asked) -> dict[str, Any]:
    """What the head of a list tells.

    Indexed are lists from their beginning, narrowed by choices alone: there is no end of other
    ones, and their words would be anybody's.
    """
    title = str(model._meta.verbose_name_plural).capitalize()
    chosen = [each for each in asked.answers if each.question.choices]
    words = [f"{a.question.label.lower()} {a.question.choices[a.text]}" for a in chosen]
    is_ordered = asked.order != asked.orders[0]
    query = {each.question.name: each.text for each in chosen} | (
        {"order": asked.order} if is_ordered else {}
    )
    words += [f"{asked.order} first"] if is_ordered else []
    narrowed = f": {', '.join(words)}" if words else ""
    columns = [label_of(f).lower() for f in columns_of(model, asked)]
    with_facts = f", with {', '.join(columns)}" if columns else ""
    crumbs = [(title, reverse("list", args=[model.plural]))]
    return {
        "narrowed": narrowed,
        "description": f"{title} on ThrillWiki{narrowed}{with_facts}, and all of their past.",
        "canonical_query": f"?{urlencode(query)}" if query else "",
        "is_indexed": not (asked.after or asked.letter) and len(chosen) == len(asked.answers),
        "linked_data": linked_data.script(request, linked_data.breadcrumbs(crumbs)),
    }


def _kept_results(model: type[Page], asked: Asked) -> str:
    key = ("list", model.plural, *asked.key())
    return cached(key, lambda: _results(model, asked))


def _results(model: type[Page], asked: Asked) -> Made:
    """A page of the list as HTML, and what it was made from: the kind, and those it names."""
    kind = kind_of(model)
    found = listing(model, asked)
    columns = columns_of(model, asked)
    documents = [values_of(page, kind) for page in found.pages]
    shelf = shelf_of((kind, {f.name: d[f.name] for f in columns if f.name in d}) for d in documents)
    orders, in_order = model.list_orders, _in_order(asked)
    heads = [column_of(f, orders, asked.order, in_order) for f in columns]
    counts = counts_of(model, asked)
    rows: list[dict[str, Any]] = [
        {
            "page": page,
            "rank": rank,
            "share": _share(model, asked, page, found),
            "cells": [
                (head, shown(f, document.get(f.name), shelf))
                for f, head in zip(columns, heads, strict=True)
            ],
        }
        for rank, (page, document) in enumerate(
            zip(found.pages, documents, strict=True), found.ahead + 1
        )
    ]
    html = render_to_string(
        "pages/_results.html",
        {
            "title": str(model._meta.verbose_name_plural).capitalize(),
            "plural": model.plural,
            "columns": [column_of_names(orders, asked.order, in_order), *heads],
            "rows": rows,
            "listing": found,
            "asked": asked,
            "is_ranking": is_ranking(model, asked),
            "counts": counts,
            "counted": _counted(model, counts),
            "letters": _letters(model, asked, counts),
            "downloads": [
                (each.upper(), f"?{urlencode(asked.query | {'format': each})}")
                for each in DOWNLOADS
            ],
        },
    )
    return Made(html, [topics.every(each) for each in (kind, *_named(kind))])


def _counted(model: type[Page], counts: ListCounts) -> str:
    """`1,037 rides`, as far as is counted."""
    if counts.is_more:
        return f"More than {MOST_COUNTED:,} {model._meta.verbose_name_plural}"
    name = model._meta.verbose_name if counts.total == 1 else model._meta.verbose_name_plural
    return f"{counts.total:,} {name}"


def _letters(model: type[Page], asked: Asked, counts: ListCounts) -> list[tuple[str, str]]:
    """The ways into a list by name that has several pages."""
    if model.list_orders[asked.order] != "name" or counts.total <= PAGE_SIZE:
        return []
    return [(letter, asked.address(letter=letter)) for letter in LETTERS]


def _share(model: type[Page], asked: Asked, page: Page, found: Listing) -> float:
    """How much of the highest figure of a ranking a page has, in percent."""
    if not (found.highest and is_ranking(model, asked)):
        return 0
    own = getattr(page, model.list_orders[asked.order].removeprefix("-"))
    return round(max(float(own) / float(found.highest), 0) * 100, 1)


def _in_order(asked: Asked) -> Callable[[str], str]:
    """What leads to the same list in another order."""
    return lambda order: asked.address(order="" if order == asked.orders[0] else order)


def _named(kind: Kind) -> list[Kind]:
    """The kinds of pages that a list of this one may name, or be narrowed by."""
    shown = {f.model_field.related_model for f in kind.fields.values()}
    asked = {each.pages for _, questions in questions_of(kind.model) for each in questions}
    return [kind_of(m) for m in shown | asked if isinstance(m, type) and issubclass(m, Page)]
