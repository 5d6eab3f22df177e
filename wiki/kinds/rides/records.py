"""The figures that rides are compared by, and what the first by each is called."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Ranking:
    """A figure that ranks rides: its field, the column that tells it, the list's order by it.

    `title` is what the first of all is.
    """

    title: str
    name: str
    column: str
    order: str


RANKINGS: Final = (
    Ranking("Tallest", "height", "height_si", "tallest"),
    Ranking("Fastest", "speed", "speed_si", "fastest"),
    Ranking("Longest", "length", "length_si", "longest"),
    Ranking("Most inversions", "inversions", "inversions", "inversions"),
)
