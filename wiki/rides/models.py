"""Rides, and the models that several of them are of."""

from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from versioning.control import VersionControlManager
from versioning.entities.references import References
from versioning.history import HistoricalRecords
from wiki.companies.models import Company
from wiki.fields.columns import CoordinatesField, PartialDateField, QuantityField
from wiki.pages.models import Page, page_indexes, slug_is_unique
from wiki.parks.models import Park


class Category(models.TextChoices):
    ROLLER_COASTER = "roller-coaster", "roller coaster"
    WATER = "water", "water ride"
    DARK = "dark", "dark ride"
    FLAT = "flat", "flat ride"
    OTHER = "other"


class Status(models.TextChoices):
    ANNOUNCED = "announced"
    UNDER_CONSTRUCTION = "under-construction", "under construction"
    OPERATING = "operating"
    CLOSED_FOR_NOW = "closed-for-now", "closed for now"
    STANDING = "standing", "standing but not operating"
    CLOSED = "closed"
    REMOVED = "removed"
    UNKNOWN = "unknown"


class Material(models.TextChoices):
    STEEL = "steel"
    WOOD = "wood"
    HYBRID = "hybrid"
    OTHER = "other"


class RideModel(Page):
    """A design that a maker sells more than once."""

    plural = "models"
    list_columns = ("manufacturer",)
    list_filters = ("manufacturer",)
    related_lists = (("Rides", "rides"),)

    manufacturer = models.ForeignKey(
        Company, on_delete=models.PROTECT, null=True, blank=True, related_name="ride_models"
    )

    history = HistoricalRecords()
    version_control = VersionControlManager()

    class Meta:
        ordering = ("name", "id")
        verbose_name = "model"
        constraints: ClassVar[list[models.BaseConstraint]] = [slug_is_unique("ridemodel")]
        indexes: ClassVar[list[models.Index]] = page_indexes("ridemodel")


class Ride(Page):
    """A ride, where it stands or stood. What is not known is empty."""

    plural = "rides"
    list_columns = ("park", "status", "opened", "height")
    list_filters = ("park", "manufacturer", "category", "status", "material")
    list_orders: ClassVar[Mapping[str, str]] = {
        "name": "name",
        "newest": "-opened_from",
        "oldest": "opened_from",
        "tallest": "-height_si",
        "longest": "-length_si",
        "fastest": "-speed_si",
    }

    park = models.ForeignKey(
        Park, on_delete=models.PROTECT, null=True, blank=True, related_name="rides"
    )
    category = models.CharField(
        max_length=20, choices=Category.choices, default=Category.ROLLER_COASTER
    )
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.UNKNOWN)
    opened = PartialDateField(db_index=True)
    soft_opened = PartialDateField("soft opening")
    closed = PartialDateField()
    manufacturer = models.ForeignKey(
        Company, on_delete=models.PROTECT, null=True, blank=True, related_name="built"
    )
    model = models.ForeignKey(
        RideModel, on_delete=models.PROTECT, null=True, blank=True, related_name="rides"
    )
    designers = References(Company, related_name="designed", blank=True)
    material = models.CharField(max_length=10, choices=Material.choices, blank=True)
    height = QuantityField(unit="m", db_index=True)
    drop = QuantityField(unit="m")
    length = QuantityField(unit="m", db_index=True)
    speed = QuantityField(unit="km/h", db_index=True)
    inversions = models.PositiveIntegerField(null=True, blank=True)
    vertical_angle = QuantityField("steepest drop", unit="°")
    g_force = QuantityField("g-force", unit="g")
    duration = QuantityField(unit="s")
    capacity = QuantityField(unit="riders/h")
    rider_height = QuantityField("rider height", unit="cm")
    layout = models.CharField(max_length=200, blank=True)
    propulsion = models.CharField("lift or launch", max_length=200, blank=True)
    acceleration = models.CharField(max_length=200, blank=True)
    trains = models.CharField(max_length=200, blank=True)
    restraints = models.CharField(max_length=200, blank=True)
    cost = models.CharField(max_length=200, blank=True)
    section = models.CharField("themed area", max_length=200, blank=True)
    theme = models.CharField(max_length=200, blank=True)
    replaced = models.CharField("built in place of", max_length=200, blank=True)
    replaced_by = models.CharField("made way for", max_length=200, blank=True)
    other_names = models.CharField("also called", max_length=200, blank=True)
    queue_pass = models.CharField(max_length=100, blank=True)
    single_riders = models.BooleanField("line for single riders", null=True, blank=True)
    wheelchair_transfer = models.BooleanField(
        "riders must leave their wheelchair", null=True, blank=True
    )
    coordinates = CoordinatesField()

    history = HistoricalRecords()
    version_control = VersionControlManager()

    class Meta:
        ordering = ("name", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [slug_is_unique("ride")]
        indexes: ClassVar[list[models.Index]] = page_indexes("ride")
