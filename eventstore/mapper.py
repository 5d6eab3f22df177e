"""Between events and the bytes of the log.

The library's mapper finds classes by importing what a row says and skips
validation; this one has a registry, upcasts plain dicts, and validates.
"""

import json
from uuid import UUID

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent
from pydantic_core import from_json

from eventstore.events import Event, ForeignEvent, State, event_type, upcast

SCHEMA_VERSION_KEY = "$v"


class EventMapper(Mapper[UUID]):
    """State is JSON without defaults: readable for ever, by anything."""

    def __init__(self) -> None:
        super().__init__(JSONTranscoder())

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        assert isinstance(domain_event, Event)
        return StoredEvent(
            originator_id=domain_event.stream_id,
            originator_version=domain_event.version,
            topic=domain_event.topic,
            state=to_state(domain_event),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Event:
        assert isinstance(stored_event.originator_id, UUID)
        return to_event(
            stored_event.originator_id,
            stored_event.originator_version,
            stored_event.topic,
            stored_event.state,
        )


def to_state(event: Event | ForeignEvent) -> bytes:
    """The stored form of an event's content."""
    if isinstance(event, ForeignEvent):
        return event.state
    if event.schema_version == 1:
        return event.model_dump_json(exclude_defaults=True).encode()
    state = event.model_dump(mode="json", exclude_defaults=True)
    return json.dumps(
        {SCHEMA_VERSION_KEY: event.schema_version, **state},
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()


def to_content(topic: str, state: bytes) -> tuple[type[Event], State]:
    """The type of a stored event, and its content by that type's fields of today.

    What has its default is missing; nothing is validated, as it was when it was appended.
    Raises UnknownTopic.
    """
    cls = event_type(topic)
    content: State = from_json(state)
    written = content.pop(SCHEMA_VERSION_KEY, 1)
    return cls, content if written == cls.schema_version else upcast(cls, content, written)


def to_event(stream_id: UUID, version: int, topic: str, state: bytes) -> Event:
    """The event that was stored, as today's type. Raises UnknownTopic."""
    cls, content = to_content(topic, state)
    content["stream_id"], content["version"] = stream_id, version
    # `model_validate` is this behind a wrapper that costs half as much again.
    event: Event = cls.__pydantic_validator__.validate_python(content)
    return event


mapper = EventMapper()
