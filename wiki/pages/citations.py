"""Citations: which source a fact of a page comes from."""

from django.db import models

from versioning.fields.items import Item, ReferencePart


class Citation(Item):
    """A field of a page, and a source that tells it. No field: the page as a whole.

    Passages of the body cite by themselves: `[@source-address]`, `[@source-address, p. 12]`.
    """

    field = models.CharField("fact", max_length=60, blank=True)
    source = ReferencePart("wiki.Source", null=False, blank=False)
    place = models.CharField("page or section", max_length=100, blank=True)
    quote = models.CharField(max_length=500, blank=True)

    def is_of_same(self, other: "Citation") -> bool:
        """Whether both cite one source for one fact, wherever in it."""
        return (self.field, str(self.source)) == (other.field, str(other.source))
