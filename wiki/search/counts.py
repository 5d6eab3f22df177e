"""How many hits have which value of which facet, with addresses that narrow by it."""

from collections.abc import Mapping, Sequence

from wiki.filters.facets import Facet
from wiki.kinds.registry import KINDS
from wiki.lists.groups import Group, Value
from wiki.pages.models import Page
from wiki.pages.name_column import called_as
from wiki.search.filters import facets
from wiki.search.pages import FoundPage
from wiki.search.questions import Question

FIRST = ("kind", "country", "status", "category", "manufacturer", "park", "material")
MOST_GROUPS = 7
"""Facets that are counted out: the well-known ones, then others as there is room."""


def telling_facets(
    question: Question, counts: Mapping[str, Sequence[tuple[str, int]]]
) -> list[Facet]:
    """The facets that tell hits apart, or that were chosen; the well-known ones first."""
    names = sorted(
        (name for name in counts if name in facets()),
        key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name),
    )
    telling = [name for name in names if len(counts[name]) > 1 or name in question.facets]
    return [facets()[name] for name in telling[:MOST_GROUPS]]


def ids_in(
    telling: Sequence[Facet], counts: Mapping[str, Sequence[tuple[str, int]]]
) -> dict[type[Page], set[str]]:
    """The ids of the pages that are values of some facets, by kind."""
    ids: dict[type[Page], set[str]] = {}
    for facet in telling:
        for model in facet.related:
            ids.setdefault(model, set()).update(value for value, _ in counts[facet.name])
    return ids


def counted(
    question: Question,
    telling: Sequence[Facet],
    counts: Mapping[str, Sequence[tuple[str, int]]],
    pages: Mapping[str, FoundPage],
) -> list[Group]:
    """The values of the facets that tell, with addresses that narrow by them."""
    groups = [
        Group(each.label, _values(question, each, counts[each.name], pages)) for each in telling
    ]
    return [group for group in groups if group.values]


def _values(
    question: Question,
    facet: Facet,
    counts: Sequence[tuple[str, int]],
    pages: Mapping[str, FoundPage],
) -> list[Value]:
    values = []
    for kept, count in counts:
        label, address = _worded(facet, kept)
        if facet.related:
            page = pages.get(kept)
            label, address = (page.name, page.slug) if page else ("", "")
        if address:
            # A page may be chosen by its name: that choice is the one to be taken back.
            said = {address, called_as(label)} if facet.related else {address}
            chosen = [v for v in question.facets.get(facet.name, ()) if {v, called_as(v)} & said]
            href = question.with_value(facet.name, chosen[0] if chosen else address)
            values.append(Value(label, count, href, bool(chosen)))
    return values


def _worded(facet: Facet, kept: str) -> tuple[str, str]:
    """Label and address of a value that is a word; of a kind, its label in entries is another."""
    if facet.name == "kind":
        for plural, model in KINDS.items():
            if model._meta.label_lower == kept:
                kept = facet.checked(plural)
    return facet.choices.get(kept, kept), kept
