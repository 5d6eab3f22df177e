"""Erase content: what must leave the log goes, and every proof that stands on it holds.

An event's hash is over a salt and its content, and the chain is over those hashes. So the content
of events can be replaced, with the salt gone, while the hashes stay: nobody can tell from a hash
what it was. Which events these are, and what stands there from now on, is an event itself, sealed
like any other: the audit accepts other content only where one names it.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field

from eventstore import reading
from eventstore.events import Event
from eventstore.sqlfiles import statement
from eventstore.types import Position, Version

ERASURES = UUID("b1b0a3a6-7a43-4ea5-9d2a-61f5b0a1c0de")
"""The stream of all erasures."""

ERASED = statement(__file__, "erased").rstrip().format(stream=ERASURES)
"""SQL: the parts of a WITH clause that tell what was erased."""


class ContentErased(Event):
    """What left the log: events, each with the hash of what stands there now; and changesets.

    `entity_id` and `kind` name what they were of, where that is one entity.
    """

    topic: ClassVar[str] = "content.erased"

    events: list[tuple[int, str]] = Field(default_factory=list)
    changesets: list[int] = Field(default_factory=list)
    kind: str | None = None
    entity_id: UUID | None = None


@dataclass(frozen=True)
class Erased:
    """What an erasure puts in the place of events, by their positions; whole changesets beside."""

    states: Mapping[Position, bytes]
    changesets: Sequence[int] = ()

    def event(
        self, version: Version, *, kind: str | None = None, entity_id: UUID | None = None
    ) -> ContentErased:
        """The event that names it; `version` is its place among all erasures."""
        return ContentErased(
            stream_id=ERASURES,
            version=version,
            events=[
                (position, hashlib.sha256(state).hexdigest())
                for position, state in self.states.items()
            ],
            changesets=list(self.changesets),
            kind=kind,
            entity_id=entity_id,
        )

    @property
    def call(self) -> tuple[str, dict[str, Any]]:
        """What goes along with the append of that event: a call of the log's door."""
        return (
            "eventstore_erase(a.first_position, %(erased_at)s::bigint[], %(erased_to)s::bytea[])",
            {"erased_at": list(self.states), "erased_to": list(self.states.values())},
        )


def erased_entities() -> frozenset[UUID]:
    """The entities of which something was erased. Cost: a query, and the erasures."""
    told = (recorded.event for recorded in reading.stream(ERASURES))
    return frozenset(
        event.entity_id
        for event in told
        if isinstance(event, ContentErased) and event.entity_id is not None
    )
