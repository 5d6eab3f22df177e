"""A new log begins with a history that has times of its own; a log that anybody edited does not."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import Error, connection, transaction
from psycopg.errors import RestrictViolation

from eventstore import standing
from eventstore.history import BEGINNING, dated, takes_a_history
from eventstore.models import Changeset
from projections.audit.auditing import audit
from tests.library.models import Book
from versioning import branch_context, viewpoint

pytestmark = pytest.mark.django_db

MARCH, MAY = datetime(2021, 3, 1, 18, tzinfo=UTC), datetime(2021, 5, 2, 9, 30, tzinfo=UTC)


def write(title: str, moment: datetime) -> Changeset:
    """A book that was written at a moment."""
    with dated(moment):
        Book.objects.update_or_create(slug="emma", defaults={"title": title})
    return Changeset.objects.latest("id")


def refusal(moment: datetime) -> BaseException | None:
    with pytest.raises(Error) as refused, transaction.atomic():
        write("Emma!", moment)
    return refused.value.__cause__


def test_a_new_log_begins_with_times_of_its_own_and_goes_on_from_now() -> None:
    assert Changeset.objects.get().recorded_at == BEGINNING
    assert write("Emma", MARCH).recorded_at == MARCH
    with dated(MAY), branch_context(message="A better title"):
        Book.objects.update(title="Emma, or so")
    assert Changeset.objects.latest("id").recorded_at == MAY
    with viewpoint(at=MARCH + timedelta(days=1)):
        assert Book.objects.get().title == "Emma"
    with viewpoint(at=MARCH - timedelta(days=1)):
        assert not Book.objects.exists()
    Book.objects.update(title="Emma, now")
    now = Changeset.objects.latest("id")
    assert datetime.now(UTC) - now.recorded_at < timedelta(minutes=1)
    assert standing.at_time(datetime.now(UTC)).position == now.last_position
    assert audit().findings == ()


def test_time_runs_neither_back_nor_ahead() -> None:
    write("Emma", MAY)
    for moment in (MARCH, datetime.now(UTC) + timedelta(minutes=2)):
        assert isinstance(refusal(moment), RestrictViolation)
    assert write("Emma!", MAY).recorded_at == MAY


def test_the_first_edit_by_the_clock_ends_the_history_for_ever() -> None:
    write("Emma", MARCH)
    assert takes_a_history()
    Book.objects.update(title="Emma, now")
    assert not takes_a_history()
    now = datetime.now(UTC)
    for moment in (MAY, now, Changeset.objects.latest("id").recorded_at):
        assert isinstance(refusal(moment), RestrictViolation)


def test_a_mark_that_the_clock_overtook_opens_nothing() -> None:
    """Whoever has the database's password may write any details; time comes from the clock then."""
    Book.objects.create(slug="emma", title="Emma")
    told = f'{{"dated": "{datetime.now(UTC).isoformat()}"}}'
    with pytest.raises(Error) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT eventstore_seal(first_position, last_position, 1, NULL, 'edit', '', %s, '{}',"
            " '{}') FROM eventstore_append(ARRAY[gen_random_uuid()], ARRAY[1], ARRAY['x'],"
            " ARRAY['\\x00'::bytea], '{}', '{}')",
            [told],
        )
    assert isinstance(refused.value.__cause__, RestrictViolation)


def test_a_time_that_was_given_is_sealed_and_signed() -> None:
    changeset = write("Emma", MARCH)
    assert f'"dated": "{MARCH.isoformat()}"' in changeset.recorded_details
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE eventstore_changeset DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE eventstore_changeset SET recorded_at = recorded_at - interval '1 day'"
            " WHERE id = %s", [changeset.pk],
        )  # fmt: skip
        cursor.execute("ALTER TABLE eventstore_changeset ENABLE ALWAYS TRIGGER refuse_change")
        cursor.execute("ALTER TABLE eventstore_changeset ENABLE ALWAYS TRIGGER refuse_strangers")
    assert [found.subject for found in audit().findings] == [f"changeset {changeset.pk}"]
