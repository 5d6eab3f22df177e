"""Versions say who recorded them, when and why, in few queries; two of them are compared."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ObjectDoesNotExist
from django.test.utils import CaptureQueriesContext

from eventstore import reading
from tests.library.models import Author, Book
from tests.threads import at_once
from versioning import acting_as, branch_context, viewpoint
from versioning.branches.fork import fork
from versioning.branches.preview import merge_preview
from versioning.branches.proposals import propose
from versioning.entities.kinds import kind_of
from versioning.history import History
from versioning.models import Branch, Proposal, ProposalPurpose
from versioning.viewpoints.chain import HEAD_OF_MAIN

pytestmark = pytest.mark.django_db


@pytest.fixture
def emma() -> Book:
    return Book.objects.create(slug="emma", title="Emma")


def test_a_version_says_who_when_and_why(emma: Book) -> None:
    anna = User.objects.create(username="anna")
    with acting_as(anna.pk), branch_context(message="Say more"):
        emma.pages = 474
        emma.save()
    newest, first = emma.history.all()
    last = reading.changeset_at(reading.last_position())
    assert last is not None
    assert (newest.changeset, newest.recorded_at) == (last, last.recorded_at)
    assert (newest.actor, newest.actor_id, newest.message) == (anna, anna.pk, "Say more")
    assert (first.actor, first.actor_id, first.message) == (None, None, "")
    assert first.recorded_at < newest.recorded_at


def test_an_account_that_is_gone_leaves_its_key(emma: Book) -> None:
    with acting_as(77):
        emma.delete()
    (newest, _) = Book.history.of(emma.pk).all()
    assert (newest.deleted, newest.actor, newest.actor_id) == (True, None, 77)


@pytest.mark.parametrize("count", [3, 100])
def test_a_list_of_versions_costs_four_queries(
    emma: Book, count: int, django_assert_num_queries: CaptureQueriesContext
) -> None:
    accounts = [User.objects.create(username=name) for name in ("anna", "bert")]
    for number in range(count - 1):
        with acting_as(accounts[number % 2].pk):
            emma.pages = number
            emma.save()
    with django_assert_num_queries(4):  # type: ignore[operator]  # a factory, by its fixture
        told = [
            (version.recorded_at, version.actor, version.message, version.changeset)
            for version in emma.history.all()
        ]
    assert len(told) == count
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len(list(emma.history.all())) == count


def test_a_field_of_the_name_is_meant(emma: Book) -> None:
    fork("spring")
    with branch_context("spring"):
        Book.objects.update(title="Emma II")
    with acting_as(5):
        propose(Branch.objects.get(name="spring"), ProposalPurpose.MERGE, "A better title")
    versions = History(kind_of(Proposal), Proposal.objects.get().pk, HEAD_OF_MAIN)
    (version,) = versions.all()
    assert version.message == "A better title"
    assert version.changeset.message != "A better title"


def create_in_another_thread(_: int) -> None:
    with branch_context():
        Author.objects.create(name="Whoever is faster")


@pytest.mark.django_db(transaction=True)
def test_what_a_merge_would_make_has_no_changeset(emma: Book) -> None:
    fork("spring")
    with branch_context("spring"):
        Book.objects.update(title="Emma II")
    with merge_preview(Branch.objects.select_related("parent").get(name="spring")):
        newest = Book.objects.get().history.all()[0]
        at_once(1, create_in_another_thread)
        assert newest.title == "Emma II"
        assert (newest.changeset, newest.recorded_at, newest.message) == (None, None, "")
        assert (newest.actor, newest.actor_id) == (None, None)


def test_the_class_has_the_versions_of_all(emma: Book) -> None:
    before = reading.last_position()
    persuasion = Book.objects.create(slug="persuasion", title="Persuasion")
    Author.objects.create(name="Jane Austen")
    emma.pages = 474
    emma.save()
    persuasion.delete()
    after = reading.last_position()
    told = [(version.title, version.version) for version in Book.history.all()]
    assert told == [("Persuasion", 2), ("Emma", 2), ("Persuasion", 1), ("Emma", 1)]
    between = Book.history.between(before, after - 1)
    assert [version.title for version in between] == ["Emma", "Persuasion"]
    with viewpoint("main", at=before):
        assert [version.title for version in Book.history.all()] == ["Emma"]
    assert not Author.history.of(uuid4()).all()


def test_the_class_shows_a_branch_what_it_inherits(emma: Book) -> None:
    fork("spring")
    with branch_context("spring"):
        Book.objects.update(title="Emma of spring")
    emma.title = "Emma of main"
    emma.save()
    with viewpoint("spring"):
        assert [version.title for version in Book.history.all()] == ["Emma of spring", "Emma"]


def test_two_versions_are_compared(emma: Book) -> None:
    emma.title, emma.pages = "Emma II", 474
    emma.save()
    emma.delete()
    history = Book.history.of(emma.pk)
    difference = history.diff(1, 2)
    assert difference.changes == {"title": ("Emma", "Emma II"), "pages": (None, 474)}
    newest, second, _ = history.all()
    assert history.diff(second, 1).changes["title"] == ("Emma II", "Emma")
    assert history.diff(1, 1).changes == {}
    gone = history.diff(second, newest)
    assert gone.labels == ["deleted"]
    assert gone.changes["title"] == ("Emma II", None)
    with pytest.raises(ObjectDoesNotExist, match="no version 9 of this book"):
        history.diff(1, 9)
    other = Book.objects.create(slug="persuasion", title="Persuasion")
    with pytest.raises(ValueError, match="of another book"):
        history.diff(1, other.history.all()[0])
