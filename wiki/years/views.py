"""Pages about years: a park's timeline, statistics, this day."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone

from projections.cache import topics
from projections.cache.cached import Made, cached
from versioning.entities.kinds import kind_of
from wiki.models import Company, Park, Ride
from wiki.numbers import read_number
from wiki.pages.finding import find_page
from wiki.pages.values import document_of, label_of, shelf_of, shown
from wiki.years import charts
from wiki.years.counts import count_rides
from wiki.years.days import on_day, read_day
from wiki.years.park import in_year, stays_at, untold_at, years_of


def timeline(request: HttpRequest, slug: str) -> HttpResponse:
    """What stood in a park in which year; `?year=1998` shows the park as it was then.

    Cost: a fixed number of queries.
    """
    park: Park = find_page("parks", slug, address="page")
    stays = stays_at(park)
    years = years_of(stays)
    asked = read_number(request.GET.get("year", ""))
    year = asked if asked in years else (years[-1] if years else None)
    context = {
        "page": park,
        "plural": "parks",
        "slug": slug,
        "chart": charts.stays(stays, years),
        "stays": stays,
        "years": years,
        "untold": untold_at(park),
    }
    if year is not None:
        then = in_year(park, stays, year)
        kind, document = kind_of(Park), document_of(park)
        shelf = shelf_of([(kind, document)])
        held = {"names": then.names, "owners": then.owners, "operators": then.operators}
        context |= {
            "then": then,
            "facts": [
                (label_of(kind.fields[name]), values)
                for name, items in held.items()
                if (values := shown(kind.fields[name], [i.document() for i in items], shelf))
            ],
            "before": year - 1 if year - 1 in years else None,
            "after": year + 1 if year + 1 in years else None,
        }
    return render(request, "years/timeline.html", context)


def statistics(request: HttpRequest) -> HttpResponse:
    """How many rides opened when, by makers and countries; kept until a ride changes."""
    pictures = cached(("statistics",), _pictures)
    return render(request, "years/statistics.html", {"pictures": pictures})


def _pictures() -> Made:
    counts = count_rides()
    html = render_to_string(
        "years/_pictures.html",
        {
            "openings": charts.columns(counts.openings),
            "makers": charts.rows([each[:2] for each in counts.makers]),
            "countries": charts.rows([each[:2] for each in counts.countries]),
            "counts": counts,
        },
    )
    return Made(html, [topics.every(kind_of(model)) for model in (Ride, Park, Company)])


def this_day(request: HttpRequest) -> HttpResponse:
    """What opened and closed on a day of the year."""
    day = read_day(request.GET.get("day", ""), timezone.now().date())
    happened = cached(("day", f"{day:%m-%d}"), lambda: _happened(day))
    return render(request, "years/day.html", {"day": day, "happened": happened})


def _happened(day: date) -> Made:
    html = render_to_string("years/_happened.html", {"happened": on_day(day)})
    return Made(html, [topics.every(kind_of(model)) for model in (Ride, Park)])
