"""A private branch is there for its members alone, as the ORM and the engine tell it."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from eventstore.models import Changeset
from eventstore.reading import last_position
from eventstore.types import Position
from projections.audit.auditing import audit
from projections.cache import topics
from projections.cache.cached import Made, cached
from projections.rebuild import rebuild
from tests.library.models import Book
from versioning import acting_as, branch_context, viewpoint
from versioning.branches import changes, privacy
from versioning.branches.fork import CannotBePrivate, NameTaken, fork
from versioning.branches.merge import merge, plan_merge
from versioning.branches.proposals import carry_out, propose
from versioning.branches.revert import CannotRevert, plan_revert
from versioning.branches.sync import sync
from versioning.entities.kinds import kind_of
from versioning.models import Branch, Proposal, ProposalPurpose
from versioning.viewpoints.chain import NoSuchBranch, resolve, resolve_number
from versioning.viewpoints.readers import reading_as
from versioning.viewpoints.versions import rows_in

pytestmark = pytest.mark.django_db

OWNER, MEMBER, STRANGER = 11, 12, 13


@pytest.fixture
def secret() -> Branch:
    """Emma is called otherwise on a private branch, which waits to be merged."""
    # main    1 (Emma) ── ─── 4 (500 pages)
    # secret     └─ 2 fork ── 3 (Emma?) ── 5 sync ── 6 proposal
    emma = Book.objects.create(slug="emma", title="Emma", pages=400)
    with acting_as(OWNER):
        branch = fork("secret", is_private=True, description="Not yet")
        with branch_context("secret", message="Doubt it"):
            mine = Book.objects.get()
            mine.title = "Emma?"
            mine.save()
        emma.pages = 500
        emma.save()
        sync(branch)
        privacy.invite(branch, MEMBER)
        propose(branch, ProposalPurpose.MERGE, "It is time")
    return Branch.objects.get(name="secret")


def seen() -> dict[str, Any]:
    """What the doors show of it to whoever reads."""
    rows = {label: rows_in(kind_of(model)) for label, model in _KINDS.items()}
    return {
        "branches": set(Branch.objects.values_list("name", flat=True)),
        "proposals": Proposal.objects.count(),
        "changesets": Changeset.objects.filter(branch__gt=0).count(),
        "of": set(Changeset.objects.values_list("branch", flat=True)),
        **{label: found.values_list("branch_number", "entity_id").count()
           for label, found in rows.items()},
    }  # fmt: skip


_KINDS: dict[str, Any] = {"books": Book, "branch rows": Branch, "proposal rows": Proposal}


def test_it_is_absent_for_whoever_is_no_member(secret: Branch) -> None:
    everything = seen()
    for account in (OWNER, MEMBER):
        with reading_as(account):
            assert seen() == everything
    others: tuple[int | None, ...] = (STRANGER, None)
    for other in others:
        with reading_as(other):
            shown = seen()
        assert shown["branches"] == {"main"}
        assert shown["proposals"] == shown["proposal rows"] == 0
        assert secret.number not in shown["of"]
        assert shown["branch rows"] == 1
        assert shown["books"] < everything["books"]


def refusal_of(branch: str | int, at: int | None) -> tuple[str, int]:
    """What says that there is no such branch, its name left out, and how many queries that took."""
    position = None if at is None else Position(at)
    with CaptureQueriesContext(connection) as queries, pytest.raises(NoSuchBranch) as refused:
        resolve(branch, position) if isinstance(branch, str) else resolve_number(branch, position)
    return str(refused.value).replace(repr(branch), ""), len(queries)


def test_no_name_and_no_number_leads_there(secret: Branch) -> None:
    with reading_as(STRANGER):
        for at in (None, 1, last_position()):
            assert refusal_of("secret", at) == refusal_of("absent", at)
            assert refusal_of(secret.number, at) == refusal_of(99, at)
        for act in (viewpoint, branch_context):
            with pytest.raises(NoSuchBranch), act("secret"):
                pass
    with reading_as(MEMBER), viewpoint("secret"):
        assert Book.objects.get().title == "Emma?"


def test_whether_it_is_private_now_decides_for_every_moment(secret: Branch) -> None:
    before = last_position()
    privacy.make_public(secret)
    with reading_as(STRANGER):
        assert resolve("secret", before).branch == secret.number
        with viewpoint("main", at=before):
            assert Branch.objects.filter(name="secret").exists()
    privacy.make_private(secret)
    public_then = Position(last_position() - 1)
    with reading_as(STRANGER):
        with pytest.raises(NoSuchBranch):
            resolve("secret", public_then)
        with viewpoint("main", at=public_then):
            assert not Branch.objects.filter(name="secret").exists()
            assert not Proposal.objects.exists()


def test_a_merge_tells_neither_the_branch_nor_what_was_said_there(secret: Branch) -> None:
    sealed = carry_out(Proposal.objects.select_related("branch", "branch__parent").get())
    with reading_as(STRANGER):
        told = Changeset.objects.get(pk=sealed.changeset)
        assert told.message == "Merge a branch into main"
        assert Changeset.objects.filter(pk__in=told.parents).count() == 1
        emma = Book.objects.get()
        assert emma.title == "Emma?"
        (blamed,) = emma.history.blame("title")
        assert blamed.changeset.pk == sealed.changeset
        assert blamed.merged_by is None
    with reading_as(MEMBER):
        (blamed,) = Book.objects.get().history.blame("title")
        assert blamed.changeset.message == "Doubt it"
        assert blamed.merged_by is not None
    assert audit(merges=True).findings == ()
    assert rebuild().mended == 0


def test_what_others_decide_does_not_depend_on_who_reads(secret: Branch) -> None:
    fork("open")
    with branch_context("open"):
        book = Book.objects.get()
        book.text = "A novel.\n"
        book.save()
    merge(secret)
    with reading_as(STRANGER):
        shared = Branch.objects.get(name="open")
        planned = plan_merge(shared)
        assert not planned.plan.conflicts
        merge(shared)
        assert Book.objects.get().text == "A novel.\n"
        assert propose(shared, ProposalPurpose.MERGE).number == 2
    assert audit(merges=True).findings == ()


def test_its_changesets_are_reverted_by_nobody_else(secret: Branch) -> None:
    edit = Changeset.objects.get(recorded_message="Doubt it")
    with reading_as(STRANGER), pytest.raises(CannotRevert) as refused:
        plan_revert([edit.pk])
    with reading_as(STRANGER), pytest.raises(CannotRevert) as other:
        plan_revert([999])
    assert str(refused.value) == str(other.value)
    with reading_as(MEMBER):
        assert plan_revert([edit.pk]).changesets == (edit.pk,)


def test_its_name_says_what_any_name_of_another_use_says(secret: Branch) -> None:
    public = fork("public")
    with reading_as(STRANGER):
        told = []
        for name in ("secret", "compare"):
            with pytest.raises(ValidationError) as refused:
                fork(name)
            told.append(refused.value.messages[0].replace(name, ""))
            with pytest.raises(ValidationError) as refused:
                changes.rename(public, name)
            told.append(refused.value.messages[0].replace(name, ""))
        assert len(set(told)) == 1
    with reading_as(MEMBER), pytest.raises(NameTaken):
        fork("secret")


def test_what_is_forked_from_it_is_private_and_follows_its_members(secret: Branch) -> None:
    with acting_as(MEMBER), reading_as(MEMBER):
        child = fork("child", parent="secret")
        grandchild = fork("grandchild", parent="child")
    assert (child.is_private, child.member_ids) == (True, [OWNER, MEMBER])
    with pytest.raises(privacy.CannotBePublic):
        privacy.make_public(child)
    with pytest.raises(privacy.MembersRefused):
        privacy.invite(child, STRANGER)
    privacy.invite(secret, STRANGER)
    privacy.remove(secret, MEMBER)
    for branch in (secret, child, grandchild):
        branch.refresh_from_db()
        assert branch.member_ids == [OWNER, STRANGER]
    privacy.make_public(secret)
    with reading_as(None):
        assert set(Branch.objects.values_list("name", flat=True)) == {"main", "secret"}


def test_what_everybody_reads_elsewhere_is_not_made_private(secret: Branch) -> None:
    with acting_as(OWNER):
        merged, forked, owned = fork("merged"), fork("forked"), fork("owned")
        fork("of-forked", parent="forked")
        with branch_context("merged"):
            Book.objects.create(slug="persuasion", title="Persuasion")
        merge(merged)
    ownerless = fork("ownerless")
    main = Branch.objects.get(name="main")
    for branch in (main, Branch.objects.get(name="merged"), forked, ownerless):
        with pytest.raises(CannotBePrivate):
            privacy.make_private(branch)
    with pytest.raises(CannotBePrivate):
        fork("nobodys", is_private=True)
    privacy.make_private(owned)
    assert owned.member_ids == [OWNER]


def test_its_owner_stays_a_member_and_a_member_may_leave(secret: Branch) -> None:
    with pytest.raises(privacy.MembersRefused):
        privacy.remove(secret, OWNER)
    before = last_position()
    privacy.invite(secret, MEMBER)
    assert last_position() == before  # who is one is not invited again
    with reading_as(MEMBER):
        privacy.remove(secret, MEMBER)
        assert not Branch.objects.filter(name="secret").exists()
    with pytest.raises(privacy.MembersRefused):
        privacy.invite(fork("public"), MEMBER)


def test_to_ask_who_reads_asks_nothing_where_no_branch_is_read() -> None:
    def asked() -> int:
        raise AssertionError("nobody may ask")

    with reading_as(asked), CaptureQueriesContext(connection) as queries:
        list(Book.objects.all())
        resolve("main")
    assert len(queries) == 1


def test_what_is_cached_is_made_as_for_nobody(secret: Branch) -> None:
    def names() -> Made:
        return Made(" ".join(Branch.objects.values_list("name", flat=True)), [topics.ANYTHING])

    with reading_as(MEMBER):
        assert cached(("branches", str(last_position())), names) == "main"
        with viewpoint("secret"):
            told = cached(("branches", str(last_position())), names)
    assert set(told.split()) == {"main", "secret"}


def test_what_is_cached_stays_so_whoever_reads_in_between(secret: Branch) -> None:
    made: list[str] = []

    def make() -> Made:
        made.append("again")
        return Made("", [topics.ANYTHING])

    readers: tuple[int | None, ...] = (MEMBER, STRANGER, None, MEMBER)
    for reader in readers:
        with reading_as(reader):
            cached(("kept", str(last_position())), make)
    assert made == ["again"]
