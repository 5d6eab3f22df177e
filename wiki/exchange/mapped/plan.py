"""What a mapped table would do, as data: its documents, what it matched, made and doubts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from wiki.exchange.mapped.matching import Known
from wiki.exchange.tables.remarks import Remark

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


@dataclass(frozen=True)
class Doubt:
    """What a row names ("the page", "park 'Hill'"), and the pages that may be meant."""

    named: str
    may_be: Sequence[Known]

    def said(self, addresses: Mapping[UUID, str]) -> str:
        """As many of the pages as anybody would look at."""
        pages = [each.said(addresses) for each in self.may_be[:MOST_SAID]]
        if more := len(self.may_be) - len(pages):
            pages.append(f"one of {more} more")
        return "; ".join(f"{self.named} may be {each}" for each in pages)


@dataclass
class DoubtfulRow:
    """A row that a person must look at, and the page that it means all the same, if any."""

    row: int
    name: str
    doubts: Sequence[Doubt]
    page: Known | None

    def said(self, addresses: Mapping[UUID, str]) -> str:
        """A sentence without its stop; `addresses` as of Known.said()."""
        means = [f"the page is {self.page.said(addresses)}"] if self.page else []
        doubts = [doubt.said(addresses) for doubt in self.doubts]
        return f"Row {self.row}, {self.name}: {'; '.join([*doubts, *means])}"


@dataclass
class Plan:
    """Documents by kind and identity; the doubtful ones apart, with what they may be."""

    documents: Documents = field(default_factory=dict)
    doubtful: Documents = field(default_factory=dict)
    doubtful_rows: list[DoubtfulRow] = field(default_factory=list)
    matched: list[Matched] = field(default_factory=list)
    new: list[Made] = field(default_factory=list)
    named: list[Made] = field(default_factory=list)
    """Pages that certain rows only name: made if what the rows tell is taken."""
    again: list[Remark] = field(default_factory=list)
    """Rows that tell of a page of which another row told."""
    only_named: set[UUID] = field(default_factory=set)
    """Pages for which no row stands: nobody needs them but those who name them."""
