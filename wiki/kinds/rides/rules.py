"""What a ride's facts may not, or hardly ever, say together."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from versioning.fields.quantities import Quantity
from wiki.pages.rules import Rule, warning

DEEPEST_PIT_M = Decimal(30)
"""By how much a drop may exceed the height: tunnels and ravines below the station do it."""


def comes_near(name: str, most: Quantity) -> Rule:
    """A figure is not beyond all that was ever built: somebody typed feet for metres, or a zero."""

    @warning(f"{name}-beyond-belief", name)
    def rule(ride: Any) -> Iterator[str]:
        figure: Quantity | None = getattr(ride, name)
        if figure is not None and figure > most:
            yield f"It says {name} {figure}. No ride comes near {most}."

    return rule


@warning("drop-over-height", "drop", "height")
def drop_fits_height(ride: Any) -> Iterator[str]:
    if ride.height is None or ride.drop is None:
        return
    if ride.drop.in_base_unit - ride.height.in_base_unit > DEEPEST_PIT_M:
        yield (
            f"The drop ({ride.drop}) is deeper than the height ({ride.height}) by more than a "
            "pit explains."
        )


@warning("smaller-when-alone", "rider_height", "rider_height_accompanied")
def who_rides_alone_is_no_smaller(ride: Any) -> Iterator[str]:
    alone, accompanied = ride.rider_height, ride.rider_height_accompanied
    if alone is not None and accompanied is not None and accompanied > alone:
        yield f"Accompanied riders must be taller ({accompanied}) than those alone ({alone})."


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
