"""What a ride's facts may not, or hardly ever, say together."""

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from wiki.pages.rules import Broken
from wiki.rides.choices import Status

DEEPEST_PIT_M = Decimal(30)
"""By how much a drop may exceed the height: tunnels and ravines below the station do it."""

_NOT_OPEN_YET = {Status.ANNOUNCED, Status.PLANNED, Status.UNDER_CONSTRUCTION}
_RUNS = {Status.OPERATING}


def drop_fits_height(ride: Any) -> Iterator[Broken]:
    if ride.height is None or ride.drop is None:
        return
    if ride.drop.in_base_unit - ride.height.in_base_unit > DEEPEST_PIT_M:
        yield Broken(
            "drop-over-height",
            ("drop", "height"),
            f"The drop ({ride.drop}) is deeper than the height ({ride.height}) by more than a "
            "pit explains.",
            is_warning=True,
        )


def status_fits_dates(ride: Any) -> Iterator[Broken]:
    today = datetime.datetime.now(datetime.UTC).date()
    words = ride.get_status_display().lower()
    if ride.status in _RUNS and ride.closed is not None and ride.closed.last_day < today:
        yield Broken(
            "operating-though-closed",
            ("status", "closed"),
            f"The status is {words}, but it closed {ride.closed}.",
            is_warning=True,
        )
    if ride.status in _NOT_OPEN_YET and ride.opened is not None and ride.opened.last_day < today:
        yield Broken(
            "opened-though-to-come",
            ("status", "opened"),
            f"The status is {words}, but it opened {ride.opened}.",
            is_warning=True,
        )


def area_is_of_the_park(ride: Any) -> Iterator[Broken]:
    """Cost: a query where both are told."""
    if (
        ride.area_id
        and ride.park_id
        and ride.area
        and ride.area.park_id not in (None, ride.park_id)
    ):
        yield Broken(
            "area-of-another-park",
            ("area", "park"),
            f"{ride.area} is an area of another park.",
            is_warning=True,
        )
