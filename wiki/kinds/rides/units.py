"""Units that only rides are measured in."""

from decimal import Decimal
from typing import Final

from versioning.fields.units import Dimension, register

RIDERS_PER_HOUR: Final = "riders/h"

CAPACITY: Final = Dimension(
    "capacity",
    {RIDERS_PER_HOUR: Decimal(1)},
    {
        "riders per hour": RIDERS_PER_HOUR,
        "riders/hour": RIDERS_PER_HOUR,
        "people per hour": RIDERS_PER_HOUR,
    },
    most=Decimal(100_000),
    words={RIDERS_PER_HOUR: "riders per hour"},
)

register(CAPACITY)
