"""The pages that a search names, hits and the values of its facets alike: one query for all."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, TextField, Value, When
from django.db.models.functions import Left
from django.urls import reverse

from wiki.pages.kinds import KINDS

LONGEST_READ = 20_000
"""Characters of a text in which an excerpt is looked for."""


@dataclass(frozen=True)
class NamedPage:
    """A page by name and address; `start` is the beginning of its text, where it was asked for."""

    plural: str
    slug: str
    name: str
    start: str

    @property
    def href(self) -> str:
        return reverse("page", kwargs={"plural": self.plural, "slug": self.slug})

    @property
    def kind(self) -> str:
        return str(KINDS[self.plural]._meta.verbose_name).capitalize()


def pages_by_id(ids: Collection[str], *, with_text: Collection[str]) -> dict[str, NamedPage]:
    """The pages with these ids that this viewpoint shows. Cost: one query, whatever their kinds."""
    wanted = [UUID(each) for each in {*ids, *with_text}]
    if not wanted:
        return {}
    start = Case(
        When(pk__in=[UUID(each) for each in with_text], then=Left("body", LONGEST_READ)),
        default=Value(""),
        output_field=TextField(),
    )
    first, *others = [
        model._default_manager.filter(pk__in=wanted)
        .order_by()
        .values_list("pk", Value(plural), "slug", "name", start)
        for plural, model in KINDS.items()
    ]
    return {str(pk): NamedPage(*page) for pk, *page in first.union(*others, all=True)}
