"""Books and their writers, versioned by the same engine as parks and rides."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Upper

from versioning.control import VersionControlManager
from versioning.entities.references import References
from versioning.fields import (
    CoordinatesField,
    ItemsField,
    PartialDateField,
    Period,
    QuantityField,
    ReferencePart,
)
from versioning.history import HistoricalRecords
from versioning.saving.model import VersionedModel


class Author(VersionedModel):
    name = models.CharField(max_length=100)
    born = models.DateField(null=True, blank=True)

    history = HistoricalRecords()
    version_control = VersionControlManager()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Shelf(VersionedModel):
    label = models.CharField(max_length=50)
    inside = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL)

    history = HistoricalRecords()
    version_control = VersionControlManager()

    def __str__(self) -> str:
        return self.label


class Publication(Period):
    imprint = models.CharField(max_length=100)
    editor = ReferencePart("library.Author")


class Book(VersionedModel):
    slug = models.SlugField(max_length=100)
    title = models.CharField(max_length=200)
    pages = models.IntegerField(null=True, blank=True)
    price = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    in_print = models.BooleanField(default=True)
    text = models.TextField(blank=True)
    extra = models.JSONField(default=dict, blank=True)
    tags = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    shelf = models.ForeignKey(
        Shelf, null=True, blank=True, on_delete=models.CASCADE, related_name="books"
    )
    editor = models.ForeignKey(
        Author, null=True, blank=True, on_delete=models.PROTECT, related_name="edited"
    )
    thickness = QuantityField(unit="cm", db_index=True)
    published = PartialDateField(db_index=True)
    printed_at = CoordinatesField()
    publications = ItemsField(item=Publication)
    authors = References(Author, related_name="books", blank=True)
    shouted = models.GeneratedField(
        expression=Upper("title"), output_field=models.CharField(max_length=200), db_persist=True
    )

    former_names: ClassVar[dict[str, str]] = {"name": "title", "words": "text"}

    history = HistoricalRecords()
    version_control = VersionControlManager()

    class Meta:
        ordering = ("title", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["slug"], name="library_book_slug", deferrable=models.Deferrable.DEFERRED
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["title"], name="library_book_title")
        ]

    def __str__(self) -> str:
        return self.title
