"""How many hits have which value of which facet, with addresses that narrow by it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wiki.pages.kinds import KINDS
from wiki.pages.models import Page
from wiki.search.filters import Facet, facets
from wiki.search.questions import Question

FIRST = ("kind", "country", "status", "category", "manufacturer", "park", "material")
MOST_GROUPS = 7
"""Facets that are counted out: the well-known ones, then others as there is room."""


@dataclass(frozen=True)
class Value:
    """A value with the number of hits that have it; `href` narrows by it, or no longer."""

    label: str
    count: int
    href: str
    is_chosen: bool


@dataclass(frozen=True)
class Group:
    """The values of one facet."""

    label: str
    values: Sequence[Value]


def counted(question: Question, counts: Mapping[str, Sequence[tuple[str, int]]]) -> list[Group]:
    """The facets that tell hits apart, or that were chosen. Cost: a query for each kind named."""
    names = sorted(
        (name for name in counts if name in facets()),
        key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name),
    )
    telling = [n for n in names if len(counts[n]) > 1 or n in question.facets][:MOST_GROUPS]
    named = _named({facets()[name]: [value for value, _ in counts[name]] for name in telling})
    return [
        Group(facets()[name].label, values)
        for name in telling
        if (values := _values(question, facets()[name], counts[name], named))
    ]


def _values(
    question: Question,
    facet: Facet,
    counts: Sequence[tuple[str, int]],
    named: Mapping[str, tuple[str, str]],
) -> list[Value]:
    values = []
    for kept, count in counts:
        label, address = named.get(kept, ("", "")) if facet.related else _worded(facet, kept)
        if address:
            is_chosen = address in question.facets.get(facet.name, ())
            href = question.with_value(facet.name, address)
            values.append(Value(label, count, href, is_chosen))
    return values


def _worded(facet: Facet, kept: str) -> tuple[str, str]:
    """Label and address of a value that is a word; of a kind, its label in entries is another."""
    if facet.name == "kind":
        for plural, model in KINDS.items():
            if model._meta.label_lower == kept:
                kept = facet.checked(plural)
    return facet.choices.get(kept, kept), kept


def _named(values: Mapping[Facet, Sequence[str]]) -> dict[str, tuple[str, str]]:
    """Names and addresses of pages, by id, at this viewpoint."""
    wanted: dict[type[Page], set[str]] = {}
    for facet, ids in values.items():
        if facet.related is not None:
            wanted.setdefault(facet.related, set()).update(ids)
    return {
        str(pk): (name, slug)
        for model, ids in wanted.items()
        for pk, name, slug in model._default_manager.filter(pk__in=ids).values_list(
            "pk", "name", "slug"
        )
    }
