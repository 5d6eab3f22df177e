"""What is measured and counted of rides, by category."""

from typing import Final

from django.db import models

from versioning.fields.columns import QuantityField
from versioning.fields.items import Item, ItemsField, ReferencesPart
from wiki.kinds.rides.choices import Category, Lift, Material, Motion, Seating
from wiki.kinds.rides.units import RIDERS_PER_HOUR
from wiki.pages.blocks import StatBlock


class Launch(Item):
    """One way in which a train is brought up, or to speed; in the order of the ride."""

    sort = models.CharField("kind", max_length=20, choices=Lift.choices, default=Lift.OTHER)
    speed = QuantityField("to a speed of", unit="km/h")
    note = models.CharField(max_length=200, blank=True)


class Track(Item):
    """One track of a coaster: the first of several, or the only one where its parts are told."""

    name = models.CharField(max_length=100, blank=True)
    height = QuantityField(unit="m")
    drop = QuantityField(unit="m")
    length = QuantityField(unit="m")
    speed = QuantityField(unit="km/h")
    inversions = models.PositiveSmallIntegerField(null=True, blank=True)
    elements = ReferencesPart("wiki.Element", help_text="In their order, each on a line.")
    vertical_angle = QuantityField("steepest drop", unit="°")
    g_force = QuantityField("g-force", unit="g")
    duration = QuantityField(unit="s")


RANKINGS: Final = {
    "tallest": "-height_si",
    "longest": "-length_si",
    "fastest": "-speed_si",
    "deepest": "-drop_si",
    "duration": "-duration_si",
    "capacity": "-capacity_si",
}
"""The orders of lists by what any ride may have."""


class Figures(StatBlock):
    """What any ride may have."""

    title = "Figures"

    height = QuantityField(unit="m", db_index=True)
    drop = QuantityField(unit="m", db_index=True)
    length = QuantityField(unit="m", db_index=True)
    speed = QuantityField(unit="km/h", db_index=True)
    duration = QuantityField(unit="s", db_index=True)
    capacity = QuantityField(unit=RIDERS_PER_HOUR, db_index=True)

    class Meta:
        abstract = True


class CoasterFigures(StatBlock):
    """Roller coasters. The figures of a coaster with several tracks are those of its greatest."""

    of_category = Category.ROLLER_COASTER
    title = "Roller coaster"

    material = models.CharField(max_length=10, choices=Material.choices, blank=True)
    seating = models.CharField(max_length=20, choices=Seating.choices, blank=True)
    layout = models.CharField(max_length=200, blank=True)
    launches = ItemsField("lift or launch", item=Launch)
    inversions = models.PositiveIntegerField(null=True, blank=True, db_index=True)
    vertical_angle = QuantityField("steepest drop", unit="°", db_index=True)
    g_force = QuantityField("g-force", unit="g", db_index=True)
    acceleration = models.CharField(max_length=200, blank=True)
    tracks = ItemsField(item=Track)
    train_count = models.PositiveSmallIntegerField("trains", null=True, blank=True)
    cars = models.PositiveSmallIntegerField("cars a train", null=True, blank=True)
    rows = models.PositiveSmallIntegerField("rows a car", null=True, blank=True)
    seats = models.PositiveSmallIntegerField("seats a row", null=True, blank=True)
    trains = models.CharField("about the trains", max_length=200, blank=True)
    restraints = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True


class WaterFigures(StatBlock):
    """Flumes, rapids, slides."""

    of_category = Category.WATER
    title = "Water ride"

    splash = models.CharField(
        max_length=100, blank=True, help_text="How wet, and by what: a drop, a wave, guns."
    )
    boats = models.PositiveSmallIntegerField(null=True, blank=True)
    seats_a_boat = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        abstract = True


class DarkFigures(StatBlock):
    """Rides through scenes, in the dark or not."""

    of_category = Category.DARK
    title = "Dark ride"

    system = models.CharField("ride system", max_length=200, blank=True)
    vehicles = models.PositiveSmallIntegerField(null=True, blank=True)
    seats_a_vehicle = models.PositiveSmallIntegerField(null=True, blank=True)
    scenes = models.PositiveSmallIntegerField(null=True, blank=True)
    trackless = models.BooleanField(null=True, blank=True)

    class Meta:
        abstract = True


class FlatFigures(StatBlock):
    """Rides that stay where they stand: carousels, swings, drop towers."""

    of_category = Category.FLAT
    title = "Flat ride"

    motion = models.CharField(max_length=20, choices=Motion.choices, blank=True)
    swing_angle = QuantityField(unit="°")
    gondolas = models.PositiveSmallIntegerField(null=True, blank=True)
    seats_a_gondola = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        abstract = True


class TransportFigures(StatBlock):
    """Railways, monorails, cable cars."""

    of_category = Category.TRANSPORT
    title = "Transport"

    stations = models.PositiveSmallIntegerField(null=True, blank=True)
    line_length = QuantityField("length of the line", unit="km")
    gauge = QuantityField(unit="mm")

    class Meta:
        abstract = True
