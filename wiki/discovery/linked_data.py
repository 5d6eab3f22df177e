"""Pages as schema.org says them, for machines: what it is, and where it stands in the wiki.

Made with paths; they become addresses when the answer is made, because only the request knows
the host, and what is cached is the same for every host.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from versioning.entities.kinds import Document
from wiki.pages.models import Page
from wiki.pages.values import Piece, Shelf

Data = dict[str, Any]
Crumbs = Sequence[tuple[str, str]]
"""Labels and paths, outermost first."""

SITE_NAME = "ThrillWiki"

TYPES: Mapping[str, str] = {
    "parks": "AmusementPark",
    "areas": "Place",
    "rides": "TouristAttraction",
    "models": "ProductModel",
    "companies": "Organization",
    "people": "Person",
    "articles": "Article",
    "elements": "DefinedTerm",
    "sources": "CreativeWork",
}
"""What the pages of a kind are to schema.org, by the first part of their addresses."""

DATES: Mapping[str, Mapping[str, str]] = {
    "Person": {"born": "birthDate", "died": "deathDate"},
    "Organization": {"founded": "foundingDate", "defunct": "dissolutionDate"},
    # A business, and so an organisation; a ride is a place alone, which has no dates.
    "AmusementPark": {"opened": "foundingDate", "closed": "dissolutionDate"},
    "CreativeWork": {"published": "datePublished"},
}
"""What schema.org calls the dates of a page's subject, by their fields."""

_ISO: Final = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-[0-9]{2})?)?")
"""A day, a month or a year as ISO 8601 writes it; EDTF says more than that."""

PLACES = frozenset({"AmusementPark", "Place", "TouristAttraction"})

_PATHS = frozenset({"url", "item", "mainEntityOfPage"})
"""Names whose values are addresses of this wiki."""

_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def about(page: Page, document: Document, shelf: Shelf, description: str) -> Data:
    """A page's subject. Asks no database."""
    kind = TYPES.get(page.plural, "Thing")
    path = page.get_absolute_url()
    data: Data = {
        "@type": kind,
        "headline" if kind == "Article" else "name": page.name,
        "description": description,
        "url": path,
        "mainEntityOfPage": path,
    }
    if website := document.get("website"):
        data["sameAs"] = website
    for name, property_name in DATES.get(kind, {}).items():
        if _ISO.fullmatch(date := document.get(name) or ""):
            data[property_name] = date
    if kind in PLACES:
        data |= _place(document, shelf)
    if kind == "ProductModel" and (maker := _referred(document, "manufacturer", shelf)):
        data["manufacturer"] = {"@type": "Organization", **maker}
    return data


def breadcrumbs(crumbs: Crumbs) -> Data:
    """The way to a page, the front page first."""
    whole = [(SITE_NAME, reverse("home")), *crumbs]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": label, "item": path}
            for place, (label, path) in enumerate(whole, 1)
        ],
    }


def website() -> Data:
    return {"@type": "WebSite", "name": SITE_NAME, "url": reverse("home")}


def told(request: HttpRequest, name: str, path: str, kind: str = "CollectionPage") -> SafeString:
    """The data block of a page that has no subject of its own: what sort of page it is, and where.

    `kind` is what it is to schema.org, `path` its one address.
    """
    about_page = {"@type": kind, "name": name, "url": path, "isPartOf": website()}
    return script(request, about_page, breadcrumbs([(name, path)]))


def script(request: HttpRequest, *data: Data) -> SafeString:
    """A data block: never run, and nothing in it can end it.

    A browser takes no script out of it, so the policy against inline scripts leaves it alone.
    """
    graph = {
        "@context": "https://schema.org",
        "@graph": [_with_addresses(d, request) for d in data],
    }
    text = json.dumps(graph).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308  # escaped above


def _place(document: Document, shelf: Shelf) -> Data:
    data: Data = {}
    if coordinates := document.get("coordinates"):
        data["geo"] = {"@type": "GeoCoordinates", **coordinates}
    address = {
        "streetAddress": document.get("street"),
        "addressLocality": document.get("location"),
        "addressRegion": document.get("region"),
        "addressCountry": document.get("country"),
    }
    if any(address.values()):
        told = {name: value for name, value in address.items() if value}
        data["address"] = {"@type": "PostalAddress", **told}
    if park := _referred(document, "park", shelf):
        data["containedInPlace"] = {"@type": "AmusementPark", **park}
    return data


def _referred(document: Document, name: str, shelf: Shelf) -> Data | None:
    """What a reference leads to, where that has a page."""
    found: Piece | None = shelf.get(str(document.get(name)))
    return {"name": found.text, "url": found.href} if found is not None and found.href else None


def _with_addresses(value: Any, request: HttpRequest, name: str = "") -> Any:
    match value:
        case dict():
            return {key: _with_addresses(each, request, key) for key, each in value.items()}
        case list():
            return [_with_addresses(each, request, name) for each in value]
        case str() if name in _PATHS:
            return request.build_absolute_uri(value)
    return value
