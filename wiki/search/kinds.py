"""What search looks in, of each kind of page: read off the kind's fields.

A page's class says otherwise by `search_names` and `search_leaves_out`, see `Page`.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from projections.search.searched import Searched, register_searched
from versioning.entities.kinds import DocumentField, kind_of
from versioning.entities.references import References
from wiki.fields.columns import CoordinatesField, PartialDateField
from wiki.fields.sorting import WithSortColumn
from wiki.pages.models import Page

NOT_SEARCHED = frozenset({"slug"})
SHORTEST_FACT = 3
"""A text of so few characters at most is a code, such as a country's: it is counted, not read."""


def register_all(pages: Iterable[type[Page]]) -> None:
    """Let every kind of page be found."""
    for model in pages:
        register_searched(kind_of(model).label, searched_of(model))


def searched_of(model: type[Page]) -> Searched:
    """How a kind is searched, as far as its fields tell."""
    kind = kind_of(model)
    left_out = NOT_SEARCHED.union(model.search_leaves_out)
    fields = [f for f in kind.fields.values() if f.name not in left_out]
    names = tuple(name for name in model.search_names if name in kind.fields)
    others = [f for f in fields if f.name not in names]
    return Searched(
        names=names,
        facts=tuple(f.name for f in others if _is_fact(f)),
        texts=tuple(f.name for f in others if f.merge_kind == "text"),
        facets=tuple(f.name for f in others if is_facet(f)),
        numbers=dict(pair for f in others if (pair := _number(f))),
    )


def is_facet(f: DocumentField) -> bool:
    """Fields of few values: choices, yes or no, short codes; and references to other pages."""
    field = f.model_field
    item: Any = getattr(field, "base_field", field)
    return bool(
        isinstance(field, References | models.ForeignKey | models.BooleanField)
        or getattr(item, "flatchoices", ())
        or _is_code(item)
    )


def _is_code(item: Any) -> bool:
    return isinstance(item, models.CharField) and (item.max_length or 99) <= SHORTEST_FACT


def _is_fact(f: DocumentField) -> bool:
    """Short texts, the words of choices, and dates by their years."""
    item: Any = getattr(f.model_field, "base_field", f.model_field)
    if isinstance(item, PartialDateField | models.DateField):
        return True
    if not isinstance(item, models.CharField) or isinstance(item, models.URLField):
        return False
    return f.merge_kind != "text"


def _number(f: DocumentField) -> tuple[str, str] | None:
    """The column that a field's values are compared by, if they have an order."""
    field = f.model_field
    if isinstance(field, WithSortColumn):
        return f.name, f"{f.name}{field.sort_suffix}"
    is_number = isinstance(
        field, models.IntegerField | models.DecimalField | models.FloatField | models.DateField
    )
    if is_number and not isinstance(field, ArrayField | CoordinatesField):
        return f.name, f.column
    return None
