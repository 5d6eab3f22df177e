"""Changesets are signed with the wiki's key: what the database alone appended is found."""

import json
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import override_settings

from eventstore.events import ForeignEvent
from eventstore.log import Header, append
from eventstore.models import Changeset
from eventstore.signatures import SIGNATURE, verify_signatures
from eventstore.standing import HIGHEST
from eventstore.types import Version
from projections.audit.auditing import audit
from tests.library.models import Book
from tests.projections.audit.test_auditing import as_a_superuser_would
from versioning import branch_context
from versioning.saving.context import acting_as

pytestmark = pytest.mark.django_db

_APPEND = """
SELECT s.id FROM eventstore_append(ARRAY[%(stream)s]::uuid[], ARRAY[1]::bigint[],
       ARRAY[%(topic)s], ARRAY['{}'::bytea], '{}'::uuid[], '{}'::bigint[]) AS a,
       LATERAL eventstore_seal(a.first_position, a.last_position, 0, %(actor)s, 'edit', 'Ring',
               %(details)s, '{}'::bigint[], '{}'::bigint[]) AS s
"""


def append_by_the_database_alone(
    details: str = "{}", actor: int = 1, topic: str = "bell:Rung"
) -> int:
    """As whoever has the password can, in the name of any account."""
    with connection.cursor() as cursor:
        told: dict[str, str | int | UUID] = {
            "stream": uuid4(),
            "actor": actor,
            "details": details,
            "topic": topic,
        }
        cursor.execute(_APPEND, told)
        return int(cursor.fetchone()[0])


def faults() -> list[tuple[str, str]]:
    return [(found.subject, found.sentence[:30]) for found in audit().findings]


def not_signed(*numbers: int) -> list[tuple[str, str]]:
    return [(f"changeset {number}", "was not signed by this wiki: s") for number in numbers]


def test_what_nobody_signed_is_found() -> None:
    with acting_as(7):
        Book.objects.create(slug="emma", title="Emma")
    assert faults() == []
    forged = append_by_the_database_alone()
    Book.objects.create(slug="persuasion", title="Persuasion")
    assert faults() == not_signed(forged)


@pytest.mark.parametrize("details", ["[]", "7", "no JSON", '"\\ud800"', '{"signature": 3}'])
def test_details_that_nobody_of_ours_wrote_are_not_signed(details: str) -> None:
    Book.objects.create(slug="emma", title="Emma")
    forged = append_by_the_database_alone(details)
    assert faults() == not_signed(forged)


def test_what_cannot_be_replayed_is_looked_at_for_its_signature_too() -> None:
    Book.objects.create(slug="emma", title="Emma")
    forged = append_by_the_database_alone(topic="entity.created")
    subjects = [found.subject for found in audit().findings]
    assert subjects == [f"changeset {forged}", "replay"]


def test_a_signature_fits_no_other_changeset() -> None:
    Book.objects.create(slug="emma", title="Emma")
    signature = json.loads(Changeset.objects.latest("id").details)[SIGNATURE]
    forged = [
        append_by_the_database_alone(json.dumps({SIGNATURE: taken}))
        for taken in (signature, "", "0" * 64)
    ]
    assert faults() == not_signed(*forged)


def _event() -> ForeignEvent:
    return ForeignEvent(uuid4(), Version(1), "bell:Rung", b"{}")


@pytest.mark.parametrize(
    "change", ["actor_id = 8", "message = 'Toll'", "branch = 5", "kind = 'import'"]
)
def test_each_word_of_a_changeset_is_signed(change: str) -> None:
    append([_event()], Header(0, 7, "Ring", details={"why": "noon"}))
    assert faults() == []
    newest = Changeset.objects.latest("id").pk
    with as_a_superuser_would(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE eventstore_changeset SET {change} WHERE id = %s", [newest])
    assert list(map(str, verify_signatures(HIGHEST))) != []


def test_changesets_from_before_they_were_signed_pass() -> None:
    """What is unsigned at the beginning of a log is; whatever follows a signed one has to be."""
    with as_a_superuser_would(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM eventstore_changeset")
    append_by_the_database_alone()
    assert list(verify_signatures(HIGHEST)) == []
    append([_event()], Header(0, 7, "Ring"))
    assert list(verify_signatures(HIGHEST)) == []
    forged = append_by_the_database_alone()
    (found,) = verify_signatures(HIGHEST)
    assert found.subject == f"changeset {forged}"


def test_a_rolled_back_savepoint_is_no_part_of_what_is_signed() -> None:
    with branch_context(message="Some"):
        Book.objects.create(slug="emma", title="Emma")
        with transaction.atomic():
            Book.objects.create(slug="no", title="No")
            transaction.set_rollback(True)
        Book.objects.create(slug="persuasion", title="Persuasion")
    assert faults() == []


def test_a_key_of_before_is_known_still() -> None:
    Book.objects.create(slug="emma", title="Emma")
    count = Changeset.objects.count()
    with override_settings(SECRET_KEY="another"):
        assert len(faults()) == count
    with override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        Book.objects.create(slug="persuasion", title="Persuasion")
        assert faults() == []
    assert faults() == not_signed(count + 1)
