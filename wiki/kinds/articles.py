"""Articles."""

from typing import ClassVar

from django.db import models

from versioning.control import VersionControlManager
from versioning.history import HistoricalRecords
from wiki.pages.models import Page, page_indexes, slug_is_unique


class Article(Page):
    """A page about whatever is neither park, ride nor company."""

    plural = "articles"

    history = HistoricalRecords()
    version_control = VersionControlManager()

    class Meta:
        ordering = ("name", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [slug_is_unique("article")]
        indexes: ClassVar[list[models.Index]] = page_indexes("article")
