"""Heads of columns in tables of pages: what stands below them, and how they order the rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db import models

from versioning.entities.kinds import DocumentField
from versioning.fields.columns import QuantityField
from wiki.filters.limits import ordered_by
from wiki.pages.values import label_of


@dataclass(frozen=True)
class Column:
    """The head of a column. `href` leads to the rows in its order, where there is one.

    `sort` says that they are in this order, as ARIA does.
    """

    label: str
    is_figure: bool
    href: str = ""
    sort: str = ""


def column_of(
    f: DocumentField, orders: Mapping[str, str], order: str, address: Callable[[str], str]
) -> Column:
    """The head of a field's values, in rows that have an order: `address` leads to another one.

    Where the field has two orders, the head of one leads to the other.
    """
    own = [name for name, by in orders.items() if by.removeprefix("-") == ordered_by(f)]
    following = own[(own.index(order) + 1) % len(own)] if order in own else next(iter(own), "")
    href = address(following) if following and following != order else ""
    return Column(label_of(f), is_figure(f), href, _sort(orders[order]) if order in own else "")


def column_of_names(orders: Mapping[str, str], order: str, address: Callable[[str], str]) -> Column:
    """The head of the names, which rows are in the order of unless somebody chose another."""
    by_name = next(iter(orders))
    if order == by_name:
        return Column("Name", is_figure=False, sort="ascending")
    return Column("Name", is_figure=False, href=address(by_name))


def is_figure(f: DocumentField) -> bool:
    """Whether a field's values are figures, which stand below each other digit by digit."""
    return isinstance(f.model_field, QuantityField | models.IntegerField)


def _sort(column: str) -> str:
    return "descending" if column.startswith("-") else "ascending"
