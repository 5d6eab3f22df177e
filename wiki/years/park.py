"""The rides of a park through the years: which stood, opened and closed when."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from wiki.models import Park, Ride

MOST_RIDES = 500
"""Rides of one park that its years show."""


@dataclass(frozen=True)
class Stay:
    """A ride and the years that it stood; None where the end is open or not told."""

    ride: Ride
    first: int
    last: int | None

    def stood_in(self, year: int) -> bool:
        return self.first <= year and (self.last is None or year <= self.last)


@dataclass(frozen=True)
class RidesInYear:
    """What is told of a park's rides in a year."""

    standing: Sequence[Ride]
    opened: Sequence[Ride]
    closed: Sequence[Ride]


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


def rides_in(stays: Sequence[Stay], year: int) -> RidesInYear:
    """The rides in a year. Asks no database."""
    return RidesInYear(
        [stay.ride for stay in stays if stay.stood_in(year)],
        [stay.ride for stay in stays if stay.first == year],
        [stay.ride for stay in stays if stay.last == year],
    )
