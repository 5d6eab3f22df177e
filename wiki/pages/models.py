"""What every page of the encyclopaedia has: an address, a name, a body."""

from typing import Any

from django.db import models
from django.urls import reverse

from versioning.entities.model import VersionedModel


def slug_is_unique(kind: str) -> models.UniqueConstraint:
    """One slug, one page of a kind. Deferred, so that two pages can swap theirs."""
    return models.UniqueConstraint(
        fields=["slug"],
        name=f"wiki_{kind}_slug",
        deferrable=models.Deferrable.DEFERRED,
        violation_error_message="Another page has this address already. Choose another one.",
    )


class Page(VersionedModel):
    """An entity with a page of its own. `plural` is the first part of its address."""

    plural = ""

    slug = models.SlugField(
        "address", max_length=120, help_text="The last part of the page's address: lower-case."
    )
    name = models.CharField(max_length=200)
    body = models.TextField(
        blank=True, max_length=200_000, help_text="What there is to tell, in Markdown."
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("page", kwargs={"plural": self.plural, "slug": self.slug})

    def facts(self) -> list[tuple[str, Any]]:
        """What the infobox shows: a label and a value for each field that has one."""
        shown: list[tuple[str, Any]] = []
        for field in self._meta.concrete_fields:
            if field.name in {"id", "version", "on_branch", "slug", "name", "body"}:
                continue
            display = getattr(self, f"get_{field.name}_display", None)
            value = display() if display else getattr(self, field.name)
            if value not in (None, ""):
                shown.append((str(field.verbose_name).capitalize(), value))
        return shown
