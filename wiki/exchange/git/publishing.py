"""Show what was recorded aside: in one transaction, with what it came to merged into the target.

What others wait for grows with the pages that HEAD has, and not with their history.
"""

from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction

from eventstore import log
from eventstore.busy import holding_without_end
from versioning.branches import aside
from versioning.branches.conflicts import EntityConflict, Resolutions
from versioning.branches.fork import members_of_fork
from versioning.branches.merge import MergePlan, merge, plan_merge
from versioning.events import MAIN
from versioning.models import Branch
from versioning.saving.context import require_open
from versioning.viewpoints.chain import Viewpoint, resolve_number
from versioning.viewpoints.entering import entered
from wiki.exchange.git.addresses import address_beside
from wiki.kinds.articles import Article


def publish(head: int, numbers: Sequence[int], target: int, message: str) -> None:
    """Show branches, by their numbers, and merge HEAD's into the one that it was forked from.

    Raises BranchIsClosed (if that was archived meanwhile), UnresolvedConflicts.
    """
    source = Branch.every.get(number=head)
    planned = plan_merge(source)
    with transaction.atomic(), holding_without_end():
        log.lock()
        into = resolve_number(target)
        require_open(into)
        if planned.plan.target.guard != into.guard:  # it was synced or renamed meanwhile
            planned = plan_merge(source)
        branches = Branch.every.filter(number__in=numbers).order_by("number")
        aside.show(list(branches), _members_of(target), f"Show {source.name}")
        source.refresh_from_db()
        planned = _checked(planned)
        merge(source, message=message, planned=planned, resolutions=_answers(planned))


def _members_of(number: int) -> list[int] | None:
    """Who sees what is forked from a branch; None for everybody."""
    above = None if number == MAIN else Branch.every.get(number=number)
    return members_of_fork(above, is_private=False)


def _checked(planned: MergePlan) -> MergePlan:
    """The plan with what came to be in its way since it was made."""
    plan = planned.plan
    return replace(planned, plan=plan.checked_again()) if plan.is_overtaken() else planned


def _answers(planned: MergePlan) -> Resolutions:
    """Another address for each page whose own was taken by people meanwhile.

    A rule, because nobody is there to be asked: theirs stays, as it would have at the beginning.
    """
    imported = {plan.entity for plan in planned.plan.entities}
    doubled = [
        each
        for each in planned.plan.conflicts
        # It is asked of both pages, and one answer is enough.
        if each.conflict.path == "slug" and each.entity in imported
    ]
    occupied = _addresses_at(planned.plan.target) if doubled else set()
    return {each.key: each.resolution(_other_address(each, occupied)) for each in doubled}


def _addresses_at(target: Viewpoint) -> set[str]:
    with entered(target):
        return set(Article.objects.values_list("slug", flat=True))


def _other_address(conflict: EntityConflict, occupied: set[str]) -> str:
    _, page_id = conflict.entity
    return address_beside(occupied, str(conflict.conflict.theirs), page_id)
