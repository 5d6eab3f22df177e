"""Filters by one of a field's values: a choice, yes or no, a code, a page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models

from versioning.entities.kinds import DocumentField
from versioning.entities.references import References
from versioning.fields.items import ItemsField
from wiki.filters.unreadable import Unreadable
from wiki.names.lookup import pages_called
from wiki.pages.models import Page
from wiki.pages.name_column import called_as

LONGEST_ADDRESS = 120

SHORTEST_FACT = 3
"""A text of so few characters at most is a code, such as a country's: it is counted, not read."""


@dataclass(frozen=True)
class Facet:
    """A filter by one of a field's values. `fields` are those of that name, a kind each."""

    name: str
    label: str
    fields: tuple[DocumentField, ...]

    @property
    def related(self) -> tuple[type[Page], ...]:
        """The kinds of page that a value may name; none where values are words."""
        found = [model for f in self.fields for model in _named_by(f)]
        return tuple(dict.fromkeys(found))

    @property
    def choices(self) -> Mapping[str, str]:
        """The values that may be, with their labels; nothing where any may be."""
        found: dict[str, str] = {}
        for f in self.fields:
            item: Any = getattr(f.model_field, "base_field", f.model_field)
            if isinstance(item, models.BooleanField):
                found |= {"true": "yes", "false": "no"}
            found |= {str(key): str(label) for key, label in getattr(item, "flatchoices", ())}
        return found

    @property
    def hint(self) -> str:
        """What to type, where nothing is chosen."""
        return f"{self.related[0]._meta.verbose_name}’s name" if self.related else ""

    def checked(self, value: str) -> str:
        """A value as addresses hold it. Raises Unreadable."""
        if self.related:
            return value.replace("\0", "")[:LONGEST_ADDRESS]
        choices = self.choices
        for spelling in (value, value.lower(), value.upper()):
            if spelling in choices:
                return spelling
        if choices:
            raise Unreadable(
                f"{value[:60]!r} is not a choice for {self.label.lower()}.",
                hint=f"Choose one of these: {', '.join(choices)}.",
            )
        longest = max(getattr(f.model_field, "max_length", None) or 99 for f in self.fields)
        if len(value) > longest:
            raise Unreadable(
                f"{value[:60]!r} is too long for {self.label.lower()}.",
                hint=f"Write at most {longest} characters.",
            )
        return value.upper()

    def pages_named(self, said: str) -> list[UUID]:
        """The pages that a value names, by address, by name or by a former name: the nearest.

        Several where they share the name. Cost: a query; none where values name no pages.
        """
        word = called_as(said)
        fitting = pages_called([word], self.related).get(word, [])
        return [page.entity_id for page in fitting if page.by is fitting[0].by]


def is_facet(f: DocumentField) -> bool:
    """Fields of few values: choices, yes or no, short codes; and references to other pages."""
    field = f.model_field
    item: Any = getattr(field, "base_field", field)
    return bool(
        isinstance(field, References | models.ForeignKey | models.BooleanField)
        or getattr(item, "flatchoices", ())
        or (isinstance(item, models.CharField) and (item.max_length or 99) <= SHORTEST_FACT)
    )


def _named_by(f: DocumentField) -> list[type[Page]]:
    """The kinds of page that a field names, itself or by the parts of its items."""
    field = f.model_field
    models_named = field.target_models if isinstance(field, ItemsField) else (field.related_model,)
    return [m for m in models_named if isinstance(m, type) and issubclass(m, Page)]
