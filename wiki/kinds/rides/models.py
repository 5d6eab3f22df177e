"""Rides, and the models that several of them are of. What is not known is empty."""

from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar

from django.db import models

from versioning.control import VersionControlManager
from versioning.entities.references import References
from versioning.fields.columns import CoordinatesField, MoneyField, PartialDateField, QuantityField
from versioning.fields.items import ItemsField, Period, ReferencePart
from versioning.fields.quantities import Quantity
from versioning.history import HistoricalRecords
from wiki.kinds.areas import ParkArea
from wiki.kinds.companies import Company
from wiki.kinds.parks import Park
from wiki.kinds.people import Person
from wiki.kinds.rides.choices import Category, Status
from wiki.kinds.rides.figures import (
    RANKINGS,
    CoasterFigures,
    DarkFigures,
    Figures,
    FlatFigures,
    TransportFigures,
    WaterFigures,
)
from wiki.kinds.rides.rules import (
    area_is_of_the_park,
    comes_near,
    drop_fits_height,
    who_rides_alone_is_no_smaller,
)
from wiki.pages.groups import ValueGroup
from wiki.pages.items import Milestone, PageOrName
from wiki.pages.models import Page, page_indexes, slug_is_unique
from wiki.pages.relations import Relation, Siblings
from wiki.pages.rules import in_order, not_itself, periods_in_order
from wiki.pages.statuses import HAS_CLOSED, STATUS_FITS_DATES


class StatusThen(Period):
    """A status that a ride had for a time."""

    status = models.CharField(max_length=20, choices=Status.choices)
    note = models.CharField(max_length=200, blank=True)


class FormerPlace(Period):
    """A park where a ride stood before it was moved: by its page, or by its name without one."""

    park = ReferencePart("wiki.Park")
    place = models.CharField("or its name", max_length=200, blank=True)
    called = models.CharField("called there", max_length=200, blank=True)


class RideModel(
    Page, Figures, CoasterFigures, WaterFigures, DarkFigures, FlatFigures, TransportFigures
):
    """A design that a maker sells more than once; its figures are those that it comes with."""

    plural = "models"
    list_columns = ("manufacturer", "category", "height")
    list_filters = (
        "manufacturer", "category", "height", "drop", "length", "speed", "duration", "capacity",
    )  # fmt: skip
    list_orders: ClassVar[Mapping[str, str]] = {"name": "name", **RANKINGS}
    related_lists = (Relation("Rides", "rides", "model"),)
    told_beside = ("manufacturer",)
    table_columns = ("category", "height", "speed", "length")

    manufacturer = models.ForeignKey(
        Company, on_delete=models.PROTECT, null=True, blank=True, related_name="ride_models"
    )
    category = models.CharField(max_length=20, choices=Category.choices, blank=True)

    history = HistoricalRecords()
    version_control = VersionControlManager()

    class Meta:
        ordering = ("name", "id")
        verbose_name = "model"
        constraints: ClassVar[list[models.BaseConstraint]] = [slug_is_unique("ridemodel")]
        indexes: ClassVar[list[models.Index]] = page_indexes("ridemodel")


class Ride(Page, Figures, CoasterFigures, WaterFigures, DarkFigures, FlatFigures, TransportFigures):
    """A ride, where it stands or stood."""

    plural = "rides"
    list_columns = ("park", "status", "opened", "height")
    list_filters = (
        "category", "status", "park__country", "manufacturer", "park", "area", "opened", "closed",
        "former", "height", "speed", "length", "drop", "inversions", "vertical_angle", "g_force",
        "duration", "capacity", "material", "seating", "model", "other_makers", "designers",
        "people", "tracks", "building_cost", "former_places",
    )  # fmt: skip
    list_orders: ClassVar[Mapping[str, str]] = {
        "name": "name",
        "newest": "-opened_from",
        "oldest": "opened_from",
        **RANKINGS,
        "steepest": "-vertical_angle_si",
        "inversions": "-inversions",
        "g-force": "-g_force_si",
    }
    value_groups: ClassVar[Mapping[str, ValueGroup]] = {"former": ValueGroup("status", HAS_CLOSED)}
    related_lists = (Relation("Moved on as", "rides", "moved_from"),)
    siblings = (
        Siblings("Also at {}", "park", by="opened"),
        Siblings("Also of the model {}", "model", by="opened"),
        Siblings("Also by {}", "manufacturer", by="opened"),
    )
    told_beside = ("park", "manufacturer", "status", "opened")
    table_columns = ("category", "height", "speed", "length", "inversions")
    belongs_to = ("park",)
    rules = (
        in_order("opened", "closed"),
        in_order("soft_opened", "opened"),
        in_order("soft_opened", "closed"),
        periods_in_order("statuses"),
        periods_in_order("names"),
        periods_in_order("former_places"),
        not_itself("moved_from"),
        comes_near("height", Quantity(Decimal(300), "m")),
        comes_near("drop", Quantity(Decimal(300), "m")),
        comes_near("speed", Quantity(Decimal(300), "km/h")),
        comes_near("length", Quantity(Decimal(30), "km")),
        drop_fits_height,
        who_rides_alone_is_no_smaller,
        *STATUS_FITS_DATES,
    )
    form_rules = (area_is_of_the_park,)

    park = models.ForeignKey(
        Park, on_delete=models.PROTECT, null=True, blank=True, related_name="rides"
    )
    area = models.ForeignKey(
        ParkArea, on_delete=models.PROTECT, null=True, blank=True, related_name="rides"
    )
    category = models.CharField(
        max_length=20, choices=Category.choices, default=Category.ROLLER_COASTER
    )
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.UNKNOWN)
    statuses = ItemsField("earlier statuses", item=StatusThen)
    opened = PartialDateField(db_index=True)
    soft_opened = PartialDateField("soft opening")
    closed = PartialDateField()
    manufacturer = models.ForeignKey(
        Company, on_delete=models.PROTECT, null=True, blank=True, related_name="built"
    )
    other_makers = References(Company, related_name="also_built", blank=True)
    model = models.ForeignKey(
        RideModel, on_delete=models.PROTECT, null=True, blank=True, related_name="rides"
    )
    designers = References(
        Company, related_name="designed", blank=True, verbose_name="design firms"
    )
    people = References(
        Person, related_name="rides_designed", blank=True, verbose_name="designed by"
    )
    theme = models.CharField(max_length=200, blank=True)
    building_cost = MoneyField("cost")
    former_places = ItemsField(
        item=FormerPlace, help_text="Where it stood before it was moved to its park of today."
    )
    moved_from = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="moved_on",
        help_text="Only where it has a page for the place before as well.",
    )
    replaces = ItemsField("built in place of", item=PageOrName)
    replaced_with = ItemsField("made way for", item=PageOrName)
    rider_height = QuantityField("rider height", unit="cm")
    rider_height_accompanied = QuantityField("rider height, accompanied", unit="cm")
    queue_pass = models.CharField("fast pass", max_length=100, blank=True)
    single_riders = models.BooleanField("line for single riders", null=True, blank=True)
    virtual_queue = models.BooleanField(null=True, blank=True)
    wheelchair_transfer = models.BooleanField(
        "riders must leave their wheelchair", null=True, blank=True
    )
    accessibility = models.CharField(max_length=300, blank=True)
    coordinates = CoordinatesField()
    milestones = ItemsField(item=Milestone)

    history = HistoricalRecords()
    version_control = VersionControlManager()

    class Meta:
        ordering = ("name", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [slug_is_unique("ride")]
        indexes: ClassVar[list[models.Index]] = page_indexes("ride")
