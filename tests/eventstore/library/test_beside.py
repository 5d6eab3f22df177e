"""An application of the library beside versioned models: one log, and neither minds the other."""

import json
from decimal import Decimal
from itertools import islice
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from eventsourcing.application import AggregateNotFoundError, Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import IntegrityError, ProgrammingError, StoredEvent

from config.management.commands.run import wiki_is_empty
from eventstore import foreign, log, reading
from eventstore.applications import ApplicationRecorder
from eventstore.busy import OnlyReads
from eventstore.events import ForeignEvent, UnknownTopic
from eventstore.models import Changeset
from projections.audit.auditing import audit
from projections.cache.topics import moved_between
from projections.following.followed import catch_up, followed, tracked
from projections.rebuild import rebuild
from projections.replay import CannotReplay
from tests.eventstore.test_append import created, header
from tests.library.models import Book
from versioning import branch_context, viewpoint
from versioning.branches.fork import fork
from versioning.branches.merge import merge
from versioning.branches.revert import CannotRevert, plan_revert
from versioning.models import Branch
from wiki.models import Park

pytestmark = pytest.mark.django_db


class Counter(Aggregate):
    """Counts visits."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.count = Decimal(0)

    @event("Visited")
    def visit(self, weight: Decimal) -> None:
        self.count += weight


class Visits(Application[UUID]):
    snapshotting_intervals = {Counter: 3}  # noqa: RUF012  # as the library's own examples have it

    def count(self, counter_id: UUID, visits: int = 1) -> None:
        counter: Counter = self.repository.get(counter_id)
        for _ in range(visits):
            counter.visit(Decimal("0.5"))
        self.save(counter, message="Somebody came", actor_id=None)


@pytest.fixture
def visits() -> Visits:
    return Visits(env={"PERSISTENCE_MODULE": "eventstore.persistence"})


def counted(visits: Visits, count: int = 5) -> UUID:
    counter = Counter("entrance")
    visits.save(counter)
    for _ in range(count):
        visits.count(counter.id)
    return counter.id


def test_what_an_application_records_is_sealed_like_all_else(visits: Visits) -> None:
    counter_id = counted(visits, count=2)
    visits.count(counter_id, visits=3)  # one save, one changeset
    changeset = Changeset.objects.latest("id")
    assert changeset.last_position - changeset.first_position == 2
    assert (changeset.branch, changeset.message) == (foreign.NO_BRANCH, "Somebody came")
    assert json.loads(changeset.details)["application"] == "Visits"
    again = Visits(env={"PERSISTENCE_MODULE": "eventstore.persistence"})
    counter: Counter = again.repository.get(counter_id)
    assert (counter.count, counter.version) == (Decimal("2.5"), 6)
    assert again.repository.get(counter_id, version=2).count == Decimal("0.5")
    assert again.snapshots is not None
    assert [each.originator_version for each in again.snapshots.get(counter_id)] == [3, 6]
    assert audit().findings == ()


def test_the_audit_finds_what_was_done_to_an_applications_event(visits: Visits) -> None:
    counter_id = counted(visits)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE eventstore_event DISABLE TRIGGER refuse_change")
        cursor.execute(
            "UPDATE eventstore_event SET state = 'x' WHERE originator_id = %s", [counter_id]
        )
        cursor.execute("ALTER TABLE eventstore_event ENABLE ALWAYS TRIGGER refuse_change")
    (finding, *_) = audit().findings
    assert finding.sentence == "has a content that its hash does not match."


def test_versioned_models_go_on_beside_it(visits: Visits) -> None:
    Book.objects.create(slug="a", title="A")
    counted(visits)
    fork("spring")
    with branch_context("spring"):
        Book.objects.update(pages=3)
    counted(visits)
    merge(Branch.objects.get(name="spring"))
    park = Park.objects.create(slug="p", name="P")
    state = b'"entity_id":"\xff not JSON, and no id'
    visits.recorder.insert_events([StoredEvent(uuid4(), 1, "bell:Rung", state)])
    counted(visits)
    catch_up()
    end = reading.last_position()
    assert {tracked(each.name) for each in followed()} == {end}
    assert audit().findings == ()
    assert audit(processes=2).findings == ()
    assert rebuild().mended == 0
    call_command("audit", verbosity=0)
    park.refresh_from_db()
    assert [type(each.event) for each in reading.backward()].count(ForeignEvent) == 19
    assert moved_between(0, end)


def test_no_page_tells_of_it(visits: Visits) -> None:
    assert wiki_is_empty()
    counted(visits)
    assert wiki_is_empty()
    number = Changeset.objects.latest("id").pk
    client = Client()
    assert f"/changes/{number}/" not in client.get("/changes/").content.decode()
    assert client.get(f"/changes/{number}/").status_code == 404
    for address in ("/", f"/@c{number}/", "/search/?q=entrance", "/changes/feed/"):
        answer = client.get(address, follow=True)
        assert answer.status_code == 200, address
        assert f"/changes/{number}/" not in answer.text, address
    with pytest.raises(CannotRevert, match="was recorded by an application"):
        plan_revert([number])


def test_an_application_is_told_of_its_own_events_alone(visits: Visits) -> None:
    class Others(Visits):
        name = "Others"

    Book.objects.create(slug="a", title="A")
    others = Others(env={"PERSISTENCE_MODULE": "eventstore.persistence"})
    before = reading.last_position()
    counter_id, other_id = counted(visits, count=1), counted(others, count=1)
    notifications = visits.recorder.select_notifications(start=None, limit=10)
    assert {each.originator_id for each in notifications} == {counter_id}
    assert [each.id for each in notifications] == [before + 1, before + 2]
    assert visits.recorder.max_notification_id() == before + 2
    assert others.recorder.max_notification_id() == before + 4
    assert visits.repository.get(other_id)  # a stream is found by whoever has its id


def test_streams_of_entities_are_not_an_applications(visits: Visits) -> None:
    book = Book.objects.create(slug="a", title="A")
    with pytest.raises(AggregateNotFoundError):
        visits.repository.get(book.pk)
    for version in (1, book.version + 1):
        stored = StoredEvent(book.pk, version, "somewhere:Changed", b"{}")
        with pytest.raises(IntegrityError):
            visits.recorder.insert_events([stored])
    with pytest.raises(log.StaleStreams):
        log.append([created(counted(visits), "a")], header())
    assert audit().findings == ()


def test_topics_of_ours_are_refused_with_a_sentence() -> None:
    stored = StoredEvent(uuid4(), 1, "entity.created", b"{}")
    with pytest.raises(ProgrammingError, match=r"Append such events by eventstore\.log\.append"):
        ApplicationRecorder().insert_events([stored])


def test_ids_that_are_no_uuids_are_refused_with_a_sentence() -> None:
    with pytest.raises(ProgrammingError, match="streams have UUIDs"):
        ApplicationRecorder().insert_events([StoredEvent("entrance", 1, "a:B", b"{}")])
    with pytest.raises(ProgrammingError, match="streams have UUIDs"):
        ApplicationRecorder().select_events("entrance")
    with pytest.raises(OSError, match="streams have UUIDs"):
        Visits(env={"PERSISTENCE_MODULE": "eventstore.persistence", "ORIGINATOR_ID_TYPE": "text"})


def test_a_topic_without_a_module_is_an_applications_too(visits: Visits) -> None:
    visits.recorder.insert_events([StoredEvent(uuid4(), 1, "bell.rung", b"not JSON")])
    (recorded,) = islice(reading.backward(), 1)
    assert recorded.event.topic == "bell.rung"
    assert audit().findings == ()


def test_an_event_of_ours_that_this_code_does_not_know_is_not_passed_over() -> None:
    newer = ForeignEvent(uuid4(), 1, "entity.of-tomorrow", b"{}")
    log.append([newer], header())  # on a branch, as ours are
    with pytest.raises(UnknownTopic):
        list(reading.forward())
    with pytest.raises((UnknownTopic, CannotReplay)):
        rebuild()
    (finding, *_) = audit().findings
    assert "entity.of-tomorrow" in finding.sentence


def test_it_belongs_to_djangos_transaction(visits: Visits) -> None:
    before = reading.last_position()
    with transaction.atomic():
        counted(visits)
        Book.objects.create(slug="a", title="A")
        transaction.set_rollback(True)
    assert reading.last_position() == before


def test_where_one_only_looks_it_is_refused_with_a_sentence(visits: Visits) -> None:
    counter_id = counted(visits)
    before = reading.last_position()
    with viewpoint("main", at=before), pytest.raises(OnlyReads, match="nothing was appended"):
        visits.count(counter_id)
    assert reading.last_position() == before
    visits.count(counter_id)
    assert reading.last_position() > before
