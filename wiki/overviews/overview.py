"""The overview of a page: its rides in figures, by years, on a map; as HTML, and kept.

It stands above the text of parks, areas, companies, people and models.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.template.loader import render_to_string

from projections.cache import topics
from projections.cache.cached import Made, cached
from versioning.entities.kinds import kind_of
from wiki.kinds.areas import ParkArea
from wiki.kinds.parks import Park
from wiki.kinds.rides.models import Ride
from wiki.lists.listing import MOST_COUNTED
from wiki.lists.related import address_of_list
from wiki.overviews.places import map_for
from wiki.overviews.records import records_of
from wiki.overviews.rides import Rides, rides_naming
from wiki.pages.models import Page
from wiki.years import charts
from wiki.years.bars import bars_of
from wiki.years.stays import Stay, rides_of
from wiki.years.then import years_of

WORTH_SHOWING: Final = 3
"""Rides from which on figures and years say more than a list does."""

MOST_BARS: Final = 24
"""Rides whose stays a park's page shows; all are on the page of its years."""


def overview(page: Page) -> str:
    """What a page's rides come to. Cost: a query where it is kept, else a fixed number."""
    return cached(("overview", str(page.pk)), lambda: _made(page))


def _made(page: Page) -> Made:
    rides = rides_naming(page)
    counted = None if rides is None or rides.is_more else rides
    context: dict[str, Any] = {"page": page, "rides": rides, "map": map_for(page, counted)}
    if rides and rides.is_more:
        context |= {"most": MOST_COUNTED, "all": _list_of(page, rides)}
    elif rides and len(rides.rows) >= WORTH_SHOWING:
        context |= {**_figures(page, rides), **_years(page, rides)}
    html = render_to_string("overviews/overview.html", context)
    made_from = [topics.entity(page.pk), *(topics.every(kind_of(model)) for model in (Ride, Park))]
    return Made(html.strip(), made_from)


def _figures(page: Page, rides: Rides) -> Mapping[str, Any]:
    return {
        "total": len(rides.rows),
        "first": min(rides.openings, default=None),
        "all": _list_of(page, rides),
        "records": records_of(rides),
    }


def _years(page: Page, rides: Rides) -> Mapping[str, Any]:
    """Rides of a park from opening to end; of all others how many opened when."""
    if isinstance(page, Park):
        return _stays(page, rides_of(page))
    if isinstance(page, ParkArea) and page.park:
        return _stays(page.park, [each for each in rides_of(page.park) if each.area_id == page.pk])
    return _openings(_list_of(page, rides), rides.openings)


def _stays(park: Park, stays: Sequence[Stay[Ride]]) -> Mapping[str, Any]:
    newest = stays[-MOST_BARS:]
    if not newest:
        return {}
    # From the first of them: a park may be a century older than what is known of it.
    years = range(newest[0].first, years_of(park, newest)[-1] + 1)
    return {"stays": bars_of(newest, years), "other_stays": len(stays) - len(newest), "park": park}


def _openings(listed: str, opened: Mapping[int, int]) -> Mapping[str, Any]:
    """How many rides opened in which year, each with the list of them."""
    if not opened:
        return {}
    hrefs = {year: f"{listed}&opened_from={year}&opened_to={year}" for year in opened}
    return {
        "openings": charts.columns(opened, hrefs),
        "counted": [(year, rides, hrefs[year]) for year, rides in sorted(opened.items())],
    }


def _list_of(page: Page, rides: Rides) -> str:
    """The list of all rides that name the page so."""
    return address_of_list(Ride, rides.naming.field, page.slug)
