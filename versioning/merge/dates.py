"""Partial dates: `1999`, `1999-05` and `1999-05-14` are one date, told more and more exactly."""

import re
from typing import Final

from versioning.merge.values import Value

_PARTIAL: Final = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")


def more_exact(one: Value, other: Value) -> str | None:
    """The more exact of two partial dates where it contains the other; None if they differ.

    What is no plain partial date (a range, a doubtful year) is as exact as nothing else.
    """
    if not (isinstance(one, str) and isinstance(other, str)):
        return None
    if not (_PARTIAL.fullmatch(one) and _PARTIAL.fullmatch(other)):
        return None
    short, long = sorted((one, other), key=len)
    return long if long == short or long.startswith(short + "-") else None
