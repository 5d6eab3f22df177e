"""Events of applications of the eventsourcing library: in the log beside ours, read by them alone.

Their changesets are on no branch, and say so: that tells a topic of theirs from one of ours that
this code is too old to know, which nobody may pass over.
"""

from uuid import UUID

from eventstore.connection import server_cursor
from eventstore.events import Event, ForeignEvent, UnknownTopic, event_type
from eventstore.mapper import to_event
from eventstore.sqlfiles import statement

NO_BRANCH = 0
"""The branch of a changeset that an application appended: none. Branches are counted from 1."""

_BRANCH_AT = statement(__file__, "branch_at_position")

_topics: set[str] = set()
"""Topics of applications that were met before. A topic is theirs or ours, never both."""


def read(
    position: int, stream_id: UUID, version: int, topic: str, state: bytes
) -> Event | ForeignEvent:
    """The event at a position, whoever appended it. Raises UnknownTopic.

    Cost: a query where a topic of an application is met for the first time.
    """
    try:
        return to_event(stream_id, version, topic, state)
    except UnknownTopic:
        require_foreign(topic, position)
        return ForeignEvent(stream_id, version, topic, state)


def require_foreign(topic: str, position: int) -> None:
    """Raise UnknownTopic where the event at a position is not an application's."""
    if topic in _topics:
        return
    with server_cursor() as cursor:
        cursor.execute(_BRANCH_AT, [position])
        row = cursor.fetchone()
    if row is None or row[0] != NO_BRANCH:
        event_type(topic)  # which says what to do
    _topics.add(topic)
