"""The kinds of pages, by the first part of their addresses."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404
from django.urls import Resolver404, resolve

from wiki.kinds.areas import ParkArea
from wiki.kinds.articles import Article
from wiki.kinds.companies import Company
from wiki.kinds.elements import Element
from wiki.kinds.parks import Park
from wiki.kinds.people import Person
from wiki.kinds.rides.models import Ride, RideModel
from wiki.kinds.sources import Source
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
