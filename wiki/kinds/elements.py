"""Elements of tracks."""

from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from versioning.control import VersionControlManager
from versioning.history import HistoricalRecords
from wiki.pages.models import Page, page_indexes, slug_is_unique
from wiki.pages.relations import Relation


class Element(Page):
    """A figure of a track that has a name: a loop, a cobra roll, an airtime hill."""

    plural = "elements"
    list_columns = ("inversions",)
    list_filters = ("inversions",)
    list_orders: ClassVar[Mapping[str, str]] = {"name": "name", "inversions": "-inversions"}
    related_lists = (Relation("Rides with it", "rides", "tracks"),)

    inversions = models.PositiveSmallIntegerField(
        null=True, blank=True, db_index=True, help_text="How often it turns its riders upside down."
    )

    history = HistoricalRecords()
    version_control = VersionControlManager()

    class Meta:
        ordering = ("name", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [slug_is_unique("element")]
        indexes: ClassVar[list[models.Index]] = page_indexes("element")
