"""Areas: the themed parts of a park, and parts of those."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django.db import models

from versioning.control import VersionControlManager
from versioning.fields.columns import PartialDateField
from versioning.history import HistoricalRecords
from wiki.kinds.parks import Park
from wiki.pages.models import Page, page_indexes, slug_is_unique
from wiki.pages.relations import Relation
from wiki.pages.rules import in_order, no_cycle, warning


@warning("part-of-another-park", "parent", "park")
def part_is_of_the_park(area: Any) -> Iterator[str]:
    """Cost: a query where both are told."""
    if area.parent_id and area.park_id and area.parent.park_id not in (None, area.park_id):
        yield f"{area.parent} is an area of another park."


class ParkArea(Page):
    """A part of a park with a name or a theme of its own."""

    plural = "areas"
    list_columns = ("park", "theme", "opened")
    list_filters = ("park", "park__country", "opened", "closed")
    list_orders: ClassVar[Mapping[str, str]] = {
        "name": "name", "oldest": "opened_from", "newest": "-opened_from",
    }  # fmt: skip
    related_lists = (
        Relation("Rides", "rides", "area", "former=false"),
        Relation("Former rides", "rides", "area", "former=true"),
        Relation("Parts", "areas", "parent"),
    )
    told_beside = ("park", "opened")
    rules = (in_order("opened", "closed"),)
    form_rules = (no_cycle("parent"), part_is_of_the_park)

    park = models.ForeignKey(
        Park, on_delete=models.PROTECT, null=True, blank=True, related_name="areas"
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name="part of",
    )
    theme = models.CharField(max_length=200, blank=True)
    opened = PartialDateField(db_index=True)
    closed = PartialDateField()

    history = HistoricalRecords()
    version_control = VersionControlManager()

    class Meta:
        ordering = ("name", "id")
        verbose_name = "area"
        constraints: ClassVar[list[models.BaseConstraint]] = [slug_is_unique("parkarea")]
        indexes: ClassVar[list[models.Index]] = page_indexes("parkarea")
