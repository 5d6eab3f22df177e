"""Pages about years: what was true of a page in one, statistics, this day."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from projections.cache import topics
from projections.cache.cached import Made, cached
from versioning.entities.kinds import kind_of
from versioning.fields.dates import MONTHS
from wiki.discovery import linked_data
from wiki.kinds.areas import ParkArea
from wiki.kinds.companies import Company
from wiki.kinds.parks import Park
from wiki.kinds.registry import model_of
from wiki.kinds.rides.models import Ride
from wiki.names.finding import find_page
from wiki.requests.numbers import read_number
from wiki.requests.refusals import RequestRefused
from wiki.years import charts
from wiki.years.bars import bars_of
from wiki.years.counts import count_rides
from wiki.years.days import DATES, on_day, read_day
from wiki.years.park import NOTHING, park_in, without_end
from wiki.years.stays import NO_AREAS, Stay, areas_of, rides_of, untold_rides
from wiki.years.then import last_told, tells_years, then, years_of


def timeline(request: HttpRequest, plural: str, slug: str) -> HttpResponse:
    """A page by years; `?year=1998` shows what was true of it then, and what stood in a park.

    Cost: a fixed number of queries. Raises Http404 for kinds that have no years.
    """
    if not tells_years(model_of(plural)):
        raise Http404(f"{plural.capitalize()} do not begin and end: they have no years.")
    page = find_page(plural, slug, address="timeline")
    is_park = isinstance(page, Park)
    rides = rides_of(page) if is_park else []
    areas = areas_of(page) if is_park else NO_AREAS
    stays: Sequence[Stay[Ride | ParkArea]] = [*rides, *areas.told]
    years = years_of(page, stays)
    otherwise = last_told(page, stays, years) if years else None
    year = _year(request.GET.get("year", ""), otherwise)
    context = {
        "page": page,
        "plural": plural,
        "slug": slug,
        "all_years": [
            (title, bars_of(stays_of_kind, years))
            for title, stays_of_kind in (("Rides", rides), ("Areas", areas.told))
            if stays_of_kind
        ],
        "years": years,
        "untold": untold_rides(page) if is_park else 0,
        "untold_areas": len(areas.untold),
        "without_end": without_end(rides),
    }
    if year is not None:
        context |= {
            "then": then(page, year),
            # Of a year that is not told of, nothing is true: what is open need not stay so.
            "seen": park_in(year, rides, areas) if year in years else NOTHING,
            "before": min(year - 1, years[-1]) if year > years[0] else None,
            "after": max(year + 1, years[0]) if year < years[-1] else None,
        }
    return render(request, "years/timeline.html", context)


def _year(text: str, otherwise: int | None) -> int | None:
    """The year that an address asks for; None where there is none to ask for.

    Raises RequestRefused.
    """
    if otherwise is None:
        return None
    year = read_number(text, otherwise)
    if text and not 1000 <= year <= 2999:
        raise RequestRefused(f"{text[:20]!r} is not a year.", hint="Write one from 1000 to 2999.")
    return year


def statistics(request: HttpRequest) -> HttpResponse:
    """How many rides opened when, by makers and countries; kept until a ride changes."""
    pictures = cached(("statistics",), _pictures)
    data = linked_data.told(request, "Statistics", reverse("statistics"), "WebPage")
    return render(request, "years/statistics.html", {"pictures": pictures, "linked_data": data})


def _pictures() -> Made:
    counts = count_rides()
    html = render_to_string(
        "years/_pictures.html",
        {
            "openings": charts.columns(
                {year: rides for year, rides, _ in counts.openings},
                {year: href for year, _, href in counts.openings},
            ),
            "makers": charts.rows(counts.makers),
            "countries": charts.rows(counts.countries),
            "counts": counts,
        },
    )
    return Made(html, [topics.every(kind_of(model)) for model in (Ride, Park, Company)])


def this_day(request: HttpRequest) -> HttpResponse:
    """What happened on a day of the year: `?day=05-14`, or today.

    Its form says the month by itself, and is led to that address. Raises RequestRefused.
    """
    asked = request.GET.get("day", "")
    if month := request.GET.get("month", ""):
        day = read_day(f"{month:0>2}-{asked:0>2}", timezone.now().date())
        return redirect(f"{reverse('this_day')}?day={day:%m-%d}")
    day = read_day(asked, timezone.now().date())
    happened = cached(("day", f"{day:%m-%d}"), lambda: _happened(day))
    query = f"?day={day:%m-%d}" if asked else ""
    context = {
        "day": day,
        "happened": happened,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "months": list(enumerate(MONTHS, 1)),
        "canonical_query": query,
        "linked_data": linked_data.told(
            request, f"On {day.day} {MONTHS[day.month - 1]}", reverse("this_day") + query
        ),
    }
    return render(request, "years/day.html", context)


def _happened(day: date) -> Made:
    html = render_to_string("years/_happened.html", {"happened": on_day(day)})
    return Made(html, [topics.every(kind_of(model)) for model in DATES])
