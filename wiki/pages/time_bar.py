"""The bar of time: when a page changed, which moment is shown, and the ways from there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from versioning.changesets import changesets_of
from versioning.entities.kinds import kind_of
from versioning.history import History
from versioning.viewpoints.chain import HEAD_OF_MAIN, MAIN_NAME, Viewpoint, resolve
from wiki.pages.models import Page
from wiki.viewpoints.addresses import prefix_named

MOST_MOMENTS = 40
"""Changes that the bar shows, the newest; a page that changed more often has a history besides."""


@dataclass(frozen=True)
class Moment:
    """A change of the page: when, why, and the page's address then."""

    recorded_at: datetime
    message: str
    href: str
    is_here: bool


@dataclass(frozen=True)
class TimeBar:
    """A page's changes, the oldest first, and those next to the moment that is shown.

    `here` is the change by which the page became what is shown; none where that is older than all.
    """

    moments: Sequence[Moment]
    here: Moment | None
    before: Moment | None
    after: Moment | None
    beside: str
    """The question that compares what is shown with now; nothing where it is now."""
    branch: str


def time_bar(page: Page, seen: Viewpoint) -> TimeBar | None:
    """The changes of a page on its branch, later ones included; of a preview none.

    Each leads to where the page stood then, whatever its address is now. Cost: three queries, and
    one for a branch other than main; however long the history is.
    """
    if seen.is_preview:
        return None
    history = History(kind_of(type(page)), page.pk, _head_of(seen))
    rows = history.all().filter(deleted=False).values_list("valid_from", "slug")
    slugs = dict(rows[:MOST_MOMENTS])
    changesets = changesets_of(slugs)
    shown = sorted(position for position in slugs if position in changesets)
    here = max((p for p in shown if not seen.is_past or p <= (seen.position or 0)), default=None)
    moments = [
        Moment(
            changesets[position].recorded_at,
            changesets[position].message,
            _prefix(seen.name, None if position == shown[-1] else position)
            + f"{page.plural}/{slugs[position]}/",
            position == here,
        )
        for position in shown
    ]
    at = -1 if here is None else shown.index(here)
    return TimeBar(
        moments,
        here=moments[at] if at >= 0 else None,
        before=moments[at - 1] if at > 0 else None,
        after=moments[at + 1] if at + 1 < len(moments) else None,
        beside=f"?from=p{seen.position}&to=p{shown[-1]}" if seen.is_past and shown else "",
        branch=seen.name,
    )


def _head_of(seen: Viewpoint) -> Viewpoint:
    return HEAD_OF_MAIN if seen.name == MAIN_NAME else resolve(seen.name)


def _prefix(branch: str, position: int | None) -> str:
    name = branch if branch != MAIN_NAME or position is None else ""
    return prefix_named(name + (f"@p{position}" if position else ""))
