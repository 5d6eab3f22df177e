"""How long rides and areas were in a park, as far as anybody has told; and where rides went.

A ride that moved tells its former places. Or it has a page for each of its places, and each names
the one before it (`moved_from`). It stands in a park from when it came there to when it left.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import Prefetch, Q

from versioning.entities.kinds import kind_of
from versioning.fields.dates import PartialDate
from wiki.kinds.areas import ParkArea
from wiki.kinds.parks import Park
from wiki.kinds.rides.choices import Status
from wiki.kinds.rides.models import Ride
from wiki.pages.statuses import HAS_CLOSED, NOT_OPEN_YET
from wiki.pages.values import Shelf, shelf_of

MOST: Final = 500
"""Rides of one park that its years show; and areas."""

_OF_A_PLACE: Final = ("name", "slug", "opened", "closed", "status", "park__name", "park__slug")
"""What is read of a ride's other places."""


@dataclass(frozen=True)
class Elsewhere:
    """Another place of a ride: its page there, and what to call it beside its name here."""

    words: str
    href: str


@dataclass(frozen=True)
class Stay[Subject: Ride | ParkArea]:
    """A ride or an area, and the years that it was there; None where the end is open or not told.

    What is gone without telling when was there in its first year, as far as anybody knows.
    """

    page: Subject
    first: int
    last: int | None
    is_over: bool
    area_id: UUID | None = None
    """The area that a ride stands in."""
    earlier: Sequence[Elsewhere] = ()
    later: Sequence[Elsewhere] = ()
    called: str = ""
    """The name that it had there, if it had another one."""

    @property
    def name(self) -> str:
        return self.called or self.page.name

    def was_there_in(self, year: int) -> bool:
        last = self.first if self.is_over and self.last is None else self.last
        return self.first <= year and (last is None or year <= last)

    @property
    def is_area(self) -> bool:
        return isinstance(self.page, ParkArea)


def rides_of(park: Park) -> list[Stay[Ride]]:
    """Every ride that stood in a park, as far as it tells since when, by age.

    Cost: three queries, and one for the parks that rides name as their former places.
    """
    stays = [*_stays_of_today(park), *_stays_before_a_move(park)]
    return sorted(stays, key=lambda stay: stay.first)


def _stays_of_today(park: Park) -> list[Stay[Ride]]:
    places = Ride.objects.select_related("park").order_by("opened_from", "name", "id")
    rides = list(
        Ride.objects.filter(park=park, opened_from__isnull=False)
        .select_related("moved_from__park")
        .prefetch_related(Prefetch("moved_on", places.only(*_OF_A_PLACE, "moved_from")))
        .only(
            "name", "slug", "names", "opened", "closed", "status", "statuses", "area",
            "former_places", *(f"moved_from__{name}" for name in _OF_A_PLACE),
        )
        .order_by("opened_from", "name", "id")[:MOST]
    )  # fmt: skip
    kind = kind_of(Ride)
    parks = shelf_of((kind, {"former_places": ride.former_places.document()}) for ride in rides)
    return [_stay_of(ride, ride.opened, parks) for ride in rides if ride.opened is not None]


def _stays_before_a_move(park: Park) -> Iterator[Stay[Ride]]:
    """The stays of rides that name a park among their former places."""
    items: Any = Ride._meta.get_field("former_places")
    rides = (
        Ride.objects.filter(items.naming(Park, [str(park.pk)]))
        .select_related("park")
        .only(*_OF_A_PLACE, "names", "former_places")
        .order_by("opened_from", "name", "id")[:MOST]
    )
    for ride in rides:
        for place in ride.former_places:
            if place.park == str(park.pk) and (place.since or place.until):
                yield _former_stay(ride, place)


def last_year(when: PartialDate | None) -> int | None:
    """The last year that an end can mean; of one that is open (`since 2001`) the first."""
    if when is None:
        return None
    return when.year if when.last_day == date.max else when.last_day.year


def _former_stay(ride: Ride, place: Any) -> Stay[Ride]:
    since, until = place.since, place.until
    return Stay(
        ride,
        (since or until).year,
        last_year(until),
        is_over=True,
        later=[Elsewhere(f"at {ride.park}", ride.park.get_absolute_url())] if ride.park else (),
        called=place.called,
    )


def _stay_of(ride: Ride, opened: PartialDate, parks: Shelf) -> Stay[Ride]:
    places: list[Ride] = list(ride.moved_on.all())
    is_over = ride.status in HAS_CLOSED or any(each.status not in NOT_OPEN_YET for each in places)
    return Stay(
        ride,
        max([opened.year, *_years_of_coming(ride)]),
        _end(ride, places) if is_over else last_year(ride.closed),
        is_over,
        ride.area_id,
        list(_before(ride, parks)),
        [_elsewhere(each, ride) for each in places if is_over],
    )


def _years_of_coming(ride: Ride) -> Iterator[int]:
    """When it came from elsewhere: it left there then, or it says itself that it was moved.

    Many tell with a ride when it opened at its first place.
    """
    left = (each.until or each.since for each in ride.former_places)
    yield from (when.year for when in left if when)
    if ride.moved_from and ride.moved_from.closed:
        yield ride.moved_from.closed.year
    if ride.status not in HAS_CLOSED:
        moves = (each for each in ride.statuses if each.status == Status.RELOCATED)
        yield from (when.year for each in moves if (when := each.until or each.since))


def _end(ride: Ride, places: Sequence[Ride]) -> int | None:
    """The last year of what is gone: that of its closing; else the last in which it had a status
    of what stands; else the first in which it had one of what is gone, or stood elsewhere.
    """
    if ride.closed is not None:
        return last_year(ride.closed)
    stood = [
        last
        for each in ride.statuses
        if each.status not in HAS_CLOSED and (last := last_year(each.until)) is not None
    ]
    gone = [each.since.year for each in ride.statuses if each.since and each.status in HAS_CLOSED]
    opened_elsewhere = [each.opened.year for each in places if each.opened]
    return max(stood) if stood else min([*gone, *opened_elsewhere], default=None)


def _before(ride: Ride, parks: Shelf) -> Iterator[Elsewhere]:
    """Where it stood earlier: its former places, and the page that it names as the one before."""
    for each in ride.former_places:
        park = parks.get(each.park)
        place, href = (park.text, park.href) if park else (each.place, "")
        if place:
            yield Elsewhere(" ".join(filter(None, (each.called, f"at {place}"))), href)
    if ride.moved_from:
        yield _elsewhere(ride.moved_from, ride)


def _elsewhere(place: Ride, ride: Ride) -> Elsewhere:
    where = f"at {place.park.name}" if place.park else ""
    name = place.name if place.name != ride.name or not where else ""
    return Elsewhere(f"{name} {where}".strip(), place.get_absolute_url())


def untold_rides(park: Park) -> int:
    """How many rides of a park tell no opening, and so stand in no year."""
    return Ride.objects.filter(Q(park=park) & Q(opened_from__isnull=True)).count()


@dataclass(frozen=True)
class Areas:
    """The areas of a park: those that tell an opening, by age, and the others, by name."""

    told: Sequence[Stay[ParkArea]]
    untold: Sequence[ParkArea]


def areas_of(park: Park) -> Areas:
    """Cost: one query."""
    areas = list(
        ParkArea.objects.filter(park=park)
        .only("name", "slug", "names", "opened", "closed")
        .order_by("opened_from", "name", "id")[:MOST]
    )
    told = [
        Stay(area, area.opened.year, last_year(area.closed), is_over=area.closed is not None)
        for area in areas
        if area.opened is not None
    ]
    return Areas(told, [area for area in areas if area.opened is None])


NO_AREAS: Final = Areas((), ())
