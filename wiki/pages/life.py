"""The life of what a page is about: everything that it tells to have happened, by date."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from versioning.entities.kinds import Document, Kind
from versioning.fields.columns import PartialDateField
from versioning.fields.dates import PartialDate
from wiki.pages.items import MilestoneSort
from wiki.pages.values import Shelf, label_of

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


def life_of(kind: Kind, document: Document, shelf: Shelf) -> list[Moment]:
    """Openings, moves, closings, new names and milestones, by date; at the end those of none.

    Empty where it is no more than a date or two, which stand among the facts.
    """
    undated = [each for each in _told(kind, document, shelf) if each.date is None]
    moments = [*moments_of(kind, document, shelf), *undated]
    has_milestones = any(each.sort for each in moments)
    return moments if has_milestones or len(moments) >= WORTH_SHOWING else []


def moments_of(kind: Kind, document: Document, shelf: Shelf) -> list[Moment]:
    """What happened on a date, the earliest first."""
    dated = [(each.date, each) for each in _told(kind, document, shelf) if each.date is not None]
    return [moment for _, moment in sorted(dated, key=lambda each: each[0])]


def _told(kind: Kind, document: Document, shelf: Shelf) -> Iterator[Moment]:
    for name, f in kind.fields.items():
        if isinstance(f.model_field, PartialDateField) and document[name] is not None:
            where = _today_at(document, shelf) if name == "opened" else ""
            yield Moment(f.to_python(document[name]), f"{label_of(f)}{where}")
        elif name == "names":
            yield from _renamings(f.to_python(document[name]))
        elif name == "former_places":
            yield from _moves(f.to_python(document[name]), shelf)
        elif name == "milestones":
            for each in f.to_python(document[name]):
                yield Moment(each.date, each.what, str(MilestoneSort(each.sort).label))


def _renamings(names: Iterable[Any]) -> Iterator[Moment]:
    for each in names:
        if each.since is not None:
            yield Moment(each.since, f"Called {each.name} from then on")
        if each.until is not None:
            yield Moment(each.until, f"No longer called {each.name}")


def _today_at(document: Document, shelf: Shelf) -> str:
    """Where something that was moved opened last: it opened more than once."""
    park = shelf.get(str(document.get("park")))
    return f" at {park.text}" if park is not None and document.get("former_places") else ""


def _moves(places: Iterable[Any], shelf: Shelf) -> Iterator[Moment]:
    """When something opened at its former places, and when it left them."""
    for each in places:
        where = shelf[each.park].text if each.park in shelf else each.place or "a former place"
        if each.since is not None:
            called = f", as {each.called}" if each.called else ""
            yield Moment(each.since, f"Opened at {where}{called}")
        if each.until is not None:
            yield Moment(each.until, f"Closed at {where}, and was moved")
