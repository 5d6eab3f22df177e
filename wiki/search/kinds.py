"""What search looks in, of each kind of page: read off the kind's fields.

A page's class says otherwise by `search_names` and `search_leaves_out`, see `Page`.
"""

from collections.abc import Iterable
from typing import Any

from django.db import models

from projections.search.searched import Searched, register_searched
from versioning.entities.kinds import DocumentField, kind_of
from versioning.fields.columns import PartialDateField
from wiki.filters.facets import is_facet
from wiki.filters.limits import ordered_by
from wiki.pages.models import Page

NOT_SEARCHED = frozenset({"slug"})


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
        numbers={f.name: column for f in others if (column := ordered_by(f))},
    )


def _is_fact(f: DocumentField) -> bool:
    """Short texts, the words of choices, and dates by their years."""
    item: Any = getattr(f.model_field, "base_field", f.model_field)
    if isinstance(item, PartialDateField | models.DateField):
        return True
    if not isinstance(item, models.CharField) or isinstance(item, models.URLField):
        return False
    return f.merge_kind != "text"
