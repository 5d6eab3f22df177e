"""What a page lists of its own kind: those that name the same page, nearest in time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from wiki.lists.columns import Column
from wiki.lists.related import (
    RelatedList,
    address_of_list,
    beside,
    columns_of,
    plain_head,
    shelf_of_listed,
)
from wiki.pages.models import Page
from wiki.pages.relations import Siblings
from wiki.pages.values import Shelf

NEAREST = 4
"""Pages that are shown from before a page's own time, and as many from after it."""


@dataclass(frozen=True)
class SiblingLists:
    """Lists that are not empty; the pages that they are of, and those that their facts name."""

    lists: Sequence[RelatedList]
    owners: Sequence[UUID]
    named: Shelf


def siblings_of(found: Page) -> SiblingLists:
    """The lists of a page's own kind.

    Cost: a query for each list, and for each kind that the facts beside their pages name.
    """
    rows = {each: _nearest(found, each) for each in found.siblings if _owner(found, each)}
    shelf = shelf_of_listed((pages, _owner(found, each)) for each, pages in rows.items())
    lists = [_list(each, pages, shelf) for each, pages in rows.items() if pages]
    return SiblingLists(lists, [_owner(found, each) for each in rows], shelf)


def _owner(found: Page, siblings: Siblings) -> Any:
    return getattr(found, f"{siblings.field}_id")


def _nearest(found: Page, siblings: Siblings) -> list[Page]:
    """The nearest in time, the earliest first; those without a date come last of all."""
    by = f"{siblings.by}_from"
    own = getattr(found, by)
    others = _others(found, siblings)
    if own is None:
        return list(others.order_by(by, "id")[:NEAREST])
    after = others.filter(**{f"{by}__gte": own}).order_by(by, "id")[:NEAREST]
    before = others.filter(**{f"{by}__lt": own}).order_by(f"-{by}", "-id")[:NEAREST]
    return sorted(before.union(after, all=True), key=lambda page: getattr(page, by))


def _others(found: Page, siblings: Siblings) -> QuerySet[Page]:
    model, field = type(found), siblings.field
    told = (*model.told_beside, f"{siblings.by}_from", f"{field}__name", f"{field}__slug")
    return (
        model._default_manager.filter(**{field: _owner(found, siblings)})
        .exclude(pk=found.pk)
        .select_related(field)
        .only("name", "slug", *told)
    )


def _list(siblings: Siblings, pages: Sequence[Page], shelf: Shelf) -> RelatedList:
    owner, model = getattr(pages[0], siblings.field), type(pages[0])
    fields, cells = columns_of(pages, model.told_beside, owner.pk, shelf)
    heads = [plain_head(f) for f in fields]
    return RelatedList(
        siblings.title.format(owner.name),
        Column("Name", is_figure=False),
        heads,
        beside(pages, heads, cells),
        address_of_list(model, siblings.field, owner.slug),
        is_whole=False,
    )
