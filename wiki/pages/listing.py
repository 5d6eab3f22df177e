"""Lists of a kind: narrowed, ordered, read a key at a time; never counted, never skipped over."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import QueryDict

from versioning.entities.references import References
from wiki.pages.models import Page
from wiki.refusals import Refusal

PAGE_SIZE = 50


@dataclass(frozen=True)
class Filter:
    """One way to narrow a list: what is asked, what may be, what was answered."""

    name: str
    label: str
    choices: tuple[tuple[str, str], ...]
    value: str

    @property
    def is_of_pages(self) -> bool:
        """Answered by the address of a page, not by a choice."""
        return not self.choices


@dataclass(frozen=True)
class Asked:
    """What an address asks of a list."""

    filters: tuple[Filter, ...]
    order: str
    orders: tuple[str, ...]
    after: str

    @property
    def is_filtered(self) -> bool:
        return any(each.value for each in self.filters)

    @property
    def query(self) -> dict[str, str]:
        """What leads to this list again, from its beginning."""
        kept = {each.name: each.value for each in self.filters if each.value}
        return kept if self.order == self.orders[0] else {**kept, "order": self.order}

    def key(self) -> tuple[str, ...]:
        """All of it, for the cache."""
        return (*(f"{each.name}={each.value}" for each in self.filters), self.order, self.after)


@dataclass(frozen=True)
class Listing:
    """A page of a list, and the query that leads to the next one."""

    pages: list[Page]
    next: str


def read_query(model: type[Page], query: QueryDict) -> Asked:
    """What an address asks of a kind's list. Asks no database. Raises Refusal."""
    order = query.get("order") or next(iter(model.list_orders))
    if order not in model.list_orders:
        raise Refusal(
            f"There is no order called {order!r}.",
            remedy=f"Choose one of these: {', '.join(model.list_orders)}.",
        )
    filters = tuple(_filter(model, name, query.get(name, "")) for name in model.list_filters)
    return Asked(filters, order, tuple(model.list_orders), query.get("after", ""))


def listing(model: type[Page], asked: Asked) -> Listing:
    """The part of a list that is asked for. Raises Refusal.

    Cost: one query, and one more for each filter by a page.
    """
    field = model.list_orders[asked.order]
    shown = (*model.list_columns, field.removeprefix("-"))
    rows = all_of(model, asked).only("slug", "name", *shown)
    if asked.after:
        rows = rows.filter(_beyond(model, field, asked.after))
    pages = list(rows[: PAGE_SIZE + 1])
    following = ""
    if len(pages) > PAGE_SIZE:
        following = "?" + urlencode({**asked.query, "after": _key(pages[PAGE_SIZE - 1], field)})
    return Listing(pages[:PAGE_SIZE], following)


def all_of(model: type[Page], asked: Asked) -> "QuerySet[Any]":
    """Every page that a list holds, in its order. Cost: a query for each filter by a page."""
    rows: QuerySet[Any] = model._default_manager.all()
    for narrowed in asked.filters:
        if narrowed.value:
            rows = rows.filter(_condition(model, narrowed))
    return _in_order(rows, model.list_orders[asked.order])


def _filter(model: type[Page], name: str, value: str) -> Filter:
    field: Any = model._meta.get_field(name)
    choices = tuple(getattr(getattr(field, "base_field", field), "flatchoices", ()))
    label = str(getattr(field, "verbose_name", name))
    if choices and value and value not in dict(choices):
        raise Refusal(
            f"{value!r} is no {label}.", remedy=f"Choose one of these: {', '.join(dict(choices))}."
        )
    return Filter(name, label.capitalize(), choices, value.replace("\0", ""))


def _condition(model: type[Page], narrowed: Filter) -> Q:
    field: Any = model._meta.get_field(narrowed.name)
    if isinstance(field, ArrayField):
        return Q(**{f"{narrowed.name}__contains": [narrowed.value]})
    if field.many_to_one or isinstance(field, References):
        related: type[Page] = field.related_model
        found = related._default_manager.filter(slug=narrowed.value).values_list("pk", flat=True)
        return Q(**{f"{narrowed.name}__in": list(found)})
    return Q(**{narrowed.name: narrowed.value})


def _in_order(rows: "QuerySet[Any]", field: str) -> "QuerySet[Any]":
    """By an index. A ranking leaves out what it knows nothing of."""
    name = field.removeprefix("-")
    if rows.model._meta.get_field(name).null:
        rows = rows.filter(**{f"{name}__isnull": False})
    return rows.order_by(field, "-id" if field.startswith("-") else "id")


def _key(page: Page, field: str) -> str:
    """Where a page stands in the order, for the address of what follows it."""
    value = getattr(page, field.removeprefix("-"))
    settled = value if value is None or isinstance(value, int | float | str) else str(value)
    return json.dumps([settled, str(page.pk)], ensure_ascii=False)


def _beyond(model: type[Page], field: str, key: str) -> Q:
    """What comes after a key. Raises Refusal."""
    name = field.removeprefix("-")
    try:
        text, page_id = json.loads(key)
        column: Any = model._meta.get_field(name)
        value = getattr(column, "output_field", column).to_python(text)
        side = "lt" if field.startswith("-") else "gt"
        same = Q(**{name: value, f"id__{side}": UUID(page_id)})
    except (ValueError, TypeError, ValidationError, AttributeError, RecursionError):
        raise Refusal("The place to go on from, in the address, is none of this list.") from None
    if value is None or "\0" in str(value):
        raise Refusal("The place to go on from, in the address, is none of this list.")
    # Said as one range as well, at which an index can begin.
    return Q(**{f"{name}__{side}e": value}) & (Q(**{f"{name}__{side}": value}) | same)


def matching(model: type[Page], text: str, limit: int = 8) -> list[Mapping[str, Any]]:
    """Names and addresses of pages that begin with a text, for suggestions while typing."""
    text = text.replace("\0", "").strip()[:100]
    if not text:
        return []
    found = model._default_manager.filter(Q(name__istartswith=text) | Q(slug__startswith=text))
    return list(found.order_by("name", "id").values("name", "slug")[:limit])
