"""What a mapped table would do: pages matched, pages made, and what a person must decide."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from versioning.entities.kinds import Kind, kind_of
from wiki.imports.mapped.mapping import TableMapping
from wiki.imports.mapped.matching import Known, Match, Pages, folded
from wiki.imports.mapped.reading import Facts, Sheet, merged
from wiki.pages.addresses import address_of

NAMESPACE = UUID("6f0f9b5e-6d0d-5c43-9a3a-0f4f7d1f6a21")

Documents = dict[str, dict[UUID, dict[str, Any]]]


@dataclass
class Plan:
    """Documents by kind and identity; the doubtful ones apart, with what they may be."""

    documents: Documents = field(default_factory=dict)
    doubtful: Documents = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)
    matched: int = 0
    new: int = 0
    made_for: dict[str, int] = field(default_factory=dict)
    """Pages that rows only name, which were not there: how many, by kind."""


def plan_import(sheet: Sheet, mapping: TableMapping) -> Plan:
    """Match every row at this viewpoint. Cost: one query for each kind that is named."""
    return _Planner(mapping).plan(sheet)


class _Planner:
    def __init__(self, mapping: TableMapping) -> None:
        self._mapping = mapping
        self._kind = mapping.kind
        self._result = Plan()
        self._related: dict[str, Kind] = {}
        for column in mapping.columns:
            if column.tells.refers:
                field: Any = column.tells.model_field
                self._related[column.tells.name] = kind_of(field.related_model)
        # Pages that are named come first: what refers to them comes after them.
        for label in [*(kind.label for kind in self._related.values()), self._kind.label]:
            self._result.documents.setdefault(label, {})
            self._result.doubtful.setdefault(label, {})
        self._pages = {kind.label: Pages(kind) for kind in self._related.values()}
        self._own = Pages(self._kind, mapping.match_by)

    def plan(self, sheet: Sheet) -> Plan:
        for facts in merged(sheet, self._key):
            self._row(facts)
        return self._result

    def _key(self, facts: Facts) -> tuple[Any, ...]:
        by = (tuple(map(folded, facts.named.get(name, ()))) for name in self._mapping.match_by)
        return (folded(facts.name), *by)

    def _row(self, facts: Facts) -> None:
        references, doubts = self._references(facts)
        by = {name: references.get(name) for name in self._mapping.match_by}
        match = self._own.match(facts.name, by)
        doubts += [f"the page may be {name}" for name in match.doubtful]
        page_id = match.page_id or uuid5(NAMESPACE, "|".join(map(str, self._key(facts))))
        document = {**facts.fields, **references}
        if match.page_id is None:
            document = {"slug": address_of(facts.name) or "unnamed", "name": facts.name, **document}
        if doubts:
            self._result.doubts.append(f"Row {facts.row}, {facts.name}: {'; '.join(doubts)}")
            self._result.doubtful[self._kind.label][page_id] = document
            return
        self._result.matched += match.page_id is not None
        self._result.new += match.page_id is None
        self._result.documents[self._kind.label][page_id] = document

    def _references(self, facts: Facts) -> tuple[dict[str, Any], list[str]]:
        """The pages that a row names, by field; new ones are made where none is like them."""
        found: dict[str, Any] = {}
        doubts: list[str] = []
        for name, names in facts.named.items():
            kind = self._related[name]
            ids = []
            for each in names:
                match = self._pages[kind.label].match(each, {})
                doubts += [f"{name} {each!r} may be {other}" for other in match.doubtful]
                ids.append(str(match.page_id or self._make(kind, each, match)))
            several = self._kind.fields[name].is_references
            found[name] = list(dict.fromkeys(ids)) if several else ids[0]
        return found, doubts

    def _make(self, kind: Kind, name: str, match: Match) -> UUID:
        page_id = uuid5(NAMESPACE, f"{kind.label}|{folded(name)}")
        document = {"slug": address_of(name) or "unnamed", "name": name}
        if match.doubtful:
            self._result.doubtful[kind.label][page_id] = document
        elif page_id not in self._result.documents[kind.label]:
            self._result.documents[kind.label][page_id] = document
            self._result.made_for[kind.label] = self._result.made_for.get(kind.label, 0) + 1
            self._pages[kind.label].add(name, Known(page_id, name))
        return page_id
