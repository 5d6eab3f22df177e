"""The kinds of pages, by the first part of their addresses."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404
from django.urls import Resolver404, resolve

from wiki.models import (
    Article,
    Company,
    Element,
    Park,
    ParkArea,
    Person,
    Ride,
    RideModel,
    Source,
)
from wiki.pages.models import Page

KINDS: Mapping[str, type[Page]] = {
    model.plural: model
    for model in (Park, ParkArea, Ride, RideModel, Element, Company, Person, Article, Source)
}


def model_of(plural: str) -> type[Any]:
    """The model whose pages stand under an address. Raises Http404."""
    try:
        return KINDS[plural]
    except KeyError:
        raise Http404(f"There is no kind of page called {plural!r}.") from None


def page_at(address: str) -> tuple[str, str]:
    """The kind and the page that an address behind its viewpoint is about, as far as it is any."""
    try:
        named = resolve(address.partition("?")[0]).kwargs
    except Resolver404:
        return "", ""
    plural = named.get("plural", "")
    return (plural, named.get("slug", "")) if plural in KINDS else ("", "")
