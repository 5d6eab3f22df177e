"""Where a park is, by where its rides are, and in which country."""

from collections.abc import Sequence
from typing import Any

from wiki.geography.outlines import certain_country_at

NEAR = 0.1
"""Degrees that no two rides of a park lie apart."""


def place_of(rides: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The first place, in JSON form, that most of a park's rides are near to.

    None where there is none: then the table means two parks by one name, or has lost a sign, and
    which it is nobody can tell from it.
    """
    for place in rides:
        near = [other for other in rides if _are_near(place, other)]
        if 2 * len(near) > len(rides):
            return place
    return None


def country_of(place: dict[str, Any]) -> str:
    """The two letters of the country in which a place, in JSON form, certainly lies, or nothing."""
    return certain_country_at(place["latitude"], place["longitude"])


def _are_near(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return all(abs(one[name] - other[name]) < NEAR for name in ("latitude", "longitude"))
