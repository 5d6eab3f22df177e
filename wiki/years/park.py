"""A park in one year: what stood there, whose it was, how many came."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from wiki.models import Park, Ride
from wiki.pages.items import OtherName

MOST_RIDES = 500
"""Rides of one park that its years show."""

EARLIEST, LATEST = 1000, 2999


@dataclass(frozen=True)
class Stay:
    """A ride and the years that it stood; None where the end is open or not told."""

    ride: Ride
    first: int
    last: int | None

    def stood_in(self, year: int) -> bool:
        return self.first <= year and (self.last is None or year <= self.last)


@dataclass(frozen=True)
class ParkInYear:
    """What is told of a park in a year."""

    year: int
    standing: Sequence[Ride]
    opened: Sequence[Ride]
    closed: Sequence[Ride]
    names: Sequence[OtherName]
    owners: Sequence[Any]
    operators: Sequence[Any]
    visitors: int | None


def stays_at(park: Park) -> list[Stay]:
    """Every ride of a park whose opening is told, by age. Cost: one query."""
    rides = (
        Ride.objects.filter(park=park, opened_from__isnull=False)
        .only("name", "slug", "opened", "closed", "status")
        .order_by("opened_from", "name", "id")[:MOST_RIDES]
    )
    return [
        Stay(ride, ride.opened.year, ride.closed.last_day.year if ride.closed else None)
        for ride in rides
        if ride.opened is not None
    ]


def untold_at(park: Park) -> int:
    """How many rides of a park tell no opening, and so stand in no year."""
    return Ride.objects.filter(Q(park=park) & Q(opened_from__isnull=True)).count()


def in_year(park: Park, stays: Sequence[Stay], year: int) -> ParkInYear:
    """The park in a year. Asks no database."""
    visitors = [each.visitors for each in park.attendance if each.year == year]
    return ParkInYear(
        year,
        [stay.ride for stay in stays if stay.stood_in(year)],
        [stay.ride for stay in stays if stay.first == year],
        [stay.ride for stay in stays if stay.last == year],
        [n for n in park.names.held_in(year) if n.since is not None or n.until is not None],
        list(park.owners.held_in(year)),
        list(park.operators.held_in(year)),
        visitors[0] if visitors else None,
    )


def years_of(stays: Sequence[Stay]) -> range:
    """From the first opening to the last year of anything that stands or stood."""
    if not stays:
        return range(0)
    this_year = datetime.datetime.now(datetime.UTC).year
    last = max(this_year if stay.last is None else stay.last for stay in stays)
    return range(stays[0].first, max(last, stays[-1].first) + 1)
