"""How many rides opened when, by whom they were made, and where they stand."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.db.models.functions import ExtractYear
from django.urls import reverse

from wiki.fields.countries import country_choices
from wiki.kinds.rides.models import Ride

MOST_NAMES = 20


@dataclass(frozen=True)
class Counts:
    """Rides by year of opening; the makers and countries with the most, each with its list."""

    openings: Sequence[tuple[int, int, str]]
    makers: Sequence[tuple[str, int, str]]
    countries: Sequence[tuple[str, int, str]]


def openings() -> Sequence[tuple[int, int, str]]:
    """Rides by the year they opened, each with its list. Cost: a query that reads every ride."""
    by_year = (
        Ride.objects.filter(opened_from__isnull=False)
        .values(year=ExtractYear("opened_from"))
        .annotate(rides=Count("id"))
        .order_by("year")
    )
    rides = reverse("list", kwargs={"plural": "rides"})
    return [
        (year := row["year"], row["rides"], f"{rides}?opened_from={year}&opened_to={year}")
        for row in by_year
    ]


def count_rides() -> Counts:
    """Cost: three queries that read every ride of the viewpoint, so keep what they say."""
    makers = (
        Ride.objects.filter(manufacturer__isnull=False)
        .values("manufacturer__name", "manufacturer__slug")
        .annotate(rides=Count("id"))
        .order_by("-rides", "manufacturer__name")[:MOST_NAMES]
    )
    countries = (
        Ride.objects.exclude(park__country="")
        .filter(park__isnull=False)
        .values("park__country")
        .annotate(rides=Count("id"))
        .order_by("-rides", "park__country")[:MOST_NAMES]
    )
    rides = reverse("list", kwargs={"plural": "rides"})
    names = dict(country_choices())
    return Counts(
        openings(),
        [
            (
                row["manufacturer__name"],
                row["rides"],
                f"{rides}?manufacturer={row['manufacturer__slug']}",
            )
            for row in makers
        ],
        [
            (names[row["park__country"]], row["rides"], f"{rides}?country={row['park__country']}")
            for row in countries
        ],
    )
