"""Lists of a kind as pages, and suggestions from them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from versioning.entities.kinds import kind_of
from versioning.entities.saving import values_of
from wiki.pages.kinds import model_of
from wiki.pages.listing import listing, matching
from wiki.pages.models import Page
from wiki.pages.values import label_of, shelf_of, shown


def page_list(request: HttpRequest, plural: str) -> HttpResponse:
    """Pages of a kind; `?part=results` gives the results alone."""
    model: type[Page] = model_of(plural)
    kind = kind_of(model)
    found = listing(model, request.GET)
    columns = [kind.fields[name] for name in model.list_columns]
    documents = [values_of(page, kind) for page in found.pages]
    shelf = shelf_of((kind, {f.name: d[f.name] for f in columns if f.name in d}) for d in documents)
    rows: list[dict[str, Any]] = [
        {
            "page": page,
            "cells": [(label_of(f), shown(f, document.get(f.name), shelf)) for f in columns],
        }
        for page, document in zip(found.pages, documents, strict=True)
    ]
    context = {
        "title": str(model._meta.verbose_name_plural).capitalize(),
        "one": str(model._meta.verbose_name),
        "plural": plural,
        "columns": [label_of(f) for f in columns],
        "rows": rows,
        "listing": found,
        "is_filtered": any(each.value for each in found.filters),
    }
    template = "pages/list.html#results" if request.GET.get("part") else "pages/list.html"
    return render(request, template, context)


def options(request: HttpRequest, plural: str) -> HttpResponse:
    """Suggestions for a field that names a page: what was typed is in the field that `of` names."""
    text = request.GET.get(request.GET.get("of", ""), "")
    found = matching(model_of(plural), text)
    return render(request, "components/page_options.html", {"options": found})
