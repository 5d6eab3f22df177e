"""What stands aside is seen by nobody, and decided on by nobody, until it is shown."""

import pytest
from django.db import transaction

from eventstore import log, reading
from projections.audit.auditing import audit
from tests.library.models import Book
from versioning import acting_as, branch_context
from versioning.branches import aside, privacy
from versioning.branches.fork import Fork, fork, next_number
from versioning.events import MAIN
from versioning.models import Branch
from versioning.saving import writing
from versioning.saving.context import BranchIsClosed
from versioning.viewpoints.chain import NoSuchBranch, resolve
from versioning.viewpoints.readers import reading_as

pytestmark = pytest.mark.django_db

OWNER, MEMBER = 11, 12


def forked_aside(name: str, parent: int = MAIN) -> Branch:
    forked = Fork(next_number(name), name, parent, reading.last_position(), None, members=())
    writing.record([forked.change()], forked.header("Begin"))
    return Branch.every.get(name=name)


def test_nobody_finds_or_writes_it() -> None:
    branch = forked_aside("half")
    for account in (None, OWNER, 0):
        with reading_as(account), pytest.raises(NoSuchBranch):
            resolve("half")
    with pytest.raises(BranchIsClosed), branch_context("half"):
        Book.objects.create(slug="emma", title="Emma")
    assert list(aside.unfinished()) == [branch]


def test_it_is_shown_at_once_to_everybody_or_to_members() -> None:
    halves = [forked_aside("half"), forked_aside("other")]
    with transaction.atomic():
        log.lock()
        aside.show(halves[:1], None, "Show")
        aside.show(halves[1:], [OWNER], "Show")
    with reading_as(None):
        assert {each.name for each in Branch.objects.all()} == {"main", "half"}
    with reading_as(OWNER):
        assert all(each.is_open for each in Branch.objects.all())
        assert Branch.objects.count() == 3
    assert not aside.unfinished().exists()
    assert audit().findings == ()


def test_what_is_withdrawn_is_seen_by_nobody_and_its_name_is_free() -> None:
    aside.withdraw([forked_aside("half"), forked_aside("other")])
    assert not aside.unfinished().exists()
    with reading_as(None):
        assert {each.name for each in Branch.objects.all()} == {"main"}
        fork("half")
    assert audit().findings == ()


def test_who_sees_it_is_not_for_its_parent_s_owner_to_say() -> None:
    with acting_as(OWNER):
        parent = fork("parent", is_private=True)
    half = forked_aside("half", parent.number)
    privacy.invite(parent, MEMBER)
    half.refresh_from_db()
    assert half.member_ids == []
    for act in (privacy.make_public, lambda each: privacy.remove(each, MEMBER)):
        with pytest.raises(aside.StandsAside, match="half is a part of"):
            act(half)
