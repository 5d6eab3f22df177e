"""A plan knows what the wiki would refuse of it; it asks again once something was answered."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.library.models import Book
from versioning import branch_context
from versioning.branches.fork import fork
from versioning.branches.merge import plan_merge
from versioning.branches.plans import Plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan() -> Plan:
    """Of the merge of a branch that calls a book otherwise than main does."""
    Book.objects.create(slug="persuasion", title="Persuasion")
    emma = Book.objects.create(slug="emma", title="Emma")
    side = fork("side")
    with branch_context("side"):
        Book.objects.filter(pk=emma.pk).update(slug="emma-1815")
    Book.objects.filter(pk=emma.pk).update(slug="emma-novel")
    return plan_merge(side).plan


def test_nothing_is_asked_again_before_an_answer(plan: Plan) -> None:
    with CaptureQueriesContext(connection) as asked:
        resolved = plan.resolved({})
    assert len(asked) == 0
    assert resolved.conflicts == plan.conflicts != []


def test_what_an_answer_makes_is_checked(plan: Plan) -> None:
    (conflict,) = plan.conflicts
    good, doubled = (
        plan.resolved({conflict.key: conflict.resolution(slug)}) for slug in ("emma", "persuasion")
    )
    assert good.conflicts == []
    assert [each.conflict.type for each in doubled.conflicts] == ["unique"]
