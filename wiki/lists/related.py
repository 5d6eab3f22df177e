"""What a page lists of others: those that name it, each with what tells it apart, in any order."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.db.models import CharField, F, Q, Value
from django.urls import reverse
from django.utils.text import slugify

from versioning.entities.kinds import Document, DocumentField, kind_of
from versioning.fields.items import ItemsField, Period
from versioning.saving.edits import values_of
from wiki.filters.narrowing import question_named
from wiki.kinds.named import NamedPage
from wiki.kinds.registry import KINDS
from wiki.lists.columns import Column, column_of, column_of_names, is_figure
from wiki.pages.models import Page
from wiki.pages.relations import Relation
from wiki.pages.values import Shelf, Shown, in_words, label_of, shelf_of, shown
from wiki.requests.refusals import RequestRefused

RELATED = 24
"""Pages that a related list shows before it leads to the whole."""


type Cells = Sequence[Sequence[Shown]]
"""What stands in a row, column by column."""


@dataclass(frozen=True)
class Beside:
    """A page in a list on another, with what stands in each of the list's columns."""

    name: str
    href: str
    cells: Sequence[tuple[Column, Sequence[Shown]]]


@dataclass(frozen=True)
class RelatedList:
    """Pages that stand on another: under a title, with their names and columns of facts.

    `more` is the address of the list that has them all, and `is_whole` whether all stand here.
    """

    title: str
    names: Column
    heads: Sequence[Column]
    pages: Sequence[Beside]
    more: str
    is_whole: bool

    @property
    def anchor(self) -> str:
        """What it is called in addresses of its page."""
        return slugify(self.title)

    @property
    def has_figures(self) -> bool:
        """Whether it is a table to compare by, which needs the whole width of its page."""
        return any(head.is_figure for head in self.heads)


@dataclass(frozen=True)
class Related:
    """The related lists of a page that are not empty, and the pages that their facts name."""

    lists: Sequence[RelatedList]
    named: Shelf


def order_asked(model: type[Page], order: str) -> str:
    """The order of a page's lists that an address asks for; nothing for that by name.

    Raises RequestRefused where none of the lists of the kind has it.
    """
    listed = [KINDS[each.plural] for each in model.related_lists if each.plural]
    orders = list(dict.fromkeys(order for each in listed for order in each.list_orders))
    if order and order not in orders:
        raise RequestRefused(
            f"There is no order called {order[:40]!r}.",
            hint=f"Choose one of these: {', '.join(orders)}." if orders else "",
        )
    return "" if order == "name" else order


def related_to(found: Page, order: str = "") -> Related:
    """What lists on a page show, in an order, as far as they have it; else by name.

    Cost: a query for each list, and for each kind that the facts beside their pages name.
    """
    rows = {each: _rows(found, each, order) for each in found.related_lists if each.plural}
    shelf = shelf_of_listed((pages, found.pk) for pages in rows.values())
    lists = [
        _list(found, each, rows[each], shelf, order) if each in rows else _of_all(found, each)
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


def _rows(found: Page, relation: Relation, order: str) -> list[Page]:
    """The pages of a list, and one more where there are more; last those of no figure."""
    model = KINDS[relation.plural]
    rows = model._default_manager.filter(
        _naming(found, model, relation), *_conditions(model, relation)
    )
    told = (*_told_in_table(model), *((relation.field,) if _items(model, relation) else ()))
    column = model.list_orders[_order_in(model, order)]
    by = F(column.removeprefix("-"))
    by_column = by.desc(nulls_last=True) if column.startswith("-") else by.asc(nulls_last=True)
    return list(rows.only("name", "slug", *told).order_by(by_column, "id")[: RELATED + 1])


def _order_in(model: type[Page], order: str) -> str:
    """The order of a kind's list, where one is asked for that may be another kind's alone."""
    return order if order in model.list_orders else next(iter(model.list_orders))


def _told_in_table(model: type[Page]) -> tuple[str, ...]:
    return (*model.told_beside, *model.table_columns)


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
    told = {name: held.get(name) for name in _told_in_table(type(page))}
    return {name: None if value == str(owner) else value for name, value in told.items()}


def _list(
    found: Page, relation: Relation, pages: Sequence[Page], shelf: Shelf, order: str
) -> RelatedList:
    model, some = KINDS[relation.plural], pages[:RELATED]
    order, orders = _order_in(model, order), model.list_orders
    fields, cells = columns_of(some, _told_in_table(model), found.pk, shelf)
    heads = [column_of(f, orders, order, _in_order) for f in fields]
    if (item := _items(model, relation)) is not None and issubclass(item.item, Period):
        periods = [list(_periods(found, page, relation)) for page in some]
        if any(periods):
            heads = [*heads, Column("When", is_figure=False)]
            cells = [[*row, each] for row, each in zip(cells, periods, strict=True)]
    return RelatedList(
        relation.title,
        column_of_names(orders, order, _in_order),
        heads,
        beside(some, heads, cells),
        address_of_list(model, relation.field, found.slug, relation.asked, order),
        len(pages) <= RELATED,
    )


def _in_order(order: str) -> str:
    return f"?{urlencode({'order': order})}"


def columns_of(
    pages: Sequence[Page], names: Sequence[str], owner: UUID, shelf: Shelf
) -> tuple[list[DocumentField], Sequence[Cells]]:
    """The fields of these names that tell pages of a kind apart, and what stands in their rows.

    A fact that none of them tells has no column, nor has what names their common owner, nor what
    is there to compare by and alike in all.
    """
    fields = kind_of(type(pages[0])).fields if pages else {}
    documents = [_told(page, owner) for page in pages]
    columns = {
        name: [shown(fields[name], each[name], shelf) for each in documents]
        for name in names
        if name in fields
    }
    told = [name for name, column in columns.items() if _tells_apart(pages[0], name, column)]
    rows = [[columns[name][place] for name in told] for place in range(len(pages))]
    return [fields[name] for name in told], rows


def _tells_apart(page: Page, name: str, column: Cells) -> bool:
    """Whether a column says anything; one to compare by has to say different things.

    Of one page alone a figure is told all the same.
    """
    is_alike = all(values == column[0] for values in column)
    is_alone = len(column) == 1 and is_figure(kind_of(type(page)).fields[name])
    return any(column) and (name not in page.table_columns or not is_alike or is_alone)


def plain_head(f: DocumentField) -> Column:
    """The head of a column in rows that have no other order."""
    return Column(label_of(f), is_figure(f))


def beside(pages: Sequence[Page], heads: Sequence[Column], cells: Sequence[Cells]) -> list[Beside]:
    """Pages with what stands in their rows."""
    return [
        Beside(page.name, page.get_absolute_url(), list(zip(heads, row, strict=True)))
        for page, row in zip(pages, cells, strict=True)
    ]


def address_of_list(
    model: type[Page], field: str, slug: str, asked: str = "", order: str = ""
) -> str:
    """The list of all pages of a kind that name a page in a field, if it can be asked for that."""
    if field not in model.list_filters:
        return ""
    address = reverse("list", kwargs={"plural": model.plural})
    in_order = [] if order in ("", next(iter(model.list_orders))) else [("order", order)]
    return f"{address}?{urlencode([(field, slug), *parse_qsl(asked), *in_order])}"


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
    names, kind = Column("Name", is_figure=False), Column("Kind", is_figure=False)
    listed = [
        Beside(page.name, page.href, [(kind, [in_words(page.kind)])]) for page in pages[:RELATED]
    ]
    all_links = reverse("links", kwargs={"plural": found.plural, "slug": found.slug})
    return RelatedList(relation.title, names, [kind], listed, all_links, len(pages) <= RELATED)
