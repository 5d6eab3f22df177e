"""Parks."""

from typing import ClassVar

from django.db import models

from versioning.control import VersionControlManager
from versioning.history import HistoricalRecords
from wiki.fields.columns import CoordinatesField
from wiki.pages.models import Page, page_indexes, slug_is_unique


class Park(Page):
    """A place with rides."""

    plural = "parks"
    list_columns = ("location", "country")
    related_lists = (("Rides", "rides"),)

    location = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166-1, two letters.")
    coordinates = CoordinatesField()
    website = models.URLField(blank=True)

    history = HistoricalRecords()
    version_control = VersionControlManager()

    class Meta:
        ordering = ("name", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [slug_is_unique("park")]
        indexes: ClassVar[list[models.Index]] = page_indexes("park")
