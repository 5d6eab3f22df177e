"""The rides that come first among those of a page, each with its place among all rides."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from wiki.kinds.rides.models import Ride
from wiki.kinds.rides.records import RANKINGS, Ranking
from wiki.overviews.rides import Rides
from wiki.overviews.standings import Standing, spreads_of, standing_of


@dataclass(frozen=True)
class Record:
    """A ride that has the most of something; `href` leads to all rides by that."""

    title: str
    ride: Ride
    standing: Standing
    href: str


def records_of(rides: Rides) -> Sequence[Record]:
    """What the rides of a page are known for. Cost: a query, and that of a ride's standings."""
    foremost = rides.foremost()
    if not foremost:
        return []
    spreads = spreads_of(rides.category)
    named = Ride.objects.defer("body").in_bulk(list(set(foremost.values())))
    ranked = [
        (each, ride, standing_of(ride, each.name, spreads))
        for each in RANKINGS
        if (ride := named.get(foremost.get(each.name)))
    ]
    return [
        Record(_title(each, rides), ride, standing, _list(rides.category, each.order))
        for each, ride, standing in ranked
        if standing
    ]


def _title(ranking: Ranking, rides: Rides) -> str:
    return ranking.title_among(rides.category) if rides.is_mixed else ranking.title


def _list(category: str, order: str) -> str:
    asked = {"category": category, "order": order}
    return f"{reverse('list', args=['rides'])}?{urlencode(asked)}"
