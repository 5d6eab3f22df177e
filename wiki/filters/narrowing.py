"""Narrow a list: the questions that a kind's filters ask, and the rows that answer.

    list_filters = ("status", "park", "park__country", "opened", "height")

asks for a status, for the addresses of a park and a country, and for the ends of two ranges:
`?status=operating&opened_from=1999&height_over=60 m`. What a filter asks follows from the class
of its field.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.db.models.lookups import Exact, GreaterThanOrEqual, LessThanOrEqual

from versioning.entities.kinds import DocumentField
from versioning.fields.items import ItemsField
from versioning.fields.money import Money
from wiki.filters.facets import Facet, is_facet
from wiki.filters.limits import Comparable, Limit, limits_of, ordered_by, unit_of
from wiki.filters.paths import Path, paths_of
from wiki.pages.models import Page
from wiki.pages.values import label_of


@dataclass(frozen=True)
class Question(ABC):
    """What one input of a list's form asks. `name` is that of addresses, `hint` what to type."""

    path: Path
    name: str
    label: str
    hint: str

    @property
    def choices(self) -> Mapping[str, str]:
        """The answers that there are, where one is chosen and not typed."""
        return {}

    @property
    def pages(self) -> type[Page] | None:
        """The kind of page whose names and addresses are answers."""
        return None

    @abstractmethod
    def read(self, answer: str) -> Any:
        """What somebody typed or chose. Raises Unreadable."""

    @abstractmethod
    def condition(self, value: Any) -> Q:
        """What rows must be, of an answer that was read. Cost: a query where it names a page."""


@dataclass(frozen=True)
class OfValue(Question):
    """Asks for a value that the field has, or that one of its values is."""

    facet: Facet

    @property
    def choices(self) -> Mapping[str, str]:
        return self.facet.choices

    @property
    def pages(self) -> type[Page] | None:
        return next(iter(self.facet.related), None)

    def read(self, answer: str) -> str:
        return self.facet.checked(answer)

    def condition(self, value: str) -> Q:
        field = self.path.f.model_field
        if self.pages is not None:
            return self._naming(self.pages, value)
        if isinstance(field, ArrayField):
            return Q(**{self.path.to(f"{field.name}__contains"): [value]})
        is_yes_or_no = isinstance(field, models.BooleanField)
        return Q(**{self.path.to(field.name): value == "true" if is_yes_or_no else value})

    def _naming(self, model: type[Page], said: str) -> Q:
        ids, field = self.facet.pages_named(said), self.path.f.model_field
        if isinstance(field, ItemsField):
            named = field.naming(model, [str(page_id) for page_id in ids])
            return NOTHING if named is None else named
        return Q(**{self.path.to(f"{field.name}__in"): ids})


@dataclass(frozen=True)
class OfGroup(OfValue):
    """Asks whether the field has one of a group of values."""

    def condition(self, value: str) -> Q:
        has_one = Q(**{self.path.to(f"{self.path.f.name}__in"): self.path.values})
        return has_one if value == "true" else ~has_one


@dataclass(frozen=True)
class OfLimit(Question):
    """Asks for the least or the largest value."""

    limit: Limit

    def read(self, answer: str) -> Comparable:
        return self.limit.read(answer)

    def condition(self, value: Comparable) -> Q:
        if isinstance(value, Money):
            return self._of_its_currency(value)
        column = self.path.to(ordered_by(self.path.f))
        side = "gte" if self.limit.is_lowest else "lte"
        # What Django knows to be beyond a column's range it leaves out, and NULL would fit.
        return Q(**{f"{column}__{side}": value, f"{column}__isnull": False})

    def _of_its_currency(self, money: Money) -> Q:
        held = self.path.to(self.path.f.name)
        amount = Cast(KeyTextTransform("amount", held), models.DecimalField())
        compared = GreaterThanOrEqual if self.limit.is_lowest else LessThanOrEqual
        is_told_so = Exact(KeyTextTransform("currency", held), Value(money.currency))
        return Q(is_told_so, compared(amount, money.amount))


NOTHING = Q(pk__in=())
"""What no row is."""


@cache
def questions_of(model: type[Page]) -> Sequence[tuple[str, Sequence[Question]]]:
    """The questions of a kind's lists by the label of what they ask about: one, or both ends."""
    return [(_label(path), _questions(path)) for path in paths_of(model)]


def question_named(model: type[Page], name: str) -> Question:
    """The question that addresses of a kind's lists know by a name. Raises KeyError."""
    return {each.name: each for _, questions in questions_of(model) for each in questions}[name]


def _label(path: Path) -> str:
    if path.group:
        return path.group.capitalize()
    unit = unit_of(path.f)
    return f"{label_of(path.f)} ({unit})" if unit else label_of(path.f)


def _questions(path: Path) -> Sequence[Question]:
    if path.group:
        is_one = DocumentField(path.group, path.group, models.BooleanField())
        facet = Facet(path.group, _label(path), (is_one,))
        return [OfGroup(path, facet.name, facet.label, facet.hint, facet)]
    if limits := limits_of(path.f):
        return [OfLimit(path, each.name, each.label, each.hint, each) for each in limits]
    facet = Facet(path.f.name, label_of(path.f), (path.f,))
    if not (facet.related or is_facet(path.f)):
        raise TypeError(f"No list can be narrowed by {path.f.name!r}: it can have any value.")
    return [OfValue(path, facet.name, facet.label, facet.hint, facet)]
