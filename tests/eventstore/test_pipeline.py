"""A pipeline: many changesets sent at once, all or nothing, each known before it is there."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from eventstore import log, reading
from eventstore.integrity import verify_log
from eventstore.models import Changeset
from eventstore.pipeline import UNANSWERED, Pipeline, pipeline
from eventstore.types import Position
from tests.eventstore.test_append import created, header

pytestmark = pytest.mark.django_db


def test_what_is_sent_becomes_what_was_said() -> None:
    batches = [[created(uuid4(), f"{batch} {n}") for n in range(batch)] for batch in (1, 3, 2)]
    before = reading.last_position()
    with transaction.atomic(), pipeline() as sending:
        sent = [sending.append(events, header()) for events in batches]
    for append, events in zip(sent, batches, strict=True):
        changeset = Changeset.objects.get(pk=append.changeset)
        assert changeset.last_position == append.last_position
        assert changeset.last_position - changeset.first_position == len(events) - 1
    found = reading.forward(Position(before))
    assert [recorded.event for recorded in found] == [event for batch in batches for event in batch]
    assert list(verify_log(sent[-1].last_position)) == []


def test_positions_that_were_drawn_in_vain_are_known() -> None:
    with transaction.atomic():
        log.append([created(uuid4(), "a")], header())
        transaction.set_rollback(True)
    with transaction.atomic(), pipeline() as sending:
        sent = sending.append([created(uuid4(), "b")], header())
    assert sent.last_position == reading.last_position()


def test_a_later_one_builds_on_an_earlier_one() -> None:
    entity_id = uuid4()
    with transaction.atomic(), pipeline() as sending:
        sending.append([created(entity_id, "a")], header())
        sending.append([created(entity_id, "b", version=2)], header())
        assert reading.last_position() > 0, "a read between waits for what was sent"
        sending.append([created(entity_id, "c", version=3)], header())
    assert [r.event.version for r in reading.stream(entity_id)] == [1, 2, 3]


def test_a_long_one_is_answered_as_it_goes() -> None:
    """What is sent is held in memory whole until then."""
    answered: list[log.Sealed] = []
    with transaction.atomic(), pipeline() as sending:
        for number in range(2 * UNANSWERED + 1):
            sending.append([created(uuid4(), f"{number}")], header(), on_sealed=answered.append)
            assert number - len(answered) < UNANSWERED
        assert len(answered) == 2 * UNANSWERED
    assert len({sealed.changeset for sealed in answered}) == 2 * UNANSWERED + 1


def send_around(append: Callable[[Pipeline], object]) -> None:
    """Something, with an append before it and one behind."""
    with transaction.atomic(), pipeline() as sending:
        sending.append([created(uuid4(), "before")], header())
        append(sending)
        sending.append([created(uuid4(), "behind")], header())


def test_a_stale_one_keeps_all_out() -> None:
    entity_id = uuid4()
    log.append([created(entity_id, "a")], header())
    before = reading.last_position()
    with pytest.raises(log.StaleStreams):
        send_around(lambda sending: sending.append([created(entity_id, "b")], header()))
    assert reading.last_position() == before


def test_what_the_database_refuses_keeps_all_out() -> None:
    before = reading.last_position()
    refused = log.ProjectionCall("no_such_function(a.first_position)", {})
    events = [created(uuid4(), "a")]
    with pytest.raises(DatabaseError, match="no_such_function"):
        send_around(lambda sending: sending.append(events, header(), projections=[refused]))
    assert reading.last_position() == before


def test_a_changeset_of_nothing_keeps_all_out() -> None:
    before = reading.last_position()
    with pytest.raises(ValueError, match="at least one event"):
        send_around(lambda sending: sending.append([], header()))
    assert reading.last_position() == before


def test_an_append_beside_it_keeps_all_out() -> None:
    before = reading.last_position()
    with pytest.raises(RuntimeError, match="beside an open pipeline"):
        send_around(lambda _: log.append([created(uuid4(), "a")], header()))
    assert reading.last_position() == before


@pytest.mark.django_db(transaction=True)
def test_it_lives_inside_a_transaction() -> None:
    with pytest.raises(transaction.TransactionManagementError), pipeline():
        pass
