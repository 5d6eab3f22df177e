"""A place on the map: latitude and longitude, which are one value."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

_PLACES: Final = Decimal("0.00001")
"""A metre, more or less."""

_TEXT: Final = re.compile(
    r"\s*([-−+]?[0-9]{1,3}(?:\.[0-9]{1,15})?)\s*°?\s*([NSns]?)\s*[,; ]"
    r"\s*([-−+]?[0-9]{1,3}(?:\.[0-9]{1,15})?)\s*°?\s*([EWew]?)\s*"
)


class NotCoordinates(ValueError):
    """What is no place on the map; the message is a sentence's end."""


@dataclass(frozen=True, slots=True)
class Coordinates:
    """Degrees north and degrees east."""

    latitude: Decimal
    longitude: Decimal

    def document(self) -> dict[str, Any]:
        """The JSON form, in events and rows."""
        return {"latitude": float(self.latitude), "longitude": float(self.longitude)}

    def as_input(self) -> str:
        """What a form shows, and reads back as the very same place."""
        return f"{self.latitude}, {self.longitude}"

    def __str__(self) -> str:
        north = "N" if self.latitude >= 0 else "S"
        east = "E" if self.longitude >= 0 else "W"
        return f"{abs(self.latitude)}° {north}, {abs(self.longitude)}° {east}"


def coordinates(latitude: Any, longitude: Any) -> Coordinates:
    """A place from two figures in degrees. Raises NotCoordinates."""
    try:
        north, east = Decimal(str(latitude)), Decimal(str(longitude))
    except InvalidOperation:
        raise NotCoordinates("is not a pair of figures in degrees") from None
    if not (north.is_finite() and east.is_finite()):
        raise NotCoordinates("is not a pair of figures in degrees")
    if not (abs(north) <= 90 and abs(east) <= 180):
        raise NotCoordinates("lies beyond 90 degrees of latitude or 180 of longitude")
    return Coordinates(north.quantize(_PLACES), east.quantize(_PLACES))


def from_document(document: Any) -> Coordinates:
    """The place of a JSON form. Raises NotCoordinates."""
    match document:
        case {"latitude": int() | float() as north, "longitude": int() | float() as east, **rest}:
            if not rest:
                return coordinates(north, east)
    raise NotCoordinates("is not a place with a latitude and a longitude")


def parse(text: str) -> Coordinates:
    """Read `40.574, -73.978` or `40.574° N, 73.978° W`. Raises NotCoordinates."""
    match = _TEXT.fullmatch(text)
    if match is None:
        raise NotCoordinates("is not a latitude and a longitude: write 40.574, -73.978")
    north, south, east, west = (part.replace("−", "-") for part in match.groups())
    return coordinates(
        Decimal(north) * (-1 if south in "Ss" and south else 1),
        Decimal(east) * (-1 if west in "Ww" and west else 1),
    )
