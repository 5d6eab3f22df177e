"""How many people a ride takes: a dimension that the wiki registers."""

from decimal import Decimal

import pytest

from versioning.fields.quantities import Quantity, parse
from wiki.kinds.rides.units import CAPACITY, RIDERS_PER_HOUR


@pytest.mark.parametrize("text", ["1,200", "1,200 riders per hour", "1,200 riders/h"])
def test_riders_per_hour_are_told_in_words(text: str) -> None:
    found = parse(text, CAPACITY, RIDERS_PER_HOUR)
    assert found == Quantity(Decimal(1200), RIDERS_PER_HOUR)
    assert str(found) == "1,200 riders per hour"
    assert parse(found.as_input(), CAPACITY) == found


def test_a_range_is_kept_in_its_words() -> None:
    text = "1280–1400 riders per hour"
    assert parse(text, CAPACITY) == Quantity(Decimal(1280), RIDERS_PER_HOUR, text)
