"""What a ride's facts may not, or hardly ever, say together."""

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from wiki.pages.rules import warning
from wiki.rides.choices import Status

DEEPEST_PIT_M = Decimal(30)
"""By how much a drop may exceed the height: tunnels and ravines below the station do it."""

_NOT_OPEN_YET = {Status.ANNOUNCED, Status.PLANNED, Status.UNDER_CONSTRUCTION}
_RUNS = {Status.OPERATING}


@warning("drop-over-height", "drop", "height")
def drop_fits_height(ride: Any) -> Iterator[str]:
    if ride.height is None or ride.drop is None:
        return
    if ride.drop.in_base_unit - ride.height.in_base_unit > DEEPEST_PIT_M:
        yield (
            f"The drop ({ride.drop}) is deeper than the height ({ride.height}) by more than a "
            "pit explains."
        )


@warning("operating-though-closed", "status", "closed")
def what_operates_has_not_closed(ride: Any) -> Iterator[str]:
    if ride.status in _RUNS and _is_over(ride.closed):
        words = ride.get_status_display().lower()
        yield f"The status is {words}, but it closed {ride.closed}."


@warning("opened-though-to-come", "status", "opened")
def what_is_to_come_has_not_opened(ride: Any) -> Iterator[str]:
    if ride.status in _NOT_OPEN_YET and _is_over(ride.opened):
        words = ride.get_status_display().lower()
        yield f"The status is {words}, but it opened {ride.opened}."


@warning("area-of-another-park", "area", "park")
def area_is_of_the_park(ride: Any) -> Iterator[str]:
    """Cost: a query where both are told."""
    if (
        ride.area_id
        and ride.park_id
        and ride.area
        and ride.area.park_id not in (None, ride.park_id)
    ):
        yield f"{ride.area} is an area of another park."


def _is_over(date: Any) -> bool:
    return date is not None and date.last_day < datetime.datetime.now(datetime.UTC).date()
