"""What a page lists of others: those that name it, each with what tells it apart."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.db.models import CharField, Q, Value
from django.urls import reverse

from versioning.entities.kinds import Document, kind_of
from versioning.entities.saving import values_of
from versioning.fields.items import ItemsField, Period
from wiki.filters.narrowing import question_named
from wiki.pages.kinds import KINDS
from wiki.pages.models import Page
from wiki.pages.named import NamedPage
from wiki.pages.relations import Relation
from wiki.pages.values import Shelf, Shown, in_words, label_of, shelf_of, shown

RELATED = 24
"""Pages that a related list shows before it leads to the whole."""


@dataclass(frozen=True)
class Beside:
    """A page in a list on another, with what stands in each of the list's columns."""

    name: str
    href: str
    cells: Sequence[Sequence[Shown]]


@dataclass(frozen=True)
class RelatedList:
    """Pages that stand on another: under a title, in columns with heads.

    `more` is the address of the list that has them all, and `is_whole` whether all stand here.
    """

    title: str
    heads: Sequence[str]
    pages: Sequence[Beside]
    more: str
    is_whole: bool


@dataclass(frozen=True)
class Related:
    """The related lists of a page that are not empty, and the pages that their facts name."""

    lists: Sequence[RelatedList]
    named: Shelf


def related_to(found: Page) -> Related:
    """What lists on a page show.

    Cost: a query for each list, and for each kind that the facts beside their pages name.
    """
    rows = {each: _rows(found, each) for each in found.related_lists if each.plural}
    shelf = shelf_of_listed((pages, found.pk) for pages in rows.values())
    lists = [
        _list(found, each, rows[each], shelf) if each in rows else _of_all(found, each)
        for each in found.related_lists
    ]
    return Related([each for each in lists if each.pages], shelf)


def shelf_of_listed(lists: Iterable[tuple[Sequence[Page], UUID]]) -> Shelf:
    """The pages that are named by what tells those of some lists apart, but for the lists' owners.

    Cost: a query for each kind that is named.
    """
    return shelf_of(
        (kind_of(type(page)), _told(page, owner)) for pages, owner in lists for page in pages
    )


def _rows(found: Page, relation: Relation) -> list[Page]:
    """The pages of a list, and one more where there are more."""
    model = KINDS[relation.plural]
    rows = model._default_manager.filter(
        _naming(found, model, relation), *_conditions(model, relation)
    )
    told = (*model.told_beside, *((relation.field,) if _items(model, relation) else ()))
    return list(rows.only("name", "slug", *told).order_by("name", "id")[: RELATED + 1])


def _conditions(model: type[Page], relation: Relation) -> Iterator[Q]:
    """What its pages are besides, as their list would be asked."""
    for name, answer in parse_qsl(relation.asked):
        question = question_named(model, name)
        yield question.condition(question.read(answer))


def _naming(found: Page, model: type[Page], relation: Relation) -> Q:
    items = _items(model, relation)
    if items is None:
        return Q(**{relation.field: found.pk})
    named = items.naming(type(found), [str(found.pk)])
    if named is None:
        raise TypeError(f"No item of {relation.field!r} names a {type(found).__name__}.")
    return named


def _items(model: type[Page], relation: Relation) -> ItemsField | None:
    field = model._meta.get_field(relation.field)
    return field if isinstance(field, ItemsField) else None


def _told(page: Page, owner: UUID) -> Document:
    """The facts that tell a page apart on a page that it names: that it does is no such fact."""
    held = values_of(page, kind_of(type(page)))
    told = {name: held.get(name) for name in page.told_beside}
    return {name: None if value == str(owner) else value for name, value in told.items()}


def _list(found: Page, relation: Relation, pages: Sequence[Page], shelf: Shelf) -> RelatedList:
    model, some = KINDS[relation.plural], pages[:RELATED]
    heads, cells = columns_of(model, some, found.pk, shelf)
    if (item := _items(model, relation)) is not None and issubclass(item.item, Period):
        periods = [list(_periods(found, page, relation)) for page in some]
        if any(periods):
            heads, cells = (
                [*heads, "When"],
                [[*row, each] for row, each in zip(cells, periods, strict=True)],
            )
    return RelatedList(
        relation.title,
        heads,
        beside(some, cells),
        address_of_list(model, relation.field, found.slug, relation.asked),
        len(pages) <= RELATED,
    )


def columns_of(
    model: type[Page], pages: Sequence[Page], owner: UUID, shelf: Shelf
) -> tuple[list[str], list[list[list[Shown]]]]:
    """Heads and cells of what tells pages of a kind apart, but for what names their common owner.

    A fact that none of them tells has no column.
    """
    fields = kind_of(model).fields
    documents = [_told(page, owner) for page in pages]
    heads, columns = [], []
    for name in model.told_beside:
        column = [shown(fields[name], each[name], shelf) for each in documents]
        if any(column):
            heads.append(label_of(fields[name]))
            columns.append(column)
    return heads, [list(row) for row in zip(*columns, strict=True)] or [[] for _ in pages]


def beside(pages: Sequence[Page], cells: Sequence[Sequence[Sequence[Shown]]]) -> list[Beside]:
    """Pages with what stands in their rows."""
    return [
        Beside(page.name, page.get_absolute_url(), row)
        for page, row in zip(pages, cells, strict=True)
    ]


def address_of_list(model: type[Page], field: str, slug: str, asked: str = "") -> str:
    """The list of all pages of a kind that name a page in a field, if it can be asked for that."""
    if field not in model.list_filters:
        return ""
    address = reverse("list", kwargs={"plural": model.plural})
    return f"{address}?{urlencode([(field, slug), *parse_qsl(asked)])}"


def _periods(found: Page, page: Page, relation: Relation) -> Iterator[Shown]:
    """When a page named this one, where its items say so."""
    items = _items(type(page), relation)
    if items is None or not issubclass(items.item, Period):
        return
    f, named = kind_of(type(page)).fields[relation.field], str(found.pk)
    for item in getattr(page, relation.field).document():
        if named in item.values():
            period = {name: item.get(name) for name in Period.parts}
            yield from (each for each in shown(f, [period], {}) if str(each))


def _of_all(found: Page, relation: Relation) -> RelatedList:
    """Pages of all kinds, with what they are."""
    rows = [
        model._default_manager.filter(_naming(found, model, relation))
        .order_by()
        .values_list(Value(plural, CharField()), "id", "slug", "name")
        for plural, model in KINDS.items()
    ]
    several = rows[0].union(*rows[1:], all=True).order_by("name", "id")
    pages = [NamedPage(*row) for row in several[: RELATED + 1]]
    listed = [Beside(page.name, page.href, [[in_words(page.kind)]]) for page in pages[:RELATED]]
    all_links = reverse("links", kwargs={"plural": found.plural, "slug": found.slug})
    return RelatedList(relation.title, ["Kind"], listed, all_links, len(pages) <= RELATED)
