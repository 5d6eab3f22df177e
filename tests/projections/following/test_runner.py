"""What follows the log takes each event over once, in order, whoever is killed or comes second."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence

import pytest
from django.db import connection
from django.test import Client
from eventsourcing.persistence import IntegrityError

from config.embedded.processes import wait_until
from config.environment import CHECKOUT
from eventstore import reading
from eventstore.integrity import Finding
from eventstore.reading import Recorded
from eventstore.types import Position
from projections.audit.auditing import audit
from projections.audit.progress import verify_followed
from projections.following import followed as registry
from projections.following.followed import (
    AheadOfTheLog,
    LogTracking,
    advance,
    catch_up,
    followed,
    register,
    tracked,
)
from projections.following.totals import Totals, totals_of_main
from projections.models import Total, Tracking
from projections.rebuild import rebuild
from tests.library.models import Book
from tests.served import environment
from versioning import BatchOperation, branch_context
from versioning.branches.fork import fork
from versioning.branches.merge import merge
from versioning.branches.sync import sync
from versioning.models import Branch
from wiki.models import Park

BOOK = "library.book"


def counted(branch: int = 1, kind: str = BOOK) -> int:
    row = Total.objects.filter(branch=branch, kind=kind).first()
    return row.count if row else 0


def number_of(name: str) -> int:
    return Branch.objects.get(name=name).number


@pytest.mark.django_db
def test_main_has_its_totals_and_a_branch_what_it_differs_by() -> None:
    # main     3 books ── deletes C ────────────── merged: A gone, N there
    # spring      └─ deletes A, adds N, keeps C (edited) ── sync ──┘
    for slug in "abc":
        Book.objects.create(slug=slug, title=slug)
    fork("spring")
    with branch_context("spring"):
        Book.objects.get(slug="a").delete()
        Book.objects.create(slug="n", title="n")
        Book.objects.filter(slug="c").update(pages=3)
        Book.objects.filter(slug="b").update(pages=2)
    catch_up()
    assert (counted(), counted(number_of("spring"))) == (3, 0)
    with branch_context("spring"):
        Book.objects.create(slug="o", title="o")
    catch_up()
    assert counted(number_of("spring")) == 1
    Book.objects.get(slug="b").delete()
    Book.objects.create(slug="p", title="p")
    catch_up()
    assert (counted(), counted(number_of("spring"))) == (3, 1)
    assert audit().findings == ()


@pytest.mark.django_db
def test_a_sync_and_a_merge_move_what_a_branch_differs_by() -> None:
    for slug in "abc":
        Book.objects.create(slug=slug, title=slug)
    fork("spring")
    fork("summer", parent="spring")
    for name in ("spring", "summer"):
        with branch_context(name):
            Book.objects.get(slug="a").delete()
            Book.objects.create(slug=f"of-{name}", title=name)
    Book.objects.create(slug="d", title="d")
    Book.objects.get(slug="a").delete()
    catch_up()
    sync(Branch.objects.get(name="spring"))
    catch_up()
    assert (counted(), counted(number_of("spring"))) == (3, 1)
    merge(Branch.objects.get(name="spring"))
    sync(Branch.objects.get(name="spring"))
    catch_up()
    assert (counted(), counted(number_of("spring"))) == (4, 0)
    assert audit().findings == ()


@pytest.mark.django_db
def test_an_event_is_taken_over_once() -> None:
    Book.objects.create(slug="a", title="a")
    events = list(reading.forward())
    tracking = LogTracking()
    advance(Totals(), events, tracking)
    with pytest.raises(IntegrityError):
        advance(Totals(), events[-1:], tracking)
    assert counted() == 1


class Failing:
    """Takes nothing over."""

    name = "failing"

    def apply(self, events: Sequence[Recorded]) -> None:
        Total.objects.create(branch=1, kind="failing", count=1)
        raise ValueError("It cannot.")

    def rebuild(self, upto: Position) -> None:
        """Nothing to hold."""

    def verify(self, at: Position) -> Iterator[Finding]:
        yield from ()


@pytest.mark.django_db
def test_what_could_not_be_taken_over_leaves_no_trace() -> None:
    with pytest.raises(ValueError, match="It cannot"):
        advance(Failing(), list(reading.forward()), LogTracking())
    assert tracked("failing") == 0
    assert not Total.objects.exists()


@pytest.mark.django_db
def test_the_audit_names_a_wrong_total_and_a_rebuild_mends_it() -> None:
    Book.objects.create(slug="a", title="a")
    catch_up()
    Book.objects.create(slug="b", title="b")  # the totals are behind, which is no fault
    assert list(verify_followed()) == []
    Total.objects.filter(kind=BOOK).update(count=7)
    (finding,) = audit().findings
    assert finding.subject == "projections_total: library.book on branch 1"
    assert "says 7" in finding.sentence
    rebuild()
    assert audit().findings == ()
    assert counted() == 2


@pytest.mark.django_db
def test_the_audit_names_what_is_ahead_of_the_log() -> None:
    catch_up()
    Tracking.objects.update(notification_id=reading.last_position() + 1)
    with pytest.raises(AheadOfTheLog, match=r"manage\.py rebuild"):
        catch_up()
    assert {finding.subject for finding in audit().findings} == {"tracking:"}
    rebuild()
    assert audit().findings == ()


@pytest.mark.django_db
def test_the_front_page_says_how_much_there_is() -> None:
    def page() -> str:
        return Client().get("/").content.decode()

    Park.objects.create(slug="a", name="A")
    assert "1 park" not in page()
    catch_up()
    assert "1 park." in page()
    end = reading.last_position()
    Park.objects.create(slug="b", name="B")
    assert f"1 park (counted up to position {end})." in page()
    catch_up()
    assert "2 parks." in page()
    assert "2 parks" not in Client().get(f"/@p{end}/").content.decode()


class Follower:
    """`manage.py follow` in a process of its own, on this run's database."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, CHECKOUT / "manage.py", "follow"],
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def end(self, signal_number: int) -> tuple[bytes, bytes]:
        self.process.send_signal(signal_number)
        return self.process.communicate(timeout=20)


def has_caught_up() -> bool:
    return all(tracked(each.name) == reading.last_position() for each in followed())


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_it_goes_on_where_it_was() -> None:
    chance = random.Random(9)
    with BatchOperation("Many") as batch:
        batch.process_changes(Book(slug=f"b-{n}", title="B") for n in range(3_000))
    reached = [0]
    made = 3_000
    for _ in range(4):
        follower = Follower()
        wait_until(lambda: tracked("totals") > reached[-1], 30)
        until = time.monotonic() + chance.uniform(0.0, 0.6)
        while time.monotonic() < until:
            Book.objects.create(slug=f"b-{made}", title="B")
            made += 1
        follower.end(signal.SIGKILL)
        reached.append(tracked("totals"))
        assert list(verify_followed()) == []
    assert reached == sorted(reached)
    first, second = Follower(), Follower()
    try:
        Book.objects.all()[:1].get().delete()
        assert wait_until(has_caught_up, 30)
    finally:
        ended = [each.end(signal.SIGTERM) for each in (first, second)]
    for _, complaints in ended:
        assert b"Traceback" not in complaints, complaints.decode()
    assert counted() == made - 1
    assert list(verify_followed()) == []


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_it_goes_on_after_a_rebuild_went_past_it() -> None:
    follower = Follower()
    try:
        assert wait_until(lambda: tracked("totals") > 0 and has_caught_up(), 30)
        rebuild()
        Book.objects.create(slug="a", title="a")
        rebuild()
        Book.objects.create(slug="b", title="b")
        assert wait_until(has_caught_up, 30)
    finally:
        follower.end(signal.SIGINT)
    assert counted() == 2


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_it_ends_with_the_server_that_was_killed() -> None:
    program = (
        "import pathlib, tempfile\n"
        "from config.serving.supervision import Child, Supervisor, manage\n"
        "record = pathlib.Path(tempfile.mkdtemp()) / 'processes.json'\n"
        "Supervisor([Child('follower', manage('follow'))], record).run()"
    )
    server = subprocess.Popen([sys.executable, "-c", program], cwd=CHECKOUT, env=environment())
    assert wait_until(has_caught_up, 30)
    os.kill(server.pid, signal.SIGKILL)
    server.wait()
    assert wait_until(lambda: not _is_followed(), 10)


def _is_followed() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 7236119"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db
def test_whatever_is_registered_anew_follows_from_the_beginning() -> None:
    class Seen:
        name = "seen"

        def __init__(self) -> None:
            self.positions: list[int] = []

        def apply(self, events: Sequence[Recorded]) -> None:
            self.positions += [each.position for each in events]

        def rebuild(self, upto: Position) -> None:
            self.positions = [each.position for each in reading.forward(upto=upto)]

        def verify(self, at: Position) -> Iterator[Finding]:
            yield from ()

    catch_up()
    Book.objects.create(slug="a", title="a")
    seen = Seen()
    register(seen)
    try:
        catch_up()
        assert seen.positions == [each.position for each in reading.forward()]
    finally:
        registry._followed.pop("seen")
    assert totals_of_main() is not None
