"""Time zones, by the names of the IANA's database."""

import zoneinfo
from functools import cache

from django.core.exceptions import ValidationError


@cache
def _names() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def check_time_zone(name: str) -> None:
    """Refuse what is no time zone. Raises ValidationError."""
    if name not in _names():
        raise ValidationError(
            f"“{name[:60]}” is not a time zone. Give one by its place, such as Europe/Berlin."
        )
