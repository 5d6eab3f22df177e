"""A park in a year: its areas with the rides that stood in them, what opened and closed.

Asks no database: what was when is in `stays.py`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wiki.kinds.areas import ParkArea
from wiki.kinds.rides.models import Ride
from wiki.years.stays import Areas, Stay, last_year


@dataclass(frozen=True)
class Seen:
    """A ride or an area as it was in a year: by the name that it had then."""

    stay: Stay[Ride | ParkArea]
    called: str


@dataclass(frozen=True)
class AreaSeen:
    """An area as it was in a year, and the rides that stood in it."""

    area: ParkArea
    called: str
    rides: Sequence[Seen]


@dataclass(frozen=True)
class ParkInYear:
    """What is told of a park in a year; `elsewhere` are rides in no area that was there."""

    areas: Sequence[AreaSeen]
    elsewhere: Sequence[Seen]
    opened: Sequence[Seen]
    closed: Sequence[Seen]


NOTHING = ParkInYear((), (), (), ())


def park_in(year: int, rides: Sequence[Stay[Ride]], areas: Areas) -> ParkInYear:
    """A park's areas and rides in a year."""
    standing = [_seen(stay, year) for stay in rides if stay.was_there_in(year)]
    there = {seen.area.pk: seen for seen in _areas_in(year, standing, areas)}
    both: Sequence[Stay[Ride | ParkArea]] = [*rides, *areas.told]
    return ParkInYear(
        list(there.values()),
        [seen for seen in standing if seen.stay.area_id not in there],
        [_seen(stay, year) for stay in both if stay.first == year],
        [_seen(stay, year) for stay in both if stay.last == year],
    )


def _seen(stay: Stay[Ride | ParkArea], year: int) -> Seen:
    return Seen(stay, stay.called or called_in(year, stay.page))


def called_in(year: int, page: Ride | ParkArea) -> str:
    """The name that it had then, where its names tell; else that of today."""
    former: list[str] = [each.name for each in page.names.held_in(year)]
    return former[0] if former else page.name


def without_end(rides: Sequence[Stay[Ride]]) -> int:
    """How many rides are gone, and nobody has told since when."""
    return sum(stay.is_over and stay.last is None for stay in rides)


def _areas_in(year: int, standing: Sequence[Seen], areas: Areas) -> Iterator[AreaSeen]:
    """The areas that were there. One that tells no opening was, where a ride stood in it."""
    told = [stay.page for stay in areas.told if stay.was_there_in(year)]
    for area in (*told, *(each for each in areas.untold if not _has_closed(each, year))):
        rides = [seen for seen in standing if seen.stay.area_id == area.pk]
        if rides or area.opened:
            yield AreaSeen(area, called_in(year, area), rides)


def _has_closed(area: ParkArea, year: int) -> bool:
    last = last_year(area.closed)
    return last is not None and last < year
