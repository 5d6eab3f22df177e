"""Where the subject of a page is: a park and those around it, or the parks of a company's rides."""

from typing import Any

from django.db.models import Q
from django.http import QueryDict

from wiki.kinds.companies import Company
from wiki.kinds.parks import Park
from wiki.lists.listing import MOST_COUNTED, read_query
from wiki.maps.places import Place, find_places
from wiki.maps.small import SmallMap, map_around, map_of
from wiki.overviews.rides import Rides
from wiki.pages.models import Page


def map_for(page: Page, rides: Rides | None) -> SmallMap | None:
    """The map of a page; None where no place is told. Cost: a query, or an answer of the cache."""
    if isinstance(page, Park):
        return _around(page)
    places = _places_of(page, rides)
    return map_of(places) if places else None


def _around(park: Park) -> SmallMap | None:
    if park.coordinates is None:
        return None
    parks = find_places(read_query(Park, QueryDict())).places
    return map_around(park.coordinates, (each for each in parks if each.slug != park.slug))


def _places_of(page: Page, rides: Rides | None) -> list[Place]:
    """The parks with its rides; of a company also those that it owns or runs, or did."""
    wanted = Q(pk__in=rides.parks if rides else ())
    if isinstance(page, Company):
        wanted |= _in_charge("owners", page) | _in_charge("operators", page)
    told = Park.objects.filter(wanted).order_by("name", "id")
    columns = told.values_list("slug", "name", "country", "coordinates")[:MOST_COUNTED]
    return [Place.of(*row) for row in columns if row[3] is not None]


def _in_charge(name: str, company: Company) -> Q:
    """Parks that name a company in a list of such."""
    items: Any = Park._meta.get_field(name)
    found: Q = items.naming(Company, [str(company.pk)])
    return found
