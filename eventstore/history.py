"""Times of a history that was there before the log: a new log may begin with them.

A changeset that is `dated` says so in its details, where its time is hashed and signed. `seal.sql`
takes it at its word as long as everything before it was dated as well, if time does not run back by
it and it is not ahead of the clock. The first changeset that the clock dates ends that for ever
(docs/decisions/0027-a-new-log-may-begin-with-a-history.md).
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Final

from eventstore.models import Changeset

DATED: Final = "dated"
"""The key in a changeset's details; `seal.sql` knows it as well."""

BEGINNING: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""When a new log begins: before any history that it may hold."""

_moment: ContextVar[datetime | None] = ContextVar("dated", default=None)


@contextmanager
def dated(moment: datetime) -> Iterator[None]:
    """The time of what is sealed inside; the database refuses one that it may not be."""
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)


def time_in_details() -> dict[str, str]:
    """What a changeset's details say of its time; nothing where the clock dates it."""
    moment = _moment.get()
    return {} if moment is None else {DATED: moment.isoformat()}


def takes_a_history() -> bool:
    """Whether the next changeset may still be dated. Cost: a query."""
    newest = Changeset.every.order_by("-id").values_list("recorded_details", flat=True).first()
    return newest is None or DATED in json.loads(newest)
