"""Look at a merge before it is made: a viewpoint of the would-be result.

The plan's rows are written under a branch number of their own, in a
transaction that is rolled back; every page, list and search then reads them
as it reads any branch.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from random import randint

from django.db import transaction

from eventstore import reading
from eventstore.types import Position
from versioning.branches.merge import plan_merge
from versioning.entities.tables import LATEST
from versioning.models import Branch
from versioning.saving import writing
from versioning.viewpoints.chain import NestedTooDeep, Viewpoint
from versioning.viewpoints.entering import entered
from versioning.viewpoints.names import merge_name
from versioning.viewpoints.sql_views import LONGEST_CHAIN


@contextmanager
def merge_preview(branch: Branch) -> Iterator[Viewpoint]:
    """Every query inside reads the parent as merging the branch would leave it.

    What is in conflict shows what the parent has now; a page that the parent does not have is
    not there. Cost: what the branch touched. Raises NotABranch, NestedTooDeep.
    """
    planned = plan_merge(branch)
    target = planned.plan.target
    # Of its own: previews that run at the same time must not wait for each other's rows.
    number = -randint(1_000, 2**31 - 1)  # noqa: S311  # no secret
    seen = Viewpoint(
        number,
        merge_name(target.name, branch.name),
        None,
        ((number, Position(LATEST)), *target.chain),
        is_open=False,
    )
    if len(seen.chain) > LONGEST_CHAIN:
        raise NestedTooDeep(f"{target.name} has too many ancestors for a preview.")
    entities = planned.plan.without_conflicts()
    changes = [change for e in entities if (change := e.change(number)) is not None]
    with transaction.atomic():
        writing.show(changes, Position(reading.last_position() + 1))
        try:
            with entered(seen):
                yield seen
        finally:
            transaction.set_rollback(True)
