"""The figures that rides are compared by, and what the first by each is called."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from wiki.kinds.rides.choices import Category

_NOUNS: Final[Mapping[str, str]] = {
    **{value: label.lower() for value, label in Category.choices},
    Category.TRANSPORT: "means of transport",
    Category.OTHER: "other ride",
}
"""What a ride of a category is called within a sentence."""


@dataclass(frozen=True)
class Ranking:
    """A figure that ranks rides: its field, the column that tells it, the list's order by it.

    `title` is what the first of all is.
    """

    title: str
    name: str
    column: str
    order: str

    def title_among(self, category: str) -> str:
        """What the first of a category is, where there are other rides: `Tallest flat ride`."""
        # "Most inversions" names already what is counted, and only coasters have any.
        return self.title if " " in self.title else f"{self.title} {_NOUNS.get(category, 'ride')}"


RANKINGS: Final = (
    Ranking("Tallest", "height", "height_si", "tallest"),
    Ranking("Fastest", "speed", "speed_si", "fastest"),
    Ranking("Longest", "length", "length_si", "longest"),
    Ranking("Most inversions", "inversions", "inversions", "inversions"),
)
