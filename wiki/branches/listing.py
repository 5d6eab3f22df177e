"""Branches as a list tells of them: whose, how old, and what waits."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Func, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Greatest

from eventstore.models import Changeset
from versioning.models import Branch, Proposal, ProposalState
from wiki.accounts.names import names_of


@dataclass(frozen=True)
class Backlog:
    """The open proposals of a branch, and the questions of theirs that have no answer.

    The questions are those that were there when it was proposed. What would be asked of a branch
    that nobody proposed takes a plan of its merge, which is too dear for a list.
    """

    proposals: int = 0
    questions: int = 0


@dataclass(frozen=True)
class ListedBranch:
    """A branch, its author's name, when it began and was written last, and what waits."""

    branch: Branch
    owner: str
    began: datetime | None
    written: datetime | None
    backlog: Backlog


def listed_branches(branches: "QuerySet[Branch]", most: int) -> list[ListedBranch]:
    """The newest of some branches. Cost: three queries, whatever their histories."""
    written = Changeset.every.filter(branch=OuterRef("number"))
    found: list[Any] = list(
        branches.select_related("parent")
        .annotate(
            began=_recorded_at(written.order_by("last_position")),
            written=_recorded_at(written.order_by("-last_position")),
        )
        .order_by("-number")[:most]
    )
    owners = names_of(each.owner_id for each in found)
    backlogs = _backlogs(each.pk for each in found)
    return [
        ListedBranch(
            each,
            owners.get(each.owner_id, ""),
            each.began if each.parent_id is not None else None,
            each.written,
            backlogs.get(each.pk, Backlog()),
        )
        for each in found
    ]


def _recorded_at(changesets: "QuerySet[Changeset]") -> Subquery:
    return Subquery(changesets.values("recorded_at")[:1])


def _backlogs(branch_ids: Iterable[Any]) -> dict[Any, Backlog]:
    """What waits, by branch. Cost: a query, which counts in the database."""
    asked = Func(F("conflicts"), function="jsonb_array_length", output_field=IntegerField())
    answers = Func(F("resolutions"), function="jsonb_object_keys")
    counted = (
        Proposal.objects.filter(branch__in=list(branch_ids), state=ProposalState.OPEN)
        .annotate(asked=asked, answered=_number_of(answers))
        .values_list("branch_id", Greatest(F("asked") - F("answered"), 0))
    )
    waiting: defaultdict[Any, list[int]] = defaultdict(list)
    for branch_id, questions in counted:
        waiting[branch_id].append(questions)
    return {key: Backlog(len(each), sum(each)) for key, each in waiting.items()}


def _number_of(rows: Func) -> Func:
    """The number of rows that a function gives."""
    return Func(
        rows,
        template="(SELECT count(*) FROM %(expressions)s)",
        output_field=IntegerField(),
    )
