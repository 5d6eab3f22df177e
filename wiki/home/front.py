"""What the front page shows of the encyclopaedia: a ride of the day, records, the day, years."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse

from projections.cache import topics
from projections.cache.cached import Made, cached
from versioning.entities.kinds import kind_of
from versioning.fields.quantities import Quantity
from wiki.drawings.plate import plate
from wiki.kinds.companies import Company
from wiki.kinds.parks import Park
from wiki.kinds.rides.choices import Category
from wiki.kinds.rides.models import Ride
from wiki.kinds.rides.records import RANKINGS
from wiki.years import charts
from wiki.years.counts import openings
from wiki.years.days import on_day

MOST_HAPPENED = 4


@dataclass(frozen=True)
class Record:
    """The roller coaster that has most of something; `href` leads to all others."""

    title: str
    ride: Any
    figure: str
    converted: str
    href: str


def front(today: date) -> str:
    """The front page's pictures and lists, as HTML; kept for the day until a ride changes."""
    return cached(("front", f"{today:%Y-%m-%d}"), lambda: _front(today))


def _front(today: date) -> Made:
    counts = openings()
    ride = _ride_of(today)
    html = render_to_string(
        "home/_front.html",
        {
            "years": charts.columns(
                {year: rides for year, rides, _ in counts},
                {year: href for year, _, href in counts},
            )
            if counts
            else None,
            "ride": ride,
            "plate": plate(ride) if ride else "",
            "records": _records(),
            "today": today,
            "happened": on_day(today.replace(year=2000))[:MOST_HAPPENED],
        },
    )
    return Made(html, [topics.every(kind_of(model)) for model in (Ride, Park, Company)])


def _ride_of(today: date) -> Any:
    """A coaster whose height is known, another one each day. Cost: a query, two at the end of Z."""
    coasters = _coasters().filter(height_si__gt=0).select_related("park").order_by("slug")
    digest = hashlib.sha256(f"{today:%Y-%m-%d}".encode()).digest()
    letters = "".join(chr(ord("a") + byte % 26) for byte in digest[:2])
    return coasters.filter(slug__gte=letters).first() or coasters.first()


def _records() -> Sequence[Record]:
    """Cost: a query for each, by the index of its column."""
    rides = reverse("list", args=["rides"])
    found = []
    for each in RANKINGS:
        ride = _coasters().order_by(F(each.column).desc(nulls_last=True), "id").first()
        if ride is not None and getattr(ride, each.column):
            href = f"{rides}?category={Category.ROLLER_COASTER}&order={each.order}"
            title = each.title_among(Category.ROLLER_COASTER)
            found.append(Record(title, ride, *_said(getattr(ride, each.name)), href))
    return found


def _said(value: Quantity | int) -> tuple[str, str]:
    """A figure as it was given, and converted."""
    return (value.given, value.converted) if isinstance(value, Quantity) else (str(value), "")


def _coasters() -> Any:
    return Ride.objects.filter(category=Category.ROLLER_COASTER).defer("body")
