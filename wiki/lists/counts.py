"""How many pages a list holds, and how many of them have which value of its foremost facets.

Counted is what the filters leave, up to a bound: beyond it a list says that it is longer, and
counts nothing out. What is counted is kept with the list until a page of the kind changes.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import models
from django.db.models import QuerySet

from wiki.filters.narrowing import OfGroup, OfValue, questions_of
from wiki.lists.groups import Group, Value
from wiki.lists.listing import MOST_COUNTED, Answer, Asked, all_of
from wiki.pages.models import Page

MOST_FACETS: Final = 4
MOST_VALUES: Final = 8

Counts = Mapping[str, Sequence[tuple[str, int]]]
"""For each facet its values with how many have them, the most frequent first."""


@dataclass(frozen=True)
class Chip:
    """A filter in use, in words; `href` leads to the list without it."""

    label: str
    href: str


@dataclass(frozen=True)
class ListCounts:
    """What a list says of itself above its rows, and beside them."""

    total: int
    groups: Sequence[Group]
    chips: Sequence[Chip]

    @property
    def is_more(self) -> bool:
        """Whether it holds more than is counted."""
        return self.total > MOST_COUNTED


def counts_of(model: type[Page], asked: Asked) -> ListCounts:
    """Cost: one query of at most so many rows, and one for each facet whose values are pages."""
    facets = _facets(model)
    total, counts = _counts(all_of(model, asked), facets)
    groups = [] if total > MOST_COUNTED else [_group(asked, f, counts[f.name]) for f in facets]
    return ListCounts(
        total,
        [group for group in groups if len(group.values) > 1 or _is_chosen(group)],
        [_chip(asked, answer) for answer in asked.answers],
    )


def _facets(model: type[Page]) -> list[OfValue]:
    """The first filters that ask for the one value that a page has."""
    single = (models.CharField, models.ForeignKey)
    return [
        each
        for _, questions in questions_of(model)
        for each in questions
        if isinstance(each, OfValue)
        and not isinstance(each, OfGroup)
        and isinstance(each.path.f.model_field, single)
    ][:MOST_FACETS]


def _counts(rows: "QuerySet[Any]", facets: Sequence[OfValue]) -> tuple[int, Counts]:
    """How many rows there are, and the values of each facet; counted here, in one pass."""
    columns = [f.path.to(f.path.f.column) for f in facets]
    told = list(rows.order_by().values_list("pk", *columns)[: MOST_COUNTED + 1])
    counts = {
        facet.name: Counter(str(row[place]) for row in told if row[place] not in (None, ""))
        for place, facet in enumerate(facets, 1)
    }
    return len(told), {name: _most_common(counted) for name, counted in counts.items()}


def _most_common(counted: Counter[str]) -> Sequence[tuple[str, int]]:
    """The values that are told; of those that as many have, in their order."""
    return sorted(counted.items(), key=lambda each: (-each[1], each[0]))[:MOST_VALUES]


def _group(asked: Asked, facet: OfValue, counts: Sequence[tuple[str, int]]) -> Group:
    labels = _labels(facet, [value for value, _ in counts])
    chosen = asked.query.get(facet.name, "")
    values = [
        _value(asked, facet, *labels[value], count, chosen)
        for value, count in counts
        if value in labels
    ]
    return Group(facet.label, values)


def _labels(facet: OfValue, values: Sequence[str]) -> dict[str, tuple[str, str]]:
    """What values are called, and how addresses name them."""
    if facet.pages is None:
        return {value: (facet.choices.get(value, value), value) for value in values}
    named = facet.pages._default_manager.filter(pk__in=values).order_by()
    return {str(pk): (name, slug) for pk, name, slug in named.values_list("pk", "name", "slug")}


def _value(
    asked: Asked, facet: OfValue, label: str, address: str, count: int, chosen: str
) -> Value:
    # A page may be chosen by its name as well.
    is_chosen = chosen.casefold() in (address.casefold(), label.casefold())
    href = asked.address(**{facet.name: "" if is_chosen else address})
    return Value(label, count, href, is_chosen)


def _is_chosen(group: Group) -> bool:
    return any(value.is_chosen for value in group.values)


def _chip(asked: Asked, answer: Answer) -> Chip:
    question = answer.question
    said = question.choices.get(answer.text)
    is_word = said and not isinstance(question, OfGroup) and said not in ("yes", "no")
    label = said if is_word else f"{question.label} {said or answer.text}"
    return Chip(str(label), asked.address(**{question.name: ""}))
