"""Changesets as lists tell of them: who made each, and which pages it wrote."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, IntegerField, OuterRef, QuerySet, Subquery

from eventstore.models import Changeset, ChangesetKind, Event
from versioning.entities.kinds import kind_of
from versioning.events import MAIN
from versioning.models import Branch
from versioning.viewpoints.versions import rows_in
from wiki.accounts.names import NAMELESS, authors_of, is_account
from wiki.kinds.registry import KINDS

MOST_NAMED = 3
"""Changes of a changeset whose pages a list names; of more it tells the number."""


@dataclass(frozen=True)
class Listed:
    """A changeset, who made it (or nothing), and the pages that it wrote, in words."""

    changeset: Changeset
    by: str
    pages: str
    account: str = ""
    """The name of the account that is its author, where it is one."""


def counted(changesets: "QuerySet[Changeset]") -> "QuerySet[Any]":
    """Changesets with what `listed` asks of their events, for the query that a list is.

    Old logs have positions that no event has, so each event's key is counted. Cost: 0.1 ms for
    each 1,000 events of those that are shown.
    """
    within = (OuterRef("first_position"), OuterRef("last_position"))
    events = Event.objects.filter(position__range=within)
    number = events.annotate(number=Func("position", function="count")).values("number")
    return changesets.annotate(
        event_count=Subquery(number, output_field=IntegerField()),
        first_events=ArraySubquery(events.order_by("position").values("position")[:MOST_NAMED]),
    )


def listed(changesets: Sequence[Any]) -> list[Listed]:
    """Changesets as a list shows them, which were `counted`. Cost: two queries."""
    authors = authors_of(changesets)
    names = _names_in([each for each in changesets if 0 < _count(each) <= MOST_NAMED])
    return [
        Listed(
            each,
            by := authors.get(each.pk, ""),
            _pages(each, names),
            by if is_account(each) and by != NAMELESS else "",
        )
        for each in changesets
    ]


def _pages(changeset: Any, names: Mapping[int, str]) -> str:
    if (count := _count(changeset)) > MOST_NAMED:
        return f"{count:,} changes"
    return ", ".join(dict.fromkeys(names[each] for each in changeset.first_events if each in names))


def _count(changeset: Any) -> int:
    """How many pages it may have written; what says what fields mean writes none."""
    match changeset.kind:
        case ChangesetKind.SCHEMA | ChangesetKind.SUPPRESSION:
            return 0
        case ChangesetKind.FORK:
            return 1
    return int(changeset.event_count)


def _names_in(changesets: Sequence[Any]) -> dict[int, str]:
    """What was written at each position of changesets of few events, by name: one query."""
    positions: defaultdict[int, list[int]] = defaultdict(list)
    for each in changesets:
        # A change of a branch itself stands on main, whatever branch it is of.
        for branch in {each.branch, MAIN}:
            positions[branch] += each.first_events
    named = [*map(kind_of, KINDS.values()), kind_of(Branch)]
    rows = [
        rows_in(kind)
        .filter(branch_number=branch, valid_from__in=wanted)
        .order_by()
        .values_list("valid_from", "name")
        for kind in named
        for branch, wanted in positions.items()
    ]
    return dict(rows[0].union(*rows[1:], all=True)) if rows else {}
