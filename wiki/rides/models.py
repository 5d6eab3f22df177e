"""Rides, and the models that several of them are of."""

from typing import ClassVar

from django.db import models

from versioning.control import VersionControlManager
from versioning.entities.references import References
from versioning.history import HistoricalRecords
from wiki.companies.models import Company
from wiki.pages.models import Page, slug_is_unique
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
    CLOSED = "closed"
    REMOVED = "removed"
    UNKNOWN = "unknown"


class RideModel(Page):
    """A design that a maker sells more than once."""

    plural = "models"

    manufacturer = models.ForeignKey(
        Company, on_delete=models.PROTECT, null=True, blank=True, related_name="ride_models"
    )

    history = HistoricalRecords()
    version_control = VersionControlManager()

    class Meta:
        ordering = ("name", "id")
        verbose_name = "model"
        constraints: ClassVar[list[models.BaseConstraint]] = [slug_is_unique("ridemodel")]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["name", "id"], name="wiki_ridemodel_name")
        ]


class Ride(Page):
    """A ride, where it stands or stood. Dates are EDTF: a year, a month or a day."""

    plural = "rides"

    park = models.ForeignKey(
        Park, on_delete=models.PROTECT, null=True, blank=True, related_name="rides"
    )
    category = models.CharField(
        max_length=20, choices=Category.choices, default=Category.ROLLER_COASTER
    )
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.UNKNOWN)
    opened = models.CharField(max_length=20, blank=True)
    closed = models.CharField(max_length=20, blank=True)
    manufacturer = models.ForeignKey(
        Company, on_delete=models.PROTECT, null=True, blank=True, related_name="built"
    )
    model = models.ForeignKey(
        RideModel, on_delete=models.PROTECT, null=True, blank=True, related_name="rides"
    )
    designers = References(Company, related_name="designed", blank=True)
    height_m = models.DecimalField(
        "height (m)", max_digits=8, decimal_places=2, null=True, blank=True
    )
    length_m = models.DecimalField(
        "length (m)", max_digits=8, decimal_places=2, null=True, blank=True
    )
    speed_km_h = models.DecimalField(
        "speed (km/h)", max_digits=8, decimal_places=2, null=True, blank=True
    )
    inversions = models.PositiveIntegerField(null=True, blank=True)

    history = HistoricalRecords()
    version_control = VersionControlManager()

    class Meta:
        ordering = ("name", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [slug_is_unique("ride")]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["name", "id"], name="wiki_ride_name")
        ]
