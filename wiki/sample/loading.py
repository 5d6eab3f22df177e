"""The sample into an empty wiki: a table of coasters, and years of work on it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from django.db import transaction

from wiki.exchange.coasters.documents import MARK, RIDE, documents_of
from wiki.exchange.tables.loading import load
from wiki.sample.corrections import spoil
from wiki.sample.make import sample_rides
from wiki.sample.people import open_accounts
from wiki.sample.steps import Step
from wiki.sample.stories import stories
from wiki.sample.texts import writing
from wiki.sample.timeline import Timeline

LOADER: Final = "ticket-to-tilburg"
"""Who loaded the table."""

PLACES_ON: Final = datetime(2021, 4, 5, 19, 12, tzinfo=UTC)

ERAS: Final = (
    (0, 1960, datetime(2021, 4, 6, 20, 3, tzinfo=UTC)),
    (1960, 1990, datetime(2021, 4, 7, 19, 40, tzinfo=UTC)),
    (1990, 2010, datetime(2021, 4, 8, 20, 21, tzinfo=UTC)),
    (2010, 9999, datetime(2021, 4, 9, 21, 55, tzinfo=UTC)),
)
"""From which year to which, and when those rides were loaded."""


def load_sample(progress: Callable[[int, int], None] = lambda done, of: None) -> None:
    """Everything, in one transaction: all of it or nothing."""
    with transaction.atomic():
        timeline = Timeline(open_accounts())
        corrections = _load_coasters(timeline)
        timeline.carry_out([*corrections, *writing(), *stories()], progress)


def _load_coasters(timeline: Timeline) -> list[Step]:
    """The parks and companies first, then the rides by age; the corrections that are to come."""
    documents = documents_of(sample_rides())
    rides = documents.pop(RIDE)
    corrections = spoil(rides)
    with timeline.at(PLACES_ON, LOADER):
        load(documents, mark=MARK, message="Parks, makers and models")
    for first, last, loaded_on in ERAS:
        era = {key: ride for key, ride in rides.items() if first <= _year_of(ride) < last}
        until = f"before {last}" if last < 9999 else f"since {first}"
        with timeline.at(loaded_on, LOADER):
            load({RIDE: era}, mark=MARK, message=f"Coasters opened {until}")
    return corrections


def _year_of(ride: dict[str, Any]) -> int:
    digits = str(ride.get("opened", ""))[:4]
    return int(digits) if digits.isdecimal() else 0
