"""A clock that was wrong once dates what it dated, and nothing after it."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.db import connection

from config.management.commands.run import Command
from eventstore import standing
from eventstore.models import Changeset
from projections.audit.auditing import audit
from tests.library.models import Book
from versioning import viewpoint

pytestmark = pytest.mark.django_db

_DATE = """
UPDATE eventstore_changeset AS c
   SET recorded_at = dated.at, header_hash = dated.header,
       hash = sha256(dated.before || dated.header || c.events_hash)
  FROM (SELECT l.id, l.at, p.hash AS before, eventstore_header_hash(l.salt, l.id, l.first_position,
               l.last_position, l.branch, l.actor_id, l.kind, l.at, l.parents, l.reverts,
               l.message, l.details) AS header
          FROM (SELECT *, clock_timestamp() + %s::interval AS at FROM eventstore_changeset) AS l
          JOIN eventstore_changeset AS p ON p.id = l.id - 1) AS dated
 WHERE c.id = dated.id AND c.id = (SELECT max(id) FROM eventstore_changeset)
"""


def date_the_newest(ahead: timedelta) -> Changeset:
    """What a clock would have made of the newest changeset that was ahead by so much."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE eventstore_changeset DISABLE TRIGGER USER")
        cursor.execute(_DATE, [str(ahead)])
        cursor.execute("ALTER TABLE eventstore_changeset ENABLE ALWAYS TRIGGER refuse_change")
        cursor.execute("ALTER TABLE eventstore_changeset ENABLE ALWAYS TRIGGER refuse_strangers")
    return Changeset.objects.latest("id")


def test_what_comes_after_a_wrong_clock_is_dated_by_the_right_one() -> None:
    book = Book.objects.create(slug="emma", title="Emma")
    wrong = date_the_newest(timedelta(days=3_650))
    book.title = "Emma!"
    book.save()
    now = datetime.now(UTC)
    right = Changeset.objects.latest("id")
    assert abs(right.recorded_at - now) < timedelta(minutes=1)
    assert standing.at_time(now + timedelta(seconds=1)).position == right.last_position
    with viewpoint("main", at=now + timedelta(seconds=1)):
        assert Book.objects.get().title == "Emma!"
    (found,) = audit().findings
    assert found.subject == f"changeset {wrong.pk}"
    assert found.sentence.startswith(f"is dated {wrong.recorded_at:%-d %B %Y, %H:%M} UTC, which is")


@pytest.mark.parametrize("ahead_by", [timedelta(minutes=2), timedelta(days=2)])
def test_a_clock_that_is_set_back_lets_no_time_run_back(ahead_by: timedelta) -> None:
    """What stood at a moment stays so, whichever of the two was wrong."""
    Book.objects.create(slug="emma", title="Emma")
    ahead = date_the_newest(ahead_by)
    Book.objects.create(slug="persuasion", title="Persuasion")
    assert Changeset.objects.latest("id").recorded_at == ahead.recorded_at
    assert all("still to come" in found.sentence for found in audit().findings)


def test_whoever_starts_the_wiki_is_told() -> None:
    told = StringIO()
    command = Command(stderr=told)
    Book.objects.create(slug="emma", title="Emma")
    command.warn_of_clocks()
    assert told.getvalue() == ""
    date_the_newest(timedelta(days=3_650))
    command.warn_of_clocks()
    assert "Look at this machine's clock: changeset" in told.getvalue()
