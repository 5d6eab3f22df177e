"""Sources: where facts come from. One that is cited twice is one page."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from versioning.control import VersionControlManager
from versioning.fields.columns import PartialDateField
from versioning.history import HistoricalRecords
from wiki.pages.models import Page, page_indexes, slug_is_unique
from wiki.pages.relations import Relation
from wiki.pages.rules import leads_to_the_web, warning


@warning("source-twice", "address", "name", "publisher")
def is_told_once(source: Any) -> Iterator[str]:
    """The same address is the same source; so is one title by one publisher. Cost: a query."""
    same = Q(address=source.address) if source.address else Q(pk__in=())
    if source.publisher:
        same |= Q(name__iexact=source.name, publisher__iexact=source.publisher)
    others = Source._default_manager.filter(same).exclude(pk=source.pk)
    for slug, name in others.values_list("slug", "name")[:3]:
        yield f"This source has a page already, {name} ({slug}): cite that one."


class Source(Page):
    """Something that was published. Its name is its title."""

    plural = "sources"
    list_columns = ("publisher", "author", "published")
    list_filters = ("published",)
    list_orders: ClassVar[Mapping[str, str]] = {
        "name": "name", "newest": "-published_from", "oldest": "published_from",
    }  # fmt: skip
    related_lists = (Relation("Cited by", "", "citations"),)
    rules = (leads_to_the_web("address"), leads_to_the_web("archived"))
    form_rules = (is_told_once,)

    publisher = models.CharField(max_length=200, blank=True)
    author = models.CharField(max_length=200, blank=True)
    address = models.URLField("web address", max_length=500, blank=True)
    published = PartialDateField(db_index=True)
    read_on = PartialDateField("read on")
    archived = models.URLField("archived copy", max_length=500, blank=True)

    history = HistoricalRecords()
    version_control = VersionControlManager()

    class Meta:
        ordering = ("name", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [slug_is_unique("source")]
        indexes: ClassVar[list[models.Index]] = page_indexes("source")
