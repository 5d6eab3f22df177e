"""A table's rows as a plan: pages matched, pages made, and what a person must decide.

Rows of which everything is certain come first, so that no doubtful row takes a page from them.
What a doubtful row tells goes to a branch, with the pages that it alone names. What certain rows
make known is looked at as if it stood in the wiki, until the plan is the one that follows from
it: so the file says nothing new when it is read again.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from versioning.entities.kinds import Kind, kind_of
from wiki.exchange.mapped.likeness import folded
from wiki.exchange.mapped.mapping import TableMapping
from wiki.exchange.mapped.matching import Known, Match, Pages
from wiki.exchange.mapped.plan import Documents, Doubt, DoubtfulRow, Made, Matched, Plan
from wiki.exchange.mapped.reading import Facts, Sheet
from wiki.exchange.tables.addresses import address_for
from wiki.exchange.tables.remarks import Remark

NAMESPACE = UUID("6f0f9b5e-6d0d-5c43-9a3a-0f4f7d1f6a21")

ROUNDS = 10
"""Plans of which each follows from what the one before tells alone. Those that come after it
follow from all that was ever told, so that two which lead to one another come to an end.
"""


def plan_import(sheet: Sheet, mapping: TableMapping) -> Plan:
    """Match every row at this viewpoint.

    Cost: one query for each kind that is named. A plan matches every row twice, and a doubtful one
    again as long as others that were doubtful are taken; it takes two plans where the file tells
    something new, and more where that changes what its rows mean.
    """
    known = _Catalogue(mapping)
    plan, rounds = _Planner(mapping, known).plan(sheet), 1
    while known.learn(plan, alone=rounds < ROUNDS):
        plan, rounds = _Planner(mapping, known).plan(sheet), rounds + 1
    return plan


class _Catalogue:
    """The pages that rows are matched with: the wiki's, and those that a plan would make."""

    def __init__(self, mapping: TableMapping) -> None:
        self._label = mapping.kind.label
        self._match_by = mapping.match_by
        self.related: dict[str, Kind] = {}
        for column in mapping.columns:
            if column.tells.refers:
                field: Any = column.tells.model_field
                self.related[column.tells.name] = kind_of(field.related_model)
        self.pages = {kind.label: Pages(kind) for kind in self.related.values()}
        self.own = Pages(mapping.kind, mapping.match_by)
        self._learned: dict[UUID, tuple[str, dict[str, Any]]] = {}

    def learn(self, plan: Plan, *, alone: bool) -> bool:
        """Know the pages of rows that are certain as the plan tells of them, `alone` or beside
        what was learned before; whether that is something else than what was learned last.
        """
        if alone:
            for pages in (self.own, *self.pages.values()):
                pages.forget()
        learned = {
            page_id: (document.get("name", ""), {by: document.get(by) for by in self._match_by})
            for page_id, document in plan.documents[self._label].items()
        }
        for page_id, (name, by) in learned.items():
            self.own.learn(page_id, name, by)
        before, self._learned = self._learned, learned
        return learned != before


@dataclass
class _Row:
    """A row as it is understood. `doubts` are by field, those about the page itself under "".

    `own_id` is the identity of the page that it makes if it means no other.
    """

    facts: Facts
    own_id: UUID
    page: Known | None = None
    references: dict[str, Any] = field(default_factory=dict)
    named: list[Made] = field(default_factory=list)
    doubts: dict[str, list[Doubt]] = field(default_factory=dict)

    @property
    def page_id(self) -> UUID:
        return self.page.page_id if self.page else self.own_id

    @property
    def makes_its_page(self) -> bool:
        """Whether no page stands in the wiki for it, and no other row makes it."""
        return self.page is None or (not self.page.address and self.page_id == self.own_id)

    @property
    def every_doubt(self) -> list[Doubt]:
        return [doubt for each in self.doubts.values() for doubt in each]


class _Planner:
    def __init__(self, mapping: TableMapping, known: _Catalogue) -> None:
        self._mapping = mapping
        self._kind = mapping.kind
        self._known = known
        self._result = Plan()
        # Pages that are named come first: what refers to them comes after them.
        for label in [*(kind.label for kind in known.related.values()), self._kind.label]:
            self._result.documents.setdefault(label, {})
            self._result.doubtful.setdefault(label, {})
        self._told_by: dict[UUID, int] = {}
        self._claimed: set[UUID] = set()

    def plan(self, sheet: Sheet) -> Plan:
        self._claimed = self._claimed_by_several(sheet)
        unsure = self._left_by(self._take_certain, sheet.facts)
        # What they name may be a page by now that another row has made.
        while len(still := self._still_unsure(unsure)) < len(unsure):
            unsure = still
        for row in still:
            self._take_doubtful(row)
        self._result.only_named -= self._told_by.keys()
        return self._result

    def _left_by(self, take: Callable[[_Row], bool], sheet: Iterable[Facts]) -> list[_Row]:
        """The rows that were not taken, as they were understood."""
        return [row for row in map(self._understood, sheet) if not take(row)]

    def _still_unsure(self, rows: Iterable[_Row]) -> list[_Row]:
        return self._left_by(self._take_or_settle, (row.facts for row in rows))

    def _claimed_by_several(self, sheet: Sheet) -> set[UUID]:
        """Pages that do not tell what rows are matched by, where rows tell it differently."""
        told: dict[tuple[UUID, str], set[str]] = defaultdict(set)
        for facts in sheet.facts:
            row = self._matched(facts)
            for name in self._untold(row):
                told[row.page_id, name].add(row.references[name])
        return {page_id for (page_id, _), ids in told.items() if len(ids) > 1}

    def _untold(self, row: _Row) -> list[str]:
        """By what the row's page could be matched if it told it, as the row does."""
        if row.page is None:
            return []
        by, told = row.page.by, row.references
        return [name for name in self._mapping.match_by if told.get(name) and not by.get(name)]

    def _understood(self, facts: Facts) -> _Row:
        row = self._matched(facts)
        if row.page and row.page_id in self._claimed and self._untold(row):
            row.doubts[""] = [Doubt("the page", (row.page,))]
            row.page = None
        if row.page is not None:
            self._leave_as_matched(row)
        return row

    def _matched(self, facts: Facts) -> _Row:
        """A row with all that it may mean, whoever else means the same page."""
        row = _Row(facts, uuid5(NAMESPACE, "|".join(map(str, self._key(facts)))))
        may_mean = dict(self._references(row))
        by = {name: may_mean.get(name, frozenset()) for name in self._mapping.match_by}
        made_before = self._known.own.get(row.own_id)
        match = Match(made_before) if made_before else self._known.own.match(facts.name, by)
        row.page = match.page
        if match.may_be:
            row.doubts[""] = [Doubt("the page", match.may_be)]
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
            kind = self._known.related[name]
            ids: list[str] = []
            may_mean: set[str] = set()
            for each in names:
                match = self._known.pages[kind.label].match(each, {})
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
            row.doubts.setdefault(field, []).append(Doubt(f"{field} {name!r}", match.may_be))
        return str(page_id)

    def _take_or_settle(self, row: _Row) -> bool:
        return self._take_certain(row) or self._settle(row)

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
        if row.makes_its_page:
            self._result.new.append(self._own_page(row))
            self._let_be_named(self._own_page(row))
        else:
            assert row.page is not None
            self._result.matched.append(Matched(row.facts.row, row.facts.name, row.page))
        return True

    def _let_be_named(self, made: Made) -> None:
        """Rows that follow may name a page that is not there yet."""
        if made.label in self._known.pages:
            self._known.pages[made.label].add(made.name, Known(made.page_id, made.name))

    def _settle(self, row: _Row) -> bool:
        """Leave a doubt about what a row names where a certain row tells of the same page."""
        by = ("", *self._mapping.match_by)
        is_told = row.page_id in self._result.documents[self._kind.label]
        if not is_told or any(name in row.doubts for name in by):
            return False
        doubts = "; ".join(doubt.said({}) for doubt in row.every_doubt)
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
        self._result.doubtful_rows.append(
            DoubtfulRow(row.facts.row, row.facts.name, row.every_doubt, row.page)
        )
        self._result.only_named |= {made.page_id for made in row.named}
        for made in row.named:
            self._result.doubtful[made.label].setdefault(made.page_id, _page(made))
        if self._add_to(self._result.doubtful, row):
            self._say_again(row)

    def _add_to(self, documents: Documents, row: _Row) -> bool:
        """Add what a row tells; whether another row had told of the page before it."""
        told = {**row.facts.fields, **row.references}
        if row.makes_its_page:
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


def _page(made: Made) -> dict[str, Any]:
    return {"slug": address_for(made.label, made.name, made.page_id), "name": made.name}
