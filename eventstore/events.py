"""What every event type shares: a stable topic, a schema version, upcasters.

A topic names the type in the log and never changes, wherever the class
moves. A stored state carries its schema version once that passes 1, and
`upcasters` bring an older state to today's fields, one version at a time.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from eventstore.errors import Refusal
from eventstore.types import Version

State = dict[str, Any]
Upcaster = Callable[[State], State]

_types: dict[str, type["Event"]] = {}


class UnknownTopic(Refusal, LookupError):
    """The log holds an event of a type that this code does not know."""

    code = "unknown-topic"
    status = 500
    hint = "Run the code that wrote it, or a newer one."


class _OfLibrary:
    """The names by which the eventsourcing library knows stream and version."""

    if TYPE_CHECKING:
        stream_id: UUID
        version: int

    @property
    def originator_id(self) -> UUID:
        return self.stream_id

    @property
    def originator_version(self) -> int:
        return self.version


class Event(_OfLibrary, BaseModel):
    """One immutable fact of one stream.

    Subclasses give `topic`; after a change of fields they raise
    `schema_version` and add the upcaster that leads to it, keyed by the
    version that it starts from.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    topic: ClassVar[str]
    schema_version: ClassVar[int] = 1
    upcasters: ClassVar[Mapping[int, Upcaster]] = {}

    stream_id: UUID = Field(exclude=True)
    version: Version = Field(exclude=True)

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if "topic" in cls.__dict__:
            register(cls)


@dataclass(frozen=True)
class ForeignEvent(_OfLibrary):
    """An event of an application of the eventsourcing library, as it is stored.

    In the log it stands beside ours, hashed and sealed like them. What it says is for the
    application to read.
    """

    stream_id: UUID
    version: int
    topic: str
    state: bytes


def register(event_type: type[Event]) -> None:
    """Make a type readable from the log; a topic belongs to one type only."""
    known = _types.setdefault(event_type.topic, event_type)
    if known.__qualname__ != event_type.__qualname__:
        raise ValueError(
            f"The topic {event_type.topic!r} belongs to {known.__qualname__}; "
            f"{event_type.__qualname__} needs one of its own."
        )
    missing = set(range(1, event_type.schema_version)) - set(event_type.upcasters)
    if missing:
        raise ValueError(f"{event_type.__qualname__} lacks upcasters from {sorted(missing)}.")


def event_type(topic: str) -> type[Event]:
    """The type that a topic names. Raises UnknownTopic."""
    try:
        return _types[topic]
    except KeyError:
        raise UnknownTopic(
            f"The log holds an event of type {topic!r}, which this version of the code "
            "does not know."
        ) from None


def is_known(topic: str) -> bool:
    """Whether a topic names a type of ours."""
    return topic in _types


def event_types() -> Mapping[str, type[Event]]:
    """Every registered type by its topic."""
    return dict(_types)


def upcast(cls: type[Event], state: State, from_version: int) -> State:
    """Bring a stored state to the schema of today."""
    for version in range(from_version, cls.schema_version):
        state = cls.upcasters[version](state)
    return state
