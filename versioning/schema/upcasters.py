"""Upcasters: functions that carry a field's old values over to what it means now.

    upcaster("shop.item", "size", "words-to-numbers", {"small": 1, "large": 3}.get)

The log names the upcaster, by kind and field and name, where a migration puts it to use
(`versioning.operations.Upcast`). So it is kept for ever, under that name, and never changed:
another meaning is another upcaster.
"""

from collections.abc import Callable
from typing import Any

from eventstore.errors import Refusal

Upcaster = Callable[[Any], Any]

_upcasters: dict[tuple[str, str, str], Upcaster] = {}


class NoSuchUpcaster(Refusal):
    """The log names an upcaster that the code does not register."""

    code = "no-such-upcaster"
    status = 500

    def __init__(self, kind: str, field: str, name: str) -> None:
        super().__init__(
            f"The log reads old values of {field!r} of {kind} by the upcaster {name!r}, which is "
            "not registered.",
            f"Register it again: upcaster({kind!r}, {field!r}, {name!r}, …).",
        )


class UpcasterTaken(Refusal, ValueError):
    """Two functions ask for one name."""

    code = "upcaster-taken"
    status = 500

    def __init__(self, kind: str, field: str, name: str) -> None:
        super().__init__(
            f"Another upcaster of {field!r} of {kind} is called {name!r} already.",
            "Give it a name of its own: the log names upcasters.",
        )


def upcaster(kind: str, field: str, name: str, function: Upcaster) -> None:
    """Register a function of old values, in the JSON form that events have. None stays None.

    Raises UpcasterTaken.
    """
    known = _upcasters.setdefault((kind, field, name), function)
    if known is not function:
        raise UpcasterTaken(kind, field, name)


def find_upcaster(kind: str, field: str, name: str) -> Upcaster:
    """The function of a name. Raises NoSuchUpcaster."""
    try:
        return _upcasters[kind, field, name]
    except KeyError:
        raise NoSuchUpcaster(kind, field, name) from None
