"""People: those who design, build, found."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from versioning.control import VersionControlManager
from versioning.fields.columns import PartialDateField
from versioning.fields.items import ItemsField
from versioning.history import HistoricalRecords
from wiki.fields.countries import CountryField
from wiki.pages.items import CompanyInCharge
from wiki.pages.models import Page, page_indexes, slug_is_unique
from wiki.pages.relations import Relation
from wiki.pages.rules import in_order, periods_in_order


class Profession(models.TextChoices):
    DESIGNER = "designer"
    ENGINEER = "engineer"
    FOUNDER = "founder"
    OTHER = "other"


class Person(Page):
    """Somebody whose work stands in parks."""

    plural = "people"
    list_columns = ("professions", "country")
    list_filters = ("professions", "country", "companies", "born", "died")
    related_lists = (Relation("Rides designed", "rides", "people"),)
    told_beside = ("professions",)
    rules = (in_order("born", "died"), periods_in_order("companies"))

    professions = ArrayField(
        models.CharField(max_length=20, choices=Profession.choices), default=list, blank=True
    )
    born = PartialDateField()
    died = PartialDateField()
    country = CountryField()
    companies = ItemsField(item=CompanyInCharge, help_text="Whom they worked for.")

    history = HistoricalRecords()
    version_control = VersionControlManager()

    class Meta:
        ordering = ("name", "id")
        verbose_name_plural = "people"
        constraints: ClassVar[list[models.BaseConstraint]] = [slug_is_unique("person")]
        indexes: ClassVar[list[models.Index]] = page_indexes("person")
