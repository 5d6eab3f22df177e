"""The filters of a search: one for each facet and number that some kind of page has.

They are found by the fields' names; two kinds that have a field of one name
share its filter, and what either allows is allowed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from projections.search.searched import searched_kinds
from versioning.entities.kinds import DocumentField, kind_of
from wiki.filters.facets import Facet
from wiki.filters.limits import Limit, limits_of
from wiki.filters.paths import paths_of
from wiki.kinds.registry import KINDS
from wiki.pages.models import Page
from wiki.pages.values import label_of

ALIASES = {"maker": "manufacturer"}


@dataclass(frozen=True)
class KindFacet(Facet):
    """The filter by kind of page. A kind is called by its name in the singular or the plural."""

    @property
    def choices(self) -> Mapping[str, str]:
        return {
            one: str(KINDS[plural]._meta.verbose_name_plural).capitalize()
            for one, plural in _PLURAL_OF.items()
            if one != plural
        }

    def checked(self, value: str) -> str:
        for spelling in (value, value.lower()):
            if spelling in _PLURAL_OF:
                return _ONE_OF[_PLURAL_OF[spelling]]
        return super().checked(value)


def kept_in_entries(facet: Facet, value: str) -> list[str]:
    """A value as entries keep it; for a page that is not there, one that none has.

    Cost: a query where the value names a page.
    """
    if isinstance(facet, KindFacet):
        return [KINDS[_PLURAL_OF[value]]._meta.label_lower]
    return [str(page_id) for page_id in facet.pages_named(value)] or [value]


def canonical(name: str) -> str:
    """A filter's own name, for one of its other names."""
    return ALIASES.get(name, name)


def _one(model: type[Page]) -> str:
    return str(model._meta.verbose_name).replace(" ", "-")


_ONE_OF = {plural: _one(model) for plural, model in KINDS.items()}
_PLURAL_OF = {**{plural: plural for plural in KINDS}, **{o: p for p, o in _ONE_OF.items()}}


@cache
def facets() -> Mapping[str, Facet]:
    """Every filter by a value, by its name. Asked once all kinds are registered."""
    by_name: dict[str, list[DocumentField]] = {}
    for kind, how in searched_kinds():
        for name in how.facets:
            if issubclass(kind.model, Page):
                by_name.setdefault(name, []).append(kind.fields[name])
    named = {name: Facet(name, label_of(f[0]), tuple(f)) for name, f in by_name.items()}
    return {"kind": KindFacet("kind", "Kind", ()), **named}


@cache
def through() -> Mapping[str, str]:
    """The facets that a page has by another one: a ride is in the country of its park."""
    return {
        path.f.name: path.via for model in KINDS.values() for path in paths_of(model) if path.via
    }


@cache
def ranges() -> Mapping[str, Limit]:
    """Every filter by a limit, by its name in addresses."""
    found: dict[str, Limit] = {}
    searched = {kind.label: how for kind, how in searched_kinds()}
    for model in KINDS.values():
        kind = kind_of(model)
        for name in searched[kind.label].numbers:
            for limit in limits_of(kind.fields[name]):
                found.setdefault(limit.name, limit)
    return found
