"""The rides that a page is named by: how many they are, since when, which come first among them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from wiki.kinds.areas import ParkArea
from wiki.kinds.companies import Company
from wiki.kinds.parks import Park
from wiki.kinds.people import Person
from wiki.kinds.rides.choices import Category
from wiki.kinds.rides.models import Ride, RideModel
from wiki.lists.listing import MOST_COUNTED
from wiki.overviews.standings import FIGURES
from wiki.pages.models import Page
from wiki.pages.statuses import HAS_CLOSED, NOT_OPEN_YET, RUNS


@dataclass(frozen=True)
class Naming:
    """A field by which rides name pages of a kind, and what such rides are to the page."""

    field: str
    title: str


NAMINGS: Mapping[type[Page], Sequence[Naming]] = {
    Park: (Naming("park", "Rides"),),
    ParkArea: (Naming("area", "Rides"),),
    RideModel: (Naming("model", "Rides of this model"),),
    Person: (Naming("people", "Rides designed"),),
    Company: (Naming("manufacturer", "Rides built"), Naming("designers", "Rides designed")),
}
"""By which fields rides name a page; of several, the first by which any does."""


class Row(NamedTuple):
    """What is read of each ride."""

    pk: UUID
    status: str
    category: str
    opened: date | None
    park: UUID | None
    figures: Mapping[str, float | None]


@dataclass(frozen=True)
class Rides:
    """The rides of a page, and by which field they name it. Nothing here asks a database."""

    naming: Naming
    rows: Sequence[Row]

    @property
    def is_more(self) -> bool:
        """Whether there are more than are counted: then nothing is told of them."""
        return len(self.rows) > MOST_COUNTED

    @property
    def operating(self) -> int:
        return sum(row.status in RUNS for row in self.rows)

    @property
    def openings(self) -> Mapping[int, int]:
        """How many opened in which year, as far as that is told."""
        return Counter(row.opened.year for row in self.rows if row.opened)

    @property
    def parks(self) -> set[UUID]:
        return {row.park for row in self.rows if row.park}

    @property
    def is_mixed(self) -> bool:
        """Whether they are of several categories."""
        return len({row.category for row in self.rows}) > 1

    @property
    def category(self) -> str:
        """What most are of whom a figure is known: only rides of one category are compared.

        Where as many are of another one, coasters are, for people ask of them first.
        """
        told = Counter(row.category for row in self.rows if any(row.figures.values()))
        return min(
            told, key=lambda each: (-told[each], each != Category.ROLLER_COASTER, each), default=""
        )

    def foremost(self) -> Mapping[str, UUID]:
        """The ride with the most of each figure: of those that stand, if any does; else of those
        that stood; else of all.
        """
        alike = [row for row in self.rows if row.category == self.category]
        opened = [row for row in alike if row.status not in NOT_OPEN_YET]
        standing = [row for row in opened if row.status not in HAS_CLOSED] or opened or alike
        return {name: first.pk for name in FIGURES if (first := _first(standing, name))}


def rides_naming(page: Page) -> Rides | None:
    """The rides of a page; None where there is none. Cost: a query for each way to name it."""
    for naming in NAMINGS.get(type(page), ()):
        if rows := list(_rows(page, naming.field)):
            return Rides(naming, rows)
    return None


def _rows(page: Page, field: str) -> Iterator[Row]:
    """At most one more than is counted."""
    rides = Ride.objects.filter(**{field: page.pk}).order_by()
    columns = ("pk", "status", "category", "opened_from", "park", *FIGURES.values())
    for pk, status, category, opened, park, *values in rides.values_list(*columns)[
        : MOST_COUNTED + 1
    ]:
        yield Row(pk, status, category, opened, park, dict(zip(FIGURES, values, strict=True)))


def _first(rows: Sequence[Row], name: str) -> Row | None:
    """Of those with an equal figure always the same one."""
    told = [row for row in rows if row.figures[name]]
    return max(told, key=lambda row: (row.figures[name], str(row.pk)), default=None)
