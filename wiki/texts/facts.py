"""Facts of other pages, shown in a text as they stand at this viewpoint."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from versioning.entities.kinds import DocumentField, kind_of
from wiki.kinds.named import NamedPage
from wiki.kinds.registry import KINDS
from wiki.pages.values import Shown, shelf_of, shown
from wiki.texts.syntax import Target

NEVER_SHOWN = frozenset({"body", "citations"})


@dataclass(frozen=True)
class FactFound:
    """What a page says in one field, and where; `named` are the pages in it, by id."""

    values: Sequence[Shown]
    href: str
    named: frozenset[str]

    @property
    def has_links(self) -> bool:
        """Whether it leads somewhere by itself: to the pages that it names."""
        return any(piece.href for value in self.values for piece in value.pieces)


def find_facts(
    asked: Collection[tuple[Target, str]], found: Mapping[Target, NamedPage]
) -> dict[tuple[Target, str], FactFound]:
    """The facts that are there and say something.

    Cost: a query for each kind of page, one for each kind that they refer to, and one for each
    list of references.
    """
    wanted = [(t, name, found[t]) for t, name in asked if t in found]
    by_kind: dict[str, set[UUID]] = defaultdict(set)
    for _, _, page in wanted:
        by_kind[page.plural].add(page.entity_id)
    pages = {
        each.pk: each
        for plural, ids in by_kind.items()
        for each in KINDS[plural]._default_manager.filter(pk__in=ids)
    }
    told = [
        (target, name, page, kind, {name: _value(pages[page.entity_id], kind.fields[name])})
        for target, name, page in wanted
        for kind in [kind_of(type(pages[page.entity_id]))]
        if name in kind.fields and name not in NEVER_SHOWN
    ]
    shelf = shelf_of((kind, document) for *_, kind, document in told)
    facts: dict[tuple[Target, str], FactFound] = {}
    for target, name, page, kind, document in told:
        values = shown(kind.fields[name], document[name], shelf)
        if any(map(str, values)):
            named = kind.fields[name].referred(document[name])
            ids = frozenset(str(entity_id) for _, entity_id in named)
            facts[target, name] = FactFound(values, page.href, ids)
    return facts


def _value(page: Any, f: DocumentField) -> Any:
    if f.is_references:
        return [str(each.pk) for each in getattr(page, f.name).all()]
    return f.to_json(getattr(page, f.attribute))
