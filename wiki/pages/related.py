"""What a page lists of others: those that name it, each with what tells it apart."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.db.models import CharField, Q, Value
from django.urls import reverse

from versioning.entities.kinds import Document, kind_of
from versioning.entities.saving import values_of
from versioning.fields.items import ItemsField, Period
from wiki.filters.narrowing import question_named
from wiki.pages.beside import facts_beside
from wiki.pages.kinds import KINDS
from wiki.pages.models import Page
from wiki.pages.named import NamedPage
from wiki.pages.relations import Relation
from wiki.pages.values import Shelf, Shown, in_words, shelf_of, shown

RELATED = 24
"""Pages that a related list shows before it leads to the whole."""


@dataclass(frozen=True)
class Beside:
    """A page in a related list, with the facts that stand beside it."""

    name: str
    href: str
    facts: Sequence[Shown]


@dataclass(frozen=True)
class RelatedList:
    """Pages that name this one; `more` is the address of all of them."""

    title: str
    pages: Sequence[Beside]
    more: str


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
    documents = {page.pk: _document(found, page) for pages in rows.values() for page in pages}
    shelf = shelf_of(
        (kind_of(type(page)), documents[page.pk]) for pages in rows.values() for page in pages
    )
    lists = [
        _list(found, each, rows[each], documents, shelf) if each in rows else _of_all(found, each)
        for each in found.related_lists
    ]
    return Related([each for each in lists if each.pages], shelf)


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


def _document(found: Page, page: Page) -> Document:
    """The facts that stand beside a page, but for what names the page that it stands on."""
    held = values_of(page, kind_of(type(page)))
    told = {name: held.get(name) for name in page.told_beside}
    return {name: value for name, value in told.items() if value != str(found.pk)}


def _list(
    found: Page,
    relation: Relation,
    pages: Sequence[Page],
    documents: Mapping[Any, Document],
    shelf: Shelf,
) -> RelatedList:
    listed = [
        Beside(
            page.name,
            page.get_absolute_url(),
            [
                *facts_beside(type(page), documents[page.pk], shelf),
                *_periods(found, page, relation),
            ],
        )
        for page in pages[:RELATED]
    ]
    model = KINDS[relation.plural]
    more = ""
    if len(pages) > RELATED and relation.field in model.list_filters:
        address = reverse("list", kwargs={"plural": relation.plural})
        more = f"{address}?{urlencode([(relation.field, found.slug), *parse_qsl(relation.asked)])}"
    return RelatedList(relation.title, listed, more)


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
    listed = [Beside(page.name, page.href, [in_words(page.kind)]) for page in pages[:RELATED]]
    all_links = reverse("links", kwargs={"plural": found.plural, "slug": found.slug})
    return RelatedList(relation.title, listed, all_links if len(pages) > RELATED else "")
