"""Companies: those who make, design, run and own."""

from collections.abc import Mapping
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from versioning.control import VersionControlManager
from versioning.entities.references import References
from versioning.fields.columns import PartialDateField
from versioning.fields.items import ItemsField
from versioning.history import HistoricalRecords
from wiki.fields.countries import CountryField
from wiki.pages.items import Milestone
from wiki.pages.models import Page, page_indexes, slug_is_unique
from wiki.pages.relations import Relation
from wiki.pages.rules import in_order, leads_to_the_web, no_cycle, no_cycle_among


class Role(models.TextChoices):
    MANUFACTURER = "manufacturer"
    DESIGNER = "designer"
    OPERATOR = "operator"
    OWNER = "owner"
    CONTRACTOR = "contractor"


def no_roles() -> list[str]:
    return []


class Company(Page):
    """A firm; it may have several roles."""

    plural = "companies"
    list_columns = ("roles",)
    list_filters = ("roles", "country", "parent", "founded", "defunct")
    list_orders: ClassVar[Mapping[str, str]] = {
        "name": "name", "oldest": "founded_from", "newest": "-founded_from",
    }  # fmt: skip
    related_lists = (
        Relation("Rides built", "rides", "manufacturer"),
        Relation("Models", "models", "manufacturer"),
        Relation("Rides designed", "rides", "designers"),
        Relation("Owns, or owned", "parks", "owners"),
        Relation("Runs, or ran", "parks", "operators"),
        Relation("People", "people", "companies"),
        Relation("Parts of it", "companies", "parent"),
        Relation("Successors", "companies", "predecessors"),
    )

    rules = (in_order("founded", "defunct"), leads_to_the_web("website"))
    form_rules = (no_cycle("parent"), no_cycle_among("predecessors"))

    roles = ArrayField(
        models.CharField(max_length=20, choices=Role.choices), default=no_roles, blank=True
    )
    founded = PartialDateField(db_index=True)
    defunct = PartialDateField()
    headquarters = models.CharField(max_length=200, blank=True)
    country = CountryField()
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="subsidiaries",
        verbose_name="part of",
    )
    predecessors = References("self", related_name="successors", symmetrical=False, blank=True)
    website = models.URLField(blank=True)
    milestones = ItemsField(item=Milestone)

    history = HistoricalRecords()
    version_control = VersionControlManager()

    class Meta:
        ordering = ("name", "id")
        verbose_name_plural = "companies"
        constraints: ClassVar[list[models.BaseConstraint]] = [slug_is_unique("company")]
        indexes: ClassVar[list[models.Index]] = page_indexes("company")
