"""The bar of time of pages that are of the whole site: lists, the map, recent changes.

What changes there is too much for a tick each. So ticks are the ends of days, of months, of years,
however long the log is; the steps beside them lead from change to change.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from django.db.models.functions import Left
from django.urls import reverse
from django.utils.http import urlencode

from eventstore.models import OF_NO_BRANCH, Changeset
from versioning.viewpoints.chain import Viewpoint
from wiki.frame.time_bar import MOST_MOMENTS, Moment, TimeBar
from wiki.viewpoints.addresses import moved_to, prefix_at

DAYS: Final = (1, 7)
MONTHS: Final = (1, 3, 12, 60, 120)
"""What a tick may span; the shortest with which all fit."""

LONGEST_MESSAGE: Final = 200

GENESIS: Final = 1
"""The changeset with which a log begins: it tells no page, and its date is nobody's."""


@dataclass(frozen=True, order=True)
class _Change:
    position: int
    recorded_at: datetime
    message: str


@dataclass(frozen=True)
class _Nearby:
    """The first and the newest change of a branch, and those around what is shown."""

    first: _Change
    newest: _Change
    before: _Change | None
    here: _Change | None
    after: _Change | None


def time_of_site(seen: Viewpoint, path: str, of: str = "") -> TimeBar | None:
    """The time of a branch, with the page at `path` at each moment; of a preview none.

    `of` is the kind of pages that are shown, where it is one. Cost: one query by an index,
    however much was changed.
    """
    if seen.is_preview:
        return None
    near = _nearby(seen)
    # Of what came later the past would tell nothing.
    changes = moved_to(prefix_at(seen, None), reverse("changes"))
    if near is None:
        return TimeBar((), None, None, None, seen.name, changes, of)

    def moment(change: _Change | None) -> Moment | None:
        if change is None:
            return None
        when = None if change == near.newest else f"p{change.position}"
        href = prefix_at(seen, when) + path.lstrip("/")
        return Moment(change.recorded_at, change.message, href, change == near.here)

    def end_of(day: date) -> Moment:
        at = datetime.combine(day, time.max, tzinfo=UTC)
        return Moment(at, "", prefix_at(seen, day.isoformat()) + path.lstrip("/"), is_day=True)

    ticks = [moment(each) for each in {near.here, near.newest}]
    moments = [*filter(None, ticks), *map(end_of, _ends(near))]
    return TimeBar(
        sorted(moments, key=lambda each: each.recorded_at),
        here=moment(near.here),
        before=moment(near.before),
        after=moment(near.after),
        branch=seen.name,
        changes=changes,
        of=of,
        beside=_since(changes, seen, near.newest, of) if seen.is_past else "",
        is_of_site=True,
    )


def _nearby(seen: Viewpoint) -> _Nearby | None:
    """The changes that a bar needs of all; none where the branch has none of its own yet."""
    branch, position = seen.chain[0]
    written = Changeset.objects.filter(branch=branch, pk__gt=GENESIS)
    recorded = written.exclude(kind__in=OF_NO_BRANCH).values_list(
        "last_position", "recorded_at", Left("recorded_message", LONGEST_MESSAGE), "suppressed"
    )
    oldest, newest = recorded.order_by("last_position"), recorded.order_by("-last_position")
    upto = newest.filter(last_position__lte=position)
    later = oldest.filter(last_position__gt=position)
    rows = oldest[:1].union(upto[:2], later[:1], newest[:1])
    found = sorted(
        _Change(at, recorded_at, "" if is_hidden else message)
        for at, recorded_at, message, is_hidden in rows
    )
    if not found:
        return None
    *_, before, here = (None, None, *(each for each in found if each.position <= position))
    after = next((each for each in found if each.position > position), None)
    return _Nearby(found[0], found[-1], before, here, after)


def _ends(near: _Nearby) -> list[date]:
    """The last days of equal spans, but for one at which the same stands as what is shown."""
    first, last = near.first.recorded_at.date(), near.newest.recorded_at.date()
    days = spans(first, last)
    if near.here is None or near.after is None:
        return days
    since, until = near.here.recorded_at.date(), near.after.recorded_at.date()
    alike = next((day for day in days if since <= day < until), None)
    return [day for day in days if day != alike]


def spans(first: date, last: date) -> list[date]:
    """As many last days as fit, of days, weeks, months or years, from one day up to another."""
    for days in DAYS:
        if (last - first).days < MOST_MOMENTS * days:
            return [first + timedelta(n) for n in range(0, (last - first).days, days)]
    for months in MONTHS:
        ends = list(_ends_of_months(first, last, months))
        if len(ends) < MOST_MOMENTS:
            break
    return ends[-MOST_MOMENTS:]


def _ends_of_months(first: date, last: date, months: int) -> Iterator[date]:
    for number in range(first.year * 12 + first.month, last.year * 12 + last.month + 1):
        end = date(number // 12, number % 12 + 1, 1) - timedelta(days=1)
        if number % months == 0 and first <= end < last:
            yield end


def _since(changes: str, seen: Viewpoint, newest: _Change, of: str) -> str:
    """Where what changed since the moment that is shown is told."""
    asked = {"from": f"p{seen.position}", "to": f"p{newest.position}"} | ({"of": of} if of else {})
    return f"{changes}?{urlencode(asked)}"
