"""The bar of time: when something changed, which moment is shown, and the ways from there.

Here is what bars have in common, and the bar of one page; that of the whole site is in
`site_time.py`.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from versioning.changesets import changesets_of
from versioning.entities.kinds import kind_of
from versioning.events import MAIN
from versioning.history import History
from versioning.viewpoints.chain import (
    HEAD_OF_MAIN,
    MAIN_NAME,
    NoSuchBranch,
    Viewpoint,
    resolve,
    resolve_number,
)
from wiki.kinds.registry import KINDS
from wiki.viewpoints.addresses import moved_to, prefix_at, prefix_on

MOST_MOMENTS = 40
"""Moments that a bar shows: of a page its newest changes, of the site the ends of as many spans."""


@dataclass(frozen=True)
class Moment:
    """A change: when, why, and what is shown as it was then."""

    recorded_at: datetime
    message: str
    href: str
    is_here: bool = False
    is_day: bool = False
    """The end of a day, whatever was recorded on it."""


@dataclass(frozen=True)
class TimeBar:
    """The moments of something, the oldest first, and those next to the one that is shown.

    `here` is the change by which it became what is shown; none where that is older than all.
    """

    moments: Sequence[Moment]
    here: Moment | None
    before: Moment | None
    after: Moment | None
    branch: str
    changes: str
    """Where what changed between two moments is told."""
    of: str = ""
    """The kind of pages whose changes are asked for there; nothing for all."""
    beside: str = ""
    """Where what is shown stands beside now; nothing where it is now."""
    is_of_site: bool = False


def time_of_page(
    plural: str, entity_id: UUID, slug: str, seen: Viewpoint, view: str = "page"
) -> TimeBar | None:
    """The changes of a page on its branch, later ones included; of a preview none.

    Each leads to the same view of the page, where it stood then: what a branch has inherited, to
    the branch that it was written on, for at the time there was no other. Cost: three queries, one
    for a branch other than main, and one or two for each that it was forked from by way of others;
    however long the history is.
    """
    if seen.is_preview:
        return None
    history = History(kind_of(KINDS[plural]), entity_id, _head_of(seen))
    rows = history.all().filter(deleted=False)[:MOST_MOMENTS]
    found = list(rows.values_list("valid_from", "slug", "branch_number"))
    slugs = {position: slug for position, slug, _ in found}
    branches = {position: branch for position, _, branch in found}
    names = _names_of(set(branches.values()), seen)
    changesets = changesets_of(slugs)
    shown = sorted(p for p in slugs if p in changesets and branches[p] in names)
    here = max((p for p in shown if not seen.is_past or p <= (seen.position or 0)), default=None)
    moments = [
        Moment(
            changesets[position].recorded_at,
            changesets[position].message,
            moved_to(
                prefix_at(seen, None)
                if position == shown[-1]
                else prefix_on(names[branches[position]], f"p{position}"),
                reverse(view, args=[plural, slugs[position]]),
            ),
            position == here,
        )
        for position in shown
    ]
    at = -1 if here is None else shown.index(here)
    diff = reverse("diff", args=[plural, slug])
    return TimeBar(
        moments,
        here=moments[at] if at >= 0 else None,
        before=moments[at - 1] if at > 0 else None,
        after=moments[at + 1] if at + 1 < len(moments) else None,
        branch=seen.name,
        changes=diff,
        beside=f"{diff}?from=p{seen.position}&to=p{shown[-1]}" if seen.is_past and shown else "",
    )


def _names_of(branches: set[int], seen: Viewpoint) -> dict[int, str]:
    """What branches are called; of those that are hidden from whoever reads, nothing."""
    names = {MAIN: MAIN_NAME, seen.branch: seen.name}
    for other in branches - names.keys():
        with suppress(NoSuchBranch):
            names[other] = resolve_number(other).name
    return names


def _head_of(seen: Viewpoint) -> Viewpoint:
    return HEAD_OF_MAIN if seen.name == MAIN_NAME else resolve(seen.name)
