"""Parks."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.db import models
from django_countries import countries

from versioning.control import VersionControlManager
from versioning.fields.columns import CoordinatesField, PartialDateField, QuantityField
from versioning.fields.items import Item, ItemsField
from versioning.history import HistoricalRecords
from wiki.fields.countries import CountryField
from wiki.fields.time_zones import check_time_zone
from wiki.geography.outlines import certain_country_at
from wiki.pages.items import CompanyInCharge, Milestone
from wiki.pages.models import Page, page_indexes, slug_is_unique
from wiki.pages.relations import Relation
from wiki.pages.rules import in_order, leads_to_the_web, once_a_year, periods_in_order, warning
from wiki.pages.statuses import STATUS_FITS_DATES


class ParkSort(models.TextChoices):
    THEME = "theme", "Theme park"
    AMUSEMENT = "amusement", "Amusement park"
    WATER = "water", "Water park"
    FAMILY = "family", "Family entertainment centre"
    FAIR = "fair", "Fair"
    ZOO = "zoo", "Zoo with rides"
    OTHER = "other"


class ParkStatus(models.TextChoices):
    ANNOUNCED = "announced"
    UNDER_CONSTRUCTION = "under-construction", "Under construction"
    OPERATING = "operating"
    CLOSED_FOR_NOW = "closed-for-now", "Closed for now"
    CLOSED = "closed"


class Attendance(Item):
    """How many came in a year."""

    year = models.PositiveSmallIntegerField()
    visitors = models.PositiveIntegerField()
    note = models.CharField(max_length=200, blank=True)


class Season(Item):
    """When a park opens in the course of a year."""

    name = models.CharField(max_length=100)
    months = models.CharField("from – to", max_length=100, blank=True)


@warning("in-another-country", "country", "coordinates")
def lies_in_its_country(park: Any) -> Iterator[str]:
    """Latitude and longitude are mistaken for each other easily."""
    place = park.coordinates
    if park.country and place:
        lies_in = certain_country_at(float(place.latitude), float(place.longitude))
        if lies_in not in ("", park.country):
            yield (
                f"The coordinates ({place}) lie in {countries.name(lies_in)}, and the country is "
                f"{countries.name(park.country)}. Are latitude and longitude the right way round?"
            )


class Park(Page):
    """A place with rides."""

    plural = "parks"
    list_columns = ("location", "country", "status", "opened")
    list_filters = ("country", "sort", "status", "opened", "closed", "area", "owners", "operators")
    list_orders: ClassVar[dict[str, str]] = {
        "name": "name", "oldest": "opened_from", "newest": "-opened_from", "largest": "-area_si",
    }  # fmt: skip
    related_lists = (
        Relation("Rides", "rides", "park", "former=false"),
        Relation("Former rides", "rides", "park", "former=true"),
        Relation("Rides that were moved from here", "rides", "former_places"),
        Relation("Areas", "areas", "park"),
    )
    told_beside = ("location", "country")
    has_locator = False
    rules = (
        in_order("opened", "closed"),
        leads_to_the_web("website"),
        periods_in_order("owners"),
        periods_in_order("operators"),
        periods_in_order("names"),
        once_a_year("attendance"),
        lies_in_its_country,
        *STATUS_FITS_DATES,
    )

    sort = models.CharField("kind", max_length=20, choices=ParkSort.choices, blank=True)
    status = models.CharField(max_length=20, choices=ParkStatus.choices, blank=True)
    opened = PartialDateField(db_index=True)
    closed = PartialDateField()
    owners = ItemsField(item=CompanyInCharge)
    operators = ItemsField(item=CompanyInCharge)
    street = models.CharField(max_length=200, blank=True)
    location = models.CharField("town", max_length=200, blank=True)
    region = models.CharField("state or region", max_length=200, blank=True)
    country = CountryField(db_index=True)
    time_zone = models.CharField(max_length=50, blank=True, validators=[check_time_zone])
    coordinates = CoordinatesField()
    area = QuantityField(unit="ha", db_index=True)
    seasons = ItemsField(item=Season)
    attendance = ItemsField(item=Attendance)
    slogan = models.CharField(max_length=200, blank=True)
    website = models.URLField(blank=True)
    milestones = ItemsField(item=Milestone)

    history = HistoricalRecords()
    version_control = VersionControlManager()

    class Meta:
        ordering = ("name", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [slug_is_unique("park")]
        indexes: ClassVar[list[models.Index]] = page_indexes("park")
