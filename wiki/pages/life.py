"""The life of what a page is about: everything that it tells to have happened, by date."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from versioning.entities.kinds import Document, Kind
from versioning.fields.columns import PartialDateField
from versioning.fields.dates import PartialDate
from wiki.pages.items import MilestoneSort
from wiki.pages.values import label_of

WORTH_SHOWING = 3
"""Dates from which on a line says more than the facts do."""


@dataclass(frozen=True)
class Moment:
    """Something that happened; `sort` says what sort of milestone it was, if it was one."""

    date: PartialDate | None
    what: str
    sort: str = ""

    @property
    def year(self) -> int | None:
        """The year in which it began."""
        return None if self.date is None else self.date.year


def life_of(kind: Kind, document: Document) -> list[Moment]:
    """Openings, closings, new names and milestones, the earliest first, and those of no date last.

    Empty where it is no more than a date or two, which stand among the facts.
    """
    undated = [each for each in _told(kind, document) if each.date is None]
    moments = [*moments_of(kind, document), *undated]
    has_milestones = any(each.sort for each in moments)
    return moments if has_milestones or len(moments) >= WORTH_SHOWING else []


def moments_of(kind: Kind, document: Document) -> list[Moment]:
    """What happened on a date, the earliest first."""
    dated = [(each.date, each) for each in _told(kind, document) if each.date is not None]
    return [moment for _, moment in sorted(dated, key=lambda each: each[0])]


def _told(kind: Kind, document: Document) -> Iterator[Moment]:
    for name, f in kind.fields.items():
        if isinstance(f.model_field, PartialDateField) and document[name] is not None:
            yield Moment(f.to_python(document[name]), label_of(f))
        elif name == "names":
            yield from _renamings(f.to_python(document[name]))
        elif name == "milestones":
            for each in f.to_python(document[name]):
                yield Moment(each.date, each.what, str(MilestoneSort(each.sort).label))


def _renamings(names: Iterable[Any]) -> Iterator[Moment]:
    for each in names:
        if each.since is not None:
            yield Moment(each.since, f"Called {each.name} from then on")
        if each.until is not None:
            yield Moment(each.until, f"No longer called {each.name}")
