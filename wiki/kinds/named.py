"""A page as other pages name it: enough for a link, without reading the page."""

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from wiki.kinds.registry import KINDS


@dataclass(frozen=True)
class NamedPage:
    """A page by its name and its address."""

    plural: str
    entity_id: UUID
    slug: str
    name: str

    @property
    def href(self) -> str:
        return reverse("page", kwargs={"plural": self.plural, "slug": self.slug})

    @property
    def kind(self) -> str:
        """What it is, in the singular: `Ride`."""
        return str(KINDS[self.plural]._meta.verbose_name).capitalize()
