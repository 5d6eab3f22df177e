"""Numbers, moments, durations and bytes in the one JSON form that their column has for them.

However a value was spelt: equal values are equal documents, and nothing is recorded twice.
"""

import datetime
import re
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import connection, models
from django.utils import timezone

from eventstore.unfit import UnfitValue

_DIGITS = 28
"""The precision of a Decimal's arithmetic, unless a field has more digits."""

_BYTES = "\\x"
"""How PostgreSQL begins the text of bytes, in hexadecimal digits."""

_DURATION = re.compile(r"-?[0-9]+ days \+[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}", re.ASCII)
"""The form that `duration_text` gives."""


def number_in_json(field: Any, value: Any) -> Any:
    """Numbers as the column will hold them."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(field, models.DurationField):
        return duration_text(duration_of(str(value)))
    if isinstance(field, models.DecimalField):
        return _decimal_text(field, Decimal(str(value)))
    if isinstance(value, float):
        return value + 0.0  # a zero has no sign in a row
    return str(value) if isinstance(value, Decimal) else value


def _decimal_text(field: Any, value: Decimal) -> str:
    """A number as its column has it: PostgreSQL rounds a half away from zero.

    Raises InvalidOperation for one of more digits than there is room for.
    """
    if field.decimal_places is None:
        digits = Context(prec=max(len(value.as_tuple().digits), _DIGITS))
        return f"{digits.plus(value.normalize(digits)):f}"
    quantum = Decimal(1).scaleb(-field.decimal_places)
    digits = Context(prec=max(field.max_digits or 0, _DIGITS), rounding=ROUND_HALF_UP)
    # plus() takes the sign off a zero, which has none in a row.
    return str(digits.plus(value.quantize(quantum, context=digits)))


def moment_text(value: datetime.datetime) -> str:
    """A moment in UTC; one that knows no zone is of the site's, as for the database.

    Raises UnfitValue for one that no connection could read again.
    """
    aware = in_zone_of_site(value)
    try:
        return aware.astimezone(datetime.UTC).isoformat()
    except OverflowError:
        if settings.USE_TZ:
            raise UnfitValue(f"{value} lies outside of the years 1 to 9999 in UTC.") from None
    try:
        # In the site's zone it is read, and lies within them.
        return aware.astimezone(timezone.get_default_timezone()).isoformat()
    except OverflowError:
        raise UnfitValue(f"{value} lies outside of the years 1 to 9999.") from None


def in_zone_of_site(value: datetime.datetime) -> datetime.datetime:
    """A moment with its zone: the site's, whatever the process has, where it knows none.

    Of what a clock shows twice, or never, PostgreSQL means the one that is less ahead of UTC.
    """
    if timezone.is_aware(value):
        return value
    zone = timezone.get_default_timezone()
    readings = [value.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
    return min(readings, key=lambda reading: reading.utcoffset() or datetime.timedelta())


def as_site_has_it(moment: datetime.datetime) -> datetime.datetime:
    """A moment as instances hold it: without a zone where the site uses none."""
    if settings.USE_TZ or timezone.is_naive(moment):
        return moment
    try:
        return timezone.make_naive(moment, timezone.get_default_timezone())
    except OverflowError:
        return moment.replace(tzinfo=None)  # at either end of time it is told in the site's zone


def time_text(value: datetime.time) -> str:
    """A time of day, which has no zone in a column."""
    return value.replace(tzinfo=None).isoformat()


def duration_text(value: datetime.timedelta) -> str:
    """A duration as both PostgreSQL and Django read it: they part over signs in other forms."""
    minutes, seconds = divmod(value.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{value.days} days +{hours:02}:{minutes:02}:{seconds:02}.{value.microseconds:06}"


def duration_of(text: str) -> datetime.timedelta:
    """The duration that a text means to PostgreSQL, whatever Django would take it for.

    Cost: a query, but for the form of our own. Raises DataError for what means none.
    """
    if _DURATION.fullmatch(text):
        told: Any = models.DurationField().to_python(text)
    else:
        told = _asked_duration(text)
    duration: datetime.timedelta = told
    return duration


@lru_cache(maxsize=256)
def _asked_duration(text: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::interval", [text])
        return cursor.fetchone()[0]


def bytes_text(value: bytes | bytearray | memoryview | str) -> str:
    """Bytes as PostgreSQL writes them; such a text is one already.

    Raises TypeError for another text, as Django does: nobody can tell how it is meant.
    """
    return _BYTES + (bytes_of(value) if isinstance(value, str) else bytes(value)).hex()


def bytes_of(text: str) -> bytes:
    """The bytes that PostgreSQL writes so. Raises TypeError."""
    try:
        if text.startswith(_BYTES):
            return bytes.fromhex(text.removeprefix(_BYTES))
    except ValueError:
        pass
    raise TypeError(f"bytes or buffer expected, got {text!r}")
