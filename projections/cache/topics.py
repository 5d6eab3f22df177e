"""Topics: what a cached value was made from, and what each append moves.

A topic is of a branch: the same entity moves on each by itself.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db import connection

from eventstore.events import event_types
from eventstore.sqlfiles import statement
from versioning.entities.kinds import Kind, UnknownKind, kind_of
from versioning.entities.tables import LATEST
from versioning.events import ChangesetSuppressed, VersionsSuppressed
from versioning.viewpoints.chain import Viewpoint
from versioning.viewpoints.versions import unsuppressed_rows_in

Topic = str

Change = tuple[str, int, int, int]
"""An entity's id, the branch, its new version, and the one before."""


def entity(entity_id: UUID | str) -> Topic:
    """An entity itself: its fields, its existence."""
    return f"e:{entity_id}"


def referring_to(entity_id: UUID | str) -> Topic:
    """Whatever refers to an entity: which ones do, and all of their fields."""
    return f"r:{entity_id}"


def every(kind: Kind) -> Topic:
    """Any entity of a kind: what lists are made from."""
    return f"k:{kind.label}"


def called(name: str) -> Topic:
    """Whatever is looked up by a name: which entities are, and that they exist."""
    return f"n:{name}"


ANYTHING: Topic = "*"
"""Every append to the branch."""

SUPPRESSION: Topic = "suppression"
"""Whatever hides what was said, or shows it again: all that moves at a position that is past."""


_looked_up: dict[str, str] = {}


def register_looked_up(label: str, column: str) -> None:
    """Entities of a kind are looked up by the names in a column, an array of text."""
    _looked_up[label] = column


def at_viewpoint(topics: Iterable[Topic], seen: Viewpoint) -> list[Topic]:
    """The topics that can still move at a viewpoint: those of branches read at their head.

    Where any is read in the past, what stood there may be suppressed.
    """
    moving = [branch for branch, position in seen.chain if position >= LATEST]
    fixed = {SUPPRESSION} if len(moving) < len(seen.chain) else set()
    return sorted({_on(branch, topic) for topic in topics for branch in moving} | fixed)


def moved_between(after: int, upto: int) -> set[Topic]:
    """The topics that the appends between two positions moved.

    Cost: the events between, and a query for each kind among them.
    """
    moved: set[Topic] = set()
    by_kind: dict[str, list[Change]] = defaultdict(list)
    for topic, label, entity_id, branch, version, before in _events_between(after, upto):
        if topic in _SUPPRESSING:
            moved.add(SUPPRESSION)
        if entity_id is None:
            continue
        moved |= {_on(branch, entity(entity_id)), _on(branch, ANYTHING)}
        try:
            kind = kind_of(label)
        except UnknownKind:
            continue
        moved.add(_on(branch, every(kind)))
        by_kind[label].append((entity_id, branch, version, before))
    for label, changes in by_kind.items():
        moved |= {_on(branch, topic) for branch, topic in _neighbours(kind_of(label), changes)}
    return moved


def _on(branch: int, topic: Topic) -> Topic:
    return f"{branch}:{topic}"


_SUPPRESSING = (VersionsSuppressed.topic, ChangesetSuppressed.topic)

_EVENTS = statement(__file__, "events_between")


def _events_between(after: int, upto: int) -> Iterator[tuple[str, str, str | None, int, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS, [list(event_types()), after, upto, list(_SUPPRESSING)])
        yield from cursor.fetchall()


def _neighbours(kind: Kind, changes: Iterable[Change]) -> Iterator[tuple[int, Topic]]:
    """What changed entities refer to and are called, or were before; with the change's branch."""
    fields = [f for f in kind.fields.values() if f.refers]
    names = [_looked_up[kind.label]] if kind.label in _looked_up else []
    if not fields and not names:
        return
    branches: dict[UUID, set[int]] = defaultdict(set)
    versions: set[int] = set()
    for entity_id, branch, version, before in changes:
        branches[UUID(entity_id)].add(branch)
        versions |= {version, before}
    columns = [f.attribute for f in fields]
    rows = unsuppressed_rows_in(kind).filter(entity_id__in=list(branches), version__in=versions)
    for entity_id, *values in rows.values_list("entity_id", *columns, *names):
        topics = {
            referring_to(target)
            for f, value in zip(fields, values, strict=False)
            for _, target in f.referred(f.to_json(value))
        }
        for words in values[len(fields) :]:
            topics.update(called(word) for word in words)
        for branch in branches[entity_id]:
            yield from ((branch, topic) for topic in topics)
