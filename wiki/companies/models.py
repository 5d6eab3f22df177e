"""Companies: those who make, design, run and own."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from versioning.control import VersionControlManager
from versioning.history import HistoricalRecords
from wiki.pages.models import Page, page_indexes, slug_is_unique


class Role(models.TextChoices):
    MANUFACTURER = "manufacturer"
    DESIGNER = "designer"
    OPERATOR = "operator"
    OWNER = "owner"


def no_roles() -> list[str]:
    return []


class Company(Page):
    """A company, or a person who works as one; it may have several roles."""

    plural = "companies"
    list_columns = ("roles",)
    list_filters = ("roles",)
    related_lists = (
        ("Rides built", "built"),
        ("Models", "ride_models"),
        ("Rides designed", "designed"),
    )

    roles = ArrayField(
        models.CharField(max_length=20, choices=Role.choices), default=no_roles, blank=True
    )
    website = models.URLField(blank=True)

    history = HistoricalRecords()
    version_control = VersionControlManager()

    class Meta:
        ordering = ("name", "id")
        verbose_name_plural = "companies"
        constraints: ClassVar[list[models.BaseConstraint]] = [slug_is_unique("company")]
        indexes: ClassVar[list[models.Index]] = page_indexes("company")
