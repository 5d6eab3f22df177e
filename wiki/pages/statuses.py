"""What statuses mean, and what one and the dates of a park or a ride hardly ever say together."""

import datetime
from collections.abc import Iterator
from typing import Any, Final

from wiki.pages.rules import Rule, warning

RUNS: Final = frozenset({"operating"})
NOT_OPEN_YET: Final = frozenset({"announced", "planned", "under-construction"})
HAS_CLOSED: Final = ("closed", "relocated", "removed")
"""What is no longer to be visited or ridden where it was, for good; in order, for queries."""


@warning("operating-though-closed", "status", "closed")
def what_operates_has_not_closed(page: Any) -> Iterator[str]:
    if page.status in RUNS and _is_over(page.closed):
        yield f"{_status_of(page)}, but it closed {page.closed}."


@warning("operating-though-to-come", "status", "opened")
def what_operates_has_opened(page: Any) -> Iterator[str]:
    if page.status in RUNS and _is_to_come(page.opened):
        yield f"{_status_of(page)}, but it opens {page.opened}."


@warning("opened-though-to-come", "status", "opened")
def what_is_to_come_has_not_opened(page: Any) -> Iterator[str]:
    if page.status in NOT_OPEN_YET and _is_over(page.opened):
        yield f"{_status_of(page)}, but it opened {page.opened}."


@warning("closed-though-to-come", "status", "closed")
def what_has_closed_did_so(page: Any) -> Iterator[str]:
    if page.status in HAS_CLOSED and _is_to_come(page.closed):
        yield f"{_status_of(page)}, but it closes {page.closed}."


STATUS_FITS_DATES: Final[tuple[Rule, ...]] = (
    what_operates_has_not_closed,
    what_operates_has_opened,
    what_is_to_come_has_not_opened,
    what_has_closed_did_so,
)


def _status_of(page: Any) -> str:
    return f"The status is {page.get_status_display().lower()}"


def _is_over(date: Any) -> bool:
    return date is not None and date.last_day < _today()


def _is_to_come(date: Any) -> bool:
    return date is not None and date.first_day > _today()


def _today() -> datetime.date:
    return datetime.datetime.now(datetime.UTC).date()
