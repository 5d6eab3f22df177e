"""What happened on a day of the year, in whatever year: openings, closings, milestones."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from versioning.fields.dates import PartialDate
from wiki.kinds.companies import Company
from wiki.kinds.parks import Park
from wiki.kinds.rides.models import Ride
from wiki.pages.items import MilestoneSort
from wiki.pages.models import Page
from wiki.requests.refusals import RequestRefused

MOST = 200


DATES: Mapping[type[Page], Sequence[tuple[str, str]]] = {
    Ride: (("opened", "opened"), ("closed", "closed")),
    Park: (("opened", "opened"), ("closed", "closed")),
    Company: (("founded", "was founded"), ("defunct", "came to its end")),
}
"""The dates of each kind that has milestones: the field, and what happened then."""


@dataclass(frozen=True)
class Happened:
    """One thing that happened: the year, the page, and what; of a milestone also its kind."""

    year: int
    page: Any
    what: str
    sort: str = ""


def read_day(text: str, today: date) -> date:
    """The day that an address names (`05-14`), in a leap year; or today. Raises RequestRefused."""
    if not text:
        return today.replace(year=2000)
    match = re.fullmatch(r"([01][0-9])-([0-3][0-9])", text, re.ASCII)
    try:
        if match is None:
            raise ValueError
        return date(2000, int(match[1]), int(match[2]))
    except ValueError:
        raise RequestRefused(
            f"{text[:20]!r} is not a day of the year.", hint="Write month and day, such as 05-14."
        ) from None


def on_day(day: date) -> Sequence[Happened]:
    """Everything with that very day, oldest first. Cost: a query for each kind, all rows of it."""
    found = [each for model in DATES for each in _of_kind(model, f"-{day:%m-%d}")]
    return sorted(found, key=lambda each: (each.year, each.page.name))


def _of_kind(model: type[Page], ending: str) -> Iterator[Happened]:
    fields = [name for name, _ in DATES[model]]
    told = Q(milestones_text__contains=f'{ending}"')
    for name in fields:
        told |= Q(**{f"{name}__endswith": ending})
    rows: Any = model._default_manager.alias(milestones_text=Cast("milestones", TextField()))
    pages = rows.filter(told).only("name", "slug", "milestones", *fields)
    for page in pages.order_by("name", "id")[:MOST]:
        for name, what in DATES[model]:
            if _is_on(getattr(page, name), ending):
                yield Happened(getattr(page, name).year, page, what)
        for each in page.milestones:
            if _is_on(each.date, ending):
                yield Happened(each.date.year, page, each.what, MilestoneSort(each.sort).label)


def _is_on(when: PartialDate | None, ending: str) -> bool:
    """Whether it is that very day. A range may end on it: what it began with is another one."""
    return when is not None and len(when.edtf) == 10 and when.edtf.endswith(ending)
