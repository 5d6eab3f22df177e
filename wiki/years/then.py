"""A page in one year, by what it tells: what held then, and what happened.

Which facts have a period, and which a date, follows from the classes of their fields.
"""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from versioning.entities.kinds import DocumentField, kind_of
from versioning.fields.items import Item, ItemsField, Period
from versioning.saving.edits import values_of
from wiki.kinds.areas import ParkArea
from wiki.kinds.rides.models import Ride
from wiki.pages.life import Moment, moments_of
from wiki.pages.models import Page
from wiki.pages.values import Shown, document_of, label_of, shelf_of, shown
from wiki.years.stays import Stay, last_year

ENDS: Final = ("closed", "defunct", "died")
"""Fields that tell an end: after it a page has no years but those that it speaks of."""

YEAR: Final = "year"
"""The part of an item that is of one year: attendance."""


@dataclass(frozen=True)
class Then:
    """What a page tells of a year: facts by label, and what happened."""

    year: int
    facts: Sequence[tuple[str, Sequence[Shown]]]
    happened: Sequence[Moment]


def tells_years(model: type[Page]) -> bool:
    """Whether pages of a kind are of something that begins and ends."""
    return any(name in kind_of(model).fields for name in ENDS)


def then(page: Page, year: int) -> Then:
    """A page in a year. Cost: those of its document and of the pages that it names."""
    kind, document = kind_of(type(page)), document_of(page)
    shelf = shelf_of([(kind, document)])
    facts = [
        (label_of(f), shown(f, [item.document() for item in held], shelf))
        for f in kind.fields.values()
        if (held := _held(f, page, year))
    ]
    moments = moments_of(kind, document, shelf)
    return Then(year, facts, [each for each in moments if each.year == year])


def years_of(page: Page, stays: Sequence[Stay[Ride | ParkArea]] = ()) -> range:
    """From the first year that a page speaks of to this one, or to the last of what is over."""
    spoken_of = {*_years(page), *(stay.first for stay in stays)}
    if not spoken_of:
        return range(0)
    ends = [stay.last or (stay.first if stay.is_over else _this_year()) for stay in stays]
    return range(min(spoken_of), max(*spoken_of, *ends, _end(page) or _this_year()) + 1)


def last_told(page: Page, stays: Sequence[Stay[Ride | ParkArea]], years: range) -> int:
    """The last of some years in which anything happened, as far as it was; else the last of all."""
    told = {*_years(page), *(year for stay in stays for year in (stay.first, stay.last) if year)}
    return max((year for year in told if year in years and year <= _this_year()), default=years[-1])


def _this_year() -> int:
    return datetime.datetime.now(datetime.UTC).year


def _held(f: DocumentField, page: Page, year: int) -> list[Item]:
    """The items of a list that held in a year; none of a list that tells no years."""
    field = f.model_field
    if not isinstance(field, ItemsField):
        return []
    items = getattr(page, f.name)
    if issubclass(field.item, Period):
        return list(items.held_in(year))
    if YEAR in field.item.parts:
        return [item for item in items if item.year == year]
    return []


def _years(page: Page) -> Iterator[int]:
    """The years that a page speaks of."""
    kind = kind_of(type(page))
    moments = moments_of(kind, values_of(page, kind), {})
    yield from (each.year for each in moments if each.year is not None)
    for f in kind_of(type(page)).fields.values():
        if isinstance(f.model_field, ItemsField):
            for item in getattr(page, f.name):
                dates = (getattr(item, "since", None), getattr(item, "until", None))
                yield from (date.year for date in dates if date is not None)
                year = getattr(item, YEAR, None)
                yield from (year,) if isinstance(year, int) else ()


def _end(page: Page) -> int | None:
    """The year of a page's end; None where it tells none."""
    ends = (getattr(page, name, None) for name in ENDS)
    return next((last_year(end) for end in ends if end is not None), None)
