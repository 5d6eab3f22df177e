"""What a mapped table would do: pages matched, pages made, and what a person must decide.

Rows of which everything is certain come first, so that no doubtful row takes a page from them.
What a doubtful row tells goes to a branch, with the pages that it alone names.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from versioning.entities.kinds import Kind, kind_of
from wiki.imports.mapped.likeness import folded
from wiki.imports.mapped.mapping import TableMapping
from wiki.imports.mapped.matching import Known, Match, Pages
from wiki.imports.mapped.reading import Facts, Sheet
from wiki.imports.tables.addresses import address_for
from wiki.imports.tables.remarks import Remark

NAMESPACE = UUID("6f0f9b5e-6d0d-5c43-9a3a-0f4f7d1f6a21")

MOST_SAID = 5
"""Pages that a row may mean which are named."""

Documents = dict[str, dict[UUID, dict[str, Any]]]


@dataclass(frozen=True)
class Made:
    """A page that was not there: a row's own (no field), or one that a row names."""

    row: int
    field: str
    name: str
    label: str
    page_id: UUID


@dataclass(frozen=True)
class Matched:
    """A row, and the page that it means."""

    row: int
    name: str
    page: Known


@dataclass
class Plan:
    """Documents by kind and identity; the doubtful ones apart, with what they may be."""

    documents: Documents = field(default_factory=dict)
    doubtful: Documents = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)
    matched: list[Matched] = field(default_factory=list)
    new: list[Made] = field(default_factory=list)
    named: list[Made] = field(default_factory=list)
    """Pages that certain rows only name: made if what the rows tell is taken."""
    again: list[Remark] = field(default_factory=list)
    """Rows that tell of a page of which another row told."""
    only_named: set[UUID] = field(default_factory=set)
    """Pages for which no row stands: nobody needs them but those who name them."""


def plan_import(sheet: Sheet, mapping: TableMapping) -> Plan:
    """Match every row at this viewpoint. Cost: one query for each kind that is named."""
    return _Planner(mapping).plan(sheet)


@dataclass
class _Row:
    """A row as it is understood. `doubts` are by field, those about the page itself under ""."""

    facts: Facts
    page_id: UUID
    page: Known | None = None
    references: dict[str, Any] = field(default_factory=dict)
    named: list[Made] = field(default_factory=list)
    doubts: dict[str, list[str]] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """What is doubtful of it, and which page it means all the same."""
        doubts = [doubt for each in self.doubts.values() for doubt in each]
        means = [f"the page is {self.page}"] if self.page else []
        return f"Row {self.facts.row}, {self.facts.name}: {'; '.join([*doubts, *means])}"


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
        self._told_by: dict[UUID, int] = {}

    def plan(self, sheet: Sheet) -> Plan:
        unsure = [facts for facts in sheet.facts if not self._take_certain(self._understood(facts))]
        # What they name may be a page by now that a certain row has made.
        for facts in unsure:
            row = self._understood(facts)
            if not self._take_certain(row) and not self._settle(row):
                self._take_doubtful(row)
        self._result.only_named -= self._told_by.keys()
        return self._result

    def _understood(self, facts: Facts) -> _Row:
        row = _Row(facts, uuid5(NAMESPACE, "|".join(map(str, self._key(facts)))))
        may_mean = dict(self._references(row))
        by = {name: may_mean.get(name, frozenset()) for name in self._mapping.match_by}
        match = self._own.match(facts.name, by)
        if match.may_be:
            row.doubts[""] = [f"the page may be {each}" for each in _said(match.may_be)]
        if match.page is not None:
            row.page, row.page_id = match.page, match.page.page_id
            self._leave_as_matched(row)
        return row

    def _leave_as_matched(self, row: _Row) -> None:
        """What a page was found by in spite of a doubt is no change of it."""
        for name in self._mapping.match_by:
            if name in row.doubts:
                row.references.pop(name)
                row.named = [each for each in row.named if each.field != name]

    def _key(self, facts: Facts) -> tuple[Any, ...]:
        by = (tuple(map(folded, facts.named.get(name, ()))) for name in self._mapping.match_by)
        return (folded(facts.name), *by)

    def _references(self, row: _Row) -> Iterator[tuple[str, frozenset[str]]]:
        """Fill in the pages that a row names; yields all that each field may mean."""
        for name, names in row.facts.named.items():
            kind = self._related[name]
            ids: list[str] = []
            may_mean: set[str] = set()
            for each in names:
                match = self._pages[kind.label].match(each, {})
                ids.append(self._referred(row, name, each, kind, match))
                may_mean |= {ids[-1], *(str(known.page_id) for known in match.may_be)}
            several = self._kind.fields[name].is_references
            row.references[name] = list(dict.fromkeys(ids)) if several else ids[0]
            yield name, frozenset(may_mean)

    def _referred(self, row: _Row, field: str, name: str, kind: Kind, match: Match) -> str:
        if match.page is not None and match.page.address:
            return str(match.page.page_id)
        made_before = match.page and match.page.page_id
        page_id = made_before or uuid5(NAMESPACE, f"{kind.label}|{folded(name)}")
        row.named.append(Made(row.facts.row, field, name, kind.label, page_id))
        if match.may_be:
            row.doubts.setdefault(field, []).extend(
                f"{field} {name!r} may be {each}" for each in _said(match.may_be)
            )
        return str(page_id)

    def _take_certain(self, row: _Row, remark: str = "") -> bool:
        """Let a row in if nothing of it is doubtful."""
        if row.doubts:
            return False
        documents = self._result.documents
        self._result.only_named |= {made.page_id for made in row.named}
        for made in row.named:
            if made.page_id not in documents[made.label]:
                documents[made.label][made.page_id] = _page(made)
                self._result.named.append(made)
                self._let_be_named(made)
        if self._add_to(documents, row):
            self._say_again(row, remark)
            return True
        if row.page is not None:
            self._result.matched.append(Matched(row.facts.row, row.facts.name, row.page))
        else:
            self._result.new.append(self._own_page(row))
            self._let_be_named(self._own_page(row))
        return True

    def _let_be_named(self, made: Made) -> None:
        """Rows that follow may name a page that is not there yet."""
        if made.label in self._pages:
            self._pages[made.label].add(made.name, Known(made.page_id, made.name))

    def _settle(self, row: _Row) -> bool:
        """Leave a doubt about what a row names where a certain row tells of the same page."""
        by = ("", *self._mapping.match_by)
        is_told = row.page_id in self._result.documents[self._kind.label]
        if not is_told or any(name in row.doubts for name in by):
            return False
        doubts = "; ".join(doubt for each in row.doubts.values() for doubt in each)
        for name in row.doubts:
            row.references.pop(name)
        # What is certain of it may name pages that no other row does.
        row.named = [made for made in row.named if made.field not in row.doubts]
        row.doubts = {}
        self._take_certain(
            row, f", and {doubts}: what row {self._told_by[row.page_id]} says stands"
        )
        return True

    def _take_doubtful(self, row: _Row) -> None:
        self._result.doubts.append(row.sentence)
        self._result.only_named |= {made.page_id for made in row.named}
        for made in row.named:
            self._result.doubtful[made.label].setdefault(made.page_id, _page(made))
        if self._add_to(self._result.doubtful, row):
            self._say_again(row)

    def _add_to(self, documents: Documents, row: _Row) -> bool:
        """Add what a row tells; whether another row had told of the page before it."""
        told = {**row.facts.fields, **row.references}
        if row.page is None:
            told = {**_page(self._own_page(row)), **told}
        known = documents[self._kind.label].get(row.page_id)
        documents[self._kind.label][row.page_id] = {**told, **(known or {})}
        self._told_by.setdefault(row.page_id, row.facts.row)
        return known is not None

    def _own_page(self, row: _Row) -> Made:
        return Made(row.facts.row, "", row.facts.name, self._kind.label, row.page_id)

    def _say_again(self, row: _Row, more: str = "") -> None:
        reason = f"is {row.facts.name!r} of row {self._told_by[row.page_id]} again{more}"
        self._result.again.append(Remark(row.facts.row, "", "", reason))


def _said(may_be: Sequence[Known]) -> list[str]:
    """As many of the pages as anybody would look at."""
    said = [str(known) for known in may_be[:MOST_SAID]]
    more = len(may_be) - len(said)
    return [*said, f"one of {more} more"] if more else said


def _page(made: Made) -> dict[str, Any]:
    return {"slug": address_for(made.label, made.name, made.page_id), "name": made.name}
