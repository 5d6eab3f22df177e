"""The pages that a search names, hits and the values of its facets alike: one query for all."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Value
from django.db.models.functions import Left

from wiki.kinds.named import NamedPage
from wiki.pages.models import Page

LONGEST_READ = 20_000
"""Characters of a text in which an excerpt is looked for."""


@dataclass(frozen=True)
class FoundPage(NamedPage):
    """A page that search names; `start` is the beginning of its text, where it was asked for."""

    start: str


def pages_by_id(
    texts: Mapping[type[Page], Collection[str]], names: Mapping[type[Page], Collection[str]]
) -> dict[str, FoundPage]:
    """The pages with these ids, by kind, that this viewpoint shows; some with their texts.

    Cost: one query, whatever their kinds.
    """
    selects = [
        model._default_manager.filter(pk__in=[UUID(each) for each in ids])
        .order_by()
        .values_list(Value(model.plural), "pk", "slug", "name", start)
        # Texts last: of what is in both, the row that has its text is kept.
        for wanted, start in ((names, Value("")), (texts, Left("body", LONGEST_READ)))
        for model, ids in wanted.items()
        if ids
    ]
    if not selects:
        return {}
    first, *others = selects
    rows = first.union(*others, all=True) if others else first
    return {str(page.entity_id): page for page in (FoundPage(*row) for row in rows)}
