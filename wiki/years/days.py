"""What happened on a day of the year, in whatever year: openings, closings, milestones."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from wiki.models import Park, Ride
from wiki.refusals import Refusal

MOST = 200


@dataclass(frozen=True)
class Happened:
    """One thing that happened: the year, the page, and what."""

    year: int
    page: Any
    what: str


def read_day(text: str, today: date) -> date:
    """The day that an address names (`05-14`), in a leap year; or today. Raises Refusal."""
    if not text:
        return today.replace(year=2000)
    match = re.fullmatch(r"([01][0-9])-([0-3][0-9])", text, re.ASCII)
    try:
        if match is None:
            raise ValueError
        return date(2000, int(match[1]), int(match[2]))
    except ValueError:
        raise Refusal(
            f"{text[:20]!r} is no day of the year.", remedy="Write month and day, as 05-14."
        ) from None


def on_day(day: date) -> Sequence[Happened]:
    """Everything with that very day, oldest first. Cost: a query for each kind, all rows of it."""
    ending = f"-{day:%m-%d}"
    found: list[Happened] = []
    for model in (Ride, Park):
        told = Q(opened__endswith=ending) | Q(closed__endswith=ending)
        pages = model._default_manager.filter(told).only("name", "slug", "opened", "closed")
        for page in pages.order_by("name", "id")[:MOST]:
            for what, when in (("opened", page.opened), ("closed", page.closed)):
                # A range may end on the day: what it began with is another one.
                if when is not None and when.edtf.endswith(ending) and len(when.edtf) == 10:
                    found.append(Happened(when.year, page, what))
    return sorted(found, key=lambda each: (each.year, each.page.name))
