"""Values that cannot be kept: those of which no event can be made, and what a column does not take.

The first are looked for before anything is sent. What a column takes PostgreSQL knows, and says
when it is there.
"""

import math
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DataError, IntegrityError

from eventstore.errors import Refusal


class ValueRefused(Refusal, ValueError):
    """A value that neither JSON nor PostgreSQL can hold; nothing was saved."""

    code = "value-refused"
    status = 400
    hint = "Leave it out, or put something else in its place."


class UnfitValue(Refusal, DataError):
    """A value that its column does not take; nothing was saved."""

    code = "unfit-value"
    status = 400
    hint = "Give a value that fits; full_clean() tells of most of them by their fields."


def fault_of(value: Any) -> str:
    """What no event can hold, within a value in JSON form; nothing where all of it can be held."""
    if isinstance(value, str):
        return _fault_of_text(value)
    if isinstance(value, float):
        return "" if math.isfinite(value) else f"{value}, which is no number in JSON"
    if isinstance(value, dict):
        return next(filter(None, map(fault_of, (*value, *value.values()))), "")
    if isinstance(value, list | tuple):
        return next(filter(None, map(fault_of, value)), "")
    return ""


def _fault_of_text(text: str) -> str:
    if "\0" in text:
        return "a NUL character (U+0000)"
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            return f"half of a character (the surrogate U+{ord(text[error.start]):04X})"
    return ""


@contextmanager
def saying_what_is_unfit(models: Collection[str] = ()) -> Iterator[None]:
    """What PostgreSQL does not take is told without the engine's own statement.

    `models` are those whose values were sent. Raises UnfitValue where a column does not take a
    value, and Django's IntegrityError for what breaks a constraint.
    """
    try:
        yield
    except IntegrityError as error:
        problem, context, _ = str(error).partition("\nCONTEXT:")
        if not context:
            raise
        raise type(error)(problem) from error.__cause__
    except DataError as error:
        if isinstance(error, Refusal):
            raise
        problem = str(error).partition("\n")[0].rstrip(".")
        where = f" of {' or '.join(models)}" if models else ""
        raise UnfitValue(f"A column{where} does not take a value: {problem}.") from error
