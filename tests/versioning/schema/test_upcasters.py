"""Events of a model as it was once: renamed, dropped and added fields, read as today's."""

import json
from typing import Any
from uuid import UUID

import pytest

from eventstore import log
from eventstore.mapper import to_event
from eventstore.models import ChangesetKind, Snapshot
from eventstore.types import Version
from projections.audit.auditing import audit
from projections.rebuild import rebuild
from tests.library.models import Book
from versioning.entities.kinds import Kind, kind_of, register
from versioning.events import EntityEvent
from versioning.saving.replaying import document_at
from versioning.saving.writing import apply_event
from versioning.schema.lens import lens_of_today

BOOK = UUID("01a21033-5728-77ba-a5ec-d10cdccbbca7")
WORDS = "It is a truth universally acknowledged. " * 10

# As they were written when a book had a `name`, `words` and a `colour`, and no `pages` yet.
FROZEN: list[tuple[str, dict[str, Any]]] = [
    ("entity.created", {"document": {"slug": "a", "name": "A", "words": WORDS, "colour": "red"}}),
    ("entity.changed", {"changes": {"name": "B", "colour": "blue"}}),
    ("entity.changed", {"deltas": {"words": [[0, 2, "This"]], "colour": [[0, 4, "green"]]}}),
    ("entity.deleted", {}),
    ("entity.restored", {"changes": {"name": "C"}}),
]


def frozen() -> list[EntityEvent]:
    events = []
    for version, (topic, content) in enumerate(FROZEN, start=1):
        state = json.dumps({"kind": "library.book", "entity_id": str(BOOK), **content}).encode()
        event = to_event(BOOK, version, topic, state)
        assert isinstance(event, EntityEvent)
        events.append(event)
    return events


def test_an_old_event_is_read_by_todays_fields() -> None:
    document, lens = None, lens_of_today(kind_of(Book))
    for event in frozen():
        document = apply_event(lens, event, document)
    assert document is not None
    assert document["title"] == "C"
    assert document["text"] == "This" + WORDS[2:]
    assert document["pages"] is None
    assert document["in_print"] is True
    assert not {"name", "words", "colour"} & document.keys()


@pytest.mark.django_db
def test_a_log_of_old_events_is_rebuilt_and_audited() -> None:
    log.append(frozen(), log.Header(1, None, "Long ago", ChangesetKind.EDIT))
    rebuild()
    book = Book.objects.get(pk=BOOK)
    assert (book.title, book.text) == ("C", "This" + WORDS[2:])
    book.pages = 7
    book.save()
    assert audit().findings == ()


@pytest.mark.django_db
def test_a_snapshot_of_long_ago_is_read_by_todays_fields() -> None:
    log.append(frozen(), log.Header(1, None, "Long ago", ChangesetKind.EDIT))
    rebuild()
    held = {"slug": "a", "name": "B", "words": WORDS, "colour": "blue"}
    Snapshot.objects.create(stream_id=BOOK, version=2, state={"document": held})
    assert audit().findings == ()
    replayed = document_at(1, BOOK, Version(len(FROZEN)))
    assert replayed is not None
    assert (replayed["title"], replayed["pages"]) == ("C", None)


@pytest.mark.parametrize("names", [{"title": "slug"}, {"name": "nowhere"}])
def test_a_former_name_that_is_in_use_is_refused(names: dict[str, str]) -> None:
    with pytest.raises(TypeError, match="former_names"):
        register(Kind(Book, names))
