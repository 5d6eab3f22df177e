"""Rows of a list of items as they were typed, and what the buttons beside them do.

A button sends the form, which comes back with its rows in another order and nothing saved.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

Row = Mapping[str, Any]
"""What stands in the inputs of one row, by part."""

BUTTON: Final = "button"
"""What a button of a list is called in a form, behind the list's own name."""

ADD, UP, DOWN, REMOVE = "add", "up", "down", "remove"

LABELS: Final = {UP: "Move up", DOWN: "Move down", REMOVE: "Remove"}
"""The buttons that each row has."""

_STEPS: Final = {UP: -1, DOWN: 1}
_UNSAVED: Final = "Nothing is saved yet."


@dataclass(frozen=True)
class Press:
    """A button of a list that was pressed: what it does, and the place of its row."""

    what: str
    at: int = 0

    @property
    def value(self) -> str:
        return f"{self.what}-{self.at}"


def read_press(value: str) -> Press | None:
    """The button that a form was sent by; None where it was another one."""
    what, _, place = value.partition("-")
    is_known = what in LABELS or what == ADD
    return Press(what, int(place)) if is_known and place.isdecimal() and len(place) < 5 else None


class TypedRows(list[Row]):
    """The rows that were typed. `said` tells what a button did, `focus` is where one goes on."""

    def __init__(
        self, rows: Iterable[Row] = (), said: str = "", focus: Press | None = None
    ) -> None:
        super().__init__(rows)
        self.said = said
        self.focus = focus


def rearranged(typed: Mapping[int, Row], press: Press | None) -> TypedRows:
    """Rows by their places in the form, after a button was pressed; empty ones are not among them.

    An empty row has no place to go to, and none goes behind it.
    """
    rows = list(typed.values())
    if press is None:
        return TypedRows(rows)
    if press.what == ADD:
        return TypedRows(rows, "There is room for more below.", Press(ADD, len(rows)))
    if press.at not in typed:
        return TypedRows(rows, f"Row {press.at + 1} is empty.", press)
    at = list(typed).index(press.at)
    row = rows.pop(at)
    if press.what == REMOVE:
        said = f"Row {press.at + 1} is removed. {_UNSAVED}"
        return TypedRows(rows, said, Press(REMOVE, at))
    to = min(max(at + _STEPS[press.what], 0), len(rows))
    rows.insert(to, row)
    is_moved = to != at
    said = f"is row {to + 1} now. {_UNSAVED}" if is_moved else "stays where it is."
    # The first row goes no further up: its button for that is off, and takes no focus.
    focus = Press(press.what if to else DOWN, to)
    return TypedRows(rows, f"Row {press.at + 1} {said}", focus)
