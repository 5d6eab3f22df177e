"""The parks of a map as a list by country: everything that the picture shows, and more easily."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from django.urls import reverse

from wiki.fields.countries import country_choices
from wiki.lists.listing import Asked
from wiki.maps.addresses import address_of_country
from wiki.maps.places import Place
from wiki.requests.refusals import RequestRefused

PAGE_SIZE = 200


@dataclass(frozen=True)
class Country:
    """A country with how many parks it has in view, and those on this page of the list.

    `href` shows all of its parks. It is empty for parks in no country: on the high sea, and where
    the world does not agree on one.
    """

    name: str
    href: str
    count: int
    parks: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class List:
    """A page of the list; `countries` are all of it, those with a park on the page `shown`."""

    countries: Sequence[Country]
    shown: Sequence[Country]
    has_more: bool
    has_guesses: bool


def listed(places: Sequence[Place], asked: Asked, page: int) -> List:
    """Page `page` of places, by country and name. Raises RequestRefused where there is none."""
    begin = (page - 1) * PAGE_SIZE
    if page < 1 or (page > 1 and begin >= len(places)):
        raise RequestRefused(f"This list has no page {page}.", hint="Go back to its beginning.")
    names = dict(country_choices())
    # By name already: what sorts by country alone keeps that.
    ordered = sorted(places, key=lambda each: (not each.country, names.get(each.country, "")))
    part = ordered[begin : begin + PAGE_SIZE]
    countries = {
        code: Country(
            names.get(code, "No country"), address_of_country(code, asked) if code else "", count
        )
        for code, count in Counter(each.country for each in ordered).items()
    }
    shown = [
        replace(countries[code], parks=[_link(each) for each in together])
        for code, together in groupby(part, key=lambda each: each.country)
    ]
    return List(
        list(countries.values()),
        shown,
        begin + PAGE_SIZE < len(ordered),
        any(not each.is_told for each in part),
    )


def _link(place: Place) -> tuple[str, str]:
    return place.name, reverse("page", kwargs={"plural": "parks", "slug": place.slug})
