"""The fields of a form in groups, as its kind has them; what of them nobody has told yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django import forms

from versioning.entities.kinds import Document
from versioning.fields.item_forms import ItemsFormField
from versioning.fields.item_rows import TypedRows
from wiki.pages.blocks import groups_of
from wiki.pages.models import Page
from wiki.pages.values import NOT_FACTS

MOST_INVITED: Final = 6
"""Facts that a form asks for by name."""


@dataclass(frozen=True)
class FieldGroup:
    """Fields that stand together in a form; those of another category do not fit."""

    title: str
    of_category: str
    fits: bool
    fields: list[forms.BoundField]

    @property
    def anchor(self) -> str:
        """Where a form's outline leads to."""
        return f"section-{self.title.lower().replace(' ', '-')}" if self.title else "section-facts"

    @property
    def short(self) -> list[forms.BoundField]:
        return [field for field in self.fields if not _is_wide(field)]

    @property
    def wide(self) -> list[forms.BoundField]:
        return [field for field in self.fields if _is_wide(field)]


def groups_in(form: forms.ModelForm[Page], document: Document) -> list[FieldGroup]:
    """The facts of a form, in the groups of its model."""
    groups = []
    for group in groups_of(type(form.instance), NOT_FACTS):
        bound = [form[name] for name in group.names if name in form.fields]
        is_busy = any(field.errors or _says(field) for field in bound)
        if bound:
            fits = is_busy or group.belongs_to(document)
            groups.append(FieldGroup(group.title, group.of_category, fits, bound))
    return groups


def invited(
    model: type[Page], groups: Iterable[FieldGroup], document: Document
) -> list[forms.BoundField]:
    """Facts that are not told yet, though lists show them or are in their order."""
    ordering = [order.lstrip("-").removesuffix("_si") for order in model.list_orders.values()]
    asked = dict.fromkeys((*model.told_beside, *model.list_columns, *ordering))
    fields = {field.name: field for group in groups if group.fits for field in group.fields}
    untold = [
        fields[name]
        for name in asked
        if name in fields and document.get(name) in (None, "", [], "unknown")
    ]
    return untold[:MOST_INVITED]


def _says(field: forms.BoundField) -> bool:
    """Whether a list says what a button has done in it."""
    value = field.value()
    return isinstance(value, TypedRows) and bool(value.said)


def _is_wide(field: forms.BoundField) -> bool:
    return isinstance(field.field, ItemsFormField) or field.widget_type == "textarea"
