"""The rides of a park through the years: which stood, opened and closed when."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from wiki.models import Park, Ride
from wiki.pages.statuses import HAS_CLOSED

MOST_RIDES = 500
"""Rides of one park that its years show."""


@dataclass(frozen=True)
class Stay:
    """A ride and the years that it stood; None where the end is open or not told.

    What is gone without telling when stood in its first year, as far as anybody knows.
    """

    ride: Ride
    first: int
    last: int | None
    is_over: bool

    def stood_in(self, year: int) -> bool:
        last = self.first if self.is_over and self.last is None else self.last
        return self.first <= year and (last is None or year <= last)

    def called_in(self, year: int) -> str:
        """The name that it had then, where its names tell; else that of today."""
        former = [each.name for each in self.ride.names.held_in(year)]
        return former[0] if former else self.ride.name


@dataclass(frozen=True)
class RidesInYear:
    """What is told of a park's rides in a year."""

    standing: Sequence[tuple[Ride, str]]
    """With the names that they had."""
    opened: Sequence[Ride]
    closed: Sequence[Ride]


def stays_at(park: Park) -> list[Stay]:
    """Every ride of a park whose opening is told, by age. Cost: one query."""
    rides = (
        Ride.objects.filter(park=park, opened_from__isnull=False)
        .only("name", "slug", "names", "opened", "closed", "status", "statuses")
        .order_by("opened_from", "name", "id")[:MOST_RIDES]
    )
    return [
        Stay(ride, ride.opened.year, _end(ride), ride.status in HAS_CLOSED)
        for ride in rides
        if ride.opened is not None
    ]


def _end(ride: Ride) -> int | None:
    """The year of its closing; else the last in which it had a status of what stands."""
    if ride.closed is not None:
        return int(ride.closed.last_day.year)
    if ride.status not in HAS_CLOSED:
        return None
    told = (each.until for each in ride.statuses if each.status not in HAS_CLOSED)
    years: list[int] = [date.last_day.year for date in told if date is not None]
    return max(years, default=None)


def untold_at(park: Park) -> int:
    """How many rides of a park tell no opening, and so stand in no year."""
    return Ride.objects.filter(Q(park=park) & Q(opened_from__isnull=True)).count()


def without_end(stays: Sequence[Stay]) -> int:
    """How many rides are gone, and nobody has told since when."""
    return sum(stay.is_over and stay.last is None for stay in stays)


def rides_in(stays: Sequence[Stay], year: int) -> RidesInYear:
    """The rides in a year. Asks no database."""
    return RidesInYear(
        [(stay.ride, stay.called_in(year)) for stay in stays if stay.stood_in(year)],
        [stay.ride for stay in stays if stay.first == year],
        [stay.ride for stay in stays if stay.last == year],
    )
